// A phone with Microsoft Authenticator on it, made of code: what it shows is a snapshot, what a person can do are its verbs.
// It talks HTTP like the real one and knows nothing of the twin.

export interface PhoneAccount {
  readonly upn: string;
  readonly tenantName: string;
  /** Passwordless phone sign-in is on for this account. */
  readonly phoneSignIn: boolean;
}

export type PhoneNotice =
  /** The picture or text held no activation code of ours. */
  | 'noCodeSeen'
  /** The code was refused: used, expired or unknown. */
  | 'codeRefused'
  | 'registered'
  | 'signInRefused'
  | 'signInOn'
  | 'approved'
  | 'numberWrong'
  | 'denied'
  /** The request ran out before it was answered. */
  | 'requestExpired'
  | 'unreachable';

export interface PhoneRequest {
  /** `test`: the one that My Security Info sends to try the phone out. */
  readonly kind: 'test' | 'signIn';
  readonly upn: string;
  readonly tenantName: string;
  readonly expiresAtMs: number;
}

export type PhoneScreen =
  /** The list of accounts. */
  | 'home'
  | 'scanner'
  /** A sign-in form: user name and pass. `PhoneSnapshot.signIn` says what for. */
  | 'signIn'
  | 'working'
  /** "Are you trying to sign in?": enter the number, or deny. */
  | 'approve';

/** Plain data for drawing; never a pass, a token or a number typed. */
export interface PhoneSnapshot {
  readonly screen: PhoneScreen;
  readonly accounts: readonly PhoneAccount[];
  readonly request: PhoneRequest | null;
  /** Why the sign-in form is there. `upn` is filled in where the account is known. */
  readonly signIn: { readonly purpose: 'addAccount' | 'phoneSignIn'; readonly upn: string | null } | null;
  readonly notice: PhoneNotice | null;
  /** Goes with `signInRefused`: the AADSTS number, where the page gave one. */
  readonly noticeCode: number | null;
}

export type PhoneOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly because: 'notPossibleNow' | 'passNeeded' | PhoneNotice; readonly aadsts?: number };

export interface PhoneOptions {
  readonly http: (request: Request) => Promise<Response>;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly deviceName?: string;
  readonly platform?: 'android' | 'ios';
  readonly appVersion?: string;
  /** BCP 47; the sign-in pages follow it. */
  readonly language?: string;
}

export interface Phone {
  snapshot(): PhoneSnapshot;
  /** Called after every change; the result stops it. */
  subscribe(listener: (snapshot: PhoneSnapshot) => void): () => void;

  /** Home: add account, scan. */
  openScanner(): PhoneOutcome;
  /** The camera saw `text`, or nothing it could read. Registers the account for approvals. */
  scan(text: string | null): Promise<PhoneOutcome>;
  /** Home: add account, work or school, sign in. */
  addWorkAccount(): PhoneOutcome;
  /**
   * Account: set up phone sign-in. With a fresh sign-in of its own the phone goes ahead; otherwise the outcome is
   * `passNeeded` and the sign-in form is open.
   */
  setUpPhoneSignIn(upn: string): Promise<PhoneOutcome>;
  /** Fills in the sign-in form. A one-time pass is spent by this. */
  signIn(form: { readonly upn: string; readonly pass: string }): Promise<PhoneOutcome>;

  /**
   * Asks for notifications once; on `home` and `approve` only. A request that came in opens `approve`; one that ran out or
   * was taken back closes it.
   */
  checkNotifications(): Promise<PhoneOutcome>;
  approve(number: string): Promise<PhoneOutcome>;
  deny(): Promise<PhoneOutcome>;
  /** Back to the list of accounts, leaving forms; a request that still waits comes back with the next check. */
  home(): void;
  /** A phone out of its box: accounts gone here, not at Microsoft. */
  erase(): void;
}
