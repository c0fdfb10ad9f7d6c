// Who is signed in: browser sessions, authorization codes and refresh tokens, and how long each still counts.
import { ONE_TIME_PASS_WINDOW_MINUTES, type SignInPolicy } from '../tenant-policy.ts';
import type { ServerTime, User } from './directory.ts';
import { randomGuid, randomToken, type RandomBytes } from './random-text.ts';

/** One completed sign-in. What follows from it (tokens, the browser's session) ends with the pass it was done with. */
export interface SignInSession {
  /** Public: tokens carry it as `sid`. */
  readonly id: string;
  /** Secret: the browser's proof. */
  readonly cookie: string;
  readonly userId: string;
  readonly way: 'accessPass' | 'phoneSignIn' | 'securityKey';
  readonly oneTimePass: boolean;
  /** Of the security key. */
  readonly aaguid: string | null;
  readonly signedInAtMs: number;
  /** Wall time; null for sign-ins that are not bound to a pass. */
  readonly endsAtMs: number | null;
}

export interface AuthorizationGrant {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly nonce: string | null;
  readonly codeChallenge: { readonly value: string; readonly method: 'S256' | 'plain' } | null;
  readonly freshMfaAsked: boolean;
  /** The client said it understands claims challenges (`xms_cc` CP1). */
  readonly challengesUnderstood: boolean;
  readonly session: SignInSession;
}

interface IssuedCode {
  readonly grant: AuthorizationGrant;
  readonly expiresAtNowMs: number;
  redeemed: boolean;
}

/** Microsoft identity platform, authorization code flow: codes live about ten minutes. */
const CODE_LIFETIME_MS = 10 * 60_000;
/** Spent codes and ended sessions are remembered this long, to be named rightly when they come back. */
const MEMORY_MS = 24 * 60 * 60_000;

export class SignIns {
  readonly #time: ServerTime;
  readonly #randomBytes: RandomBytes;
  readonly #sessions = new Map<string, SignInSession>();
  readonly #signedOut = new Set<string>();
  readonly #codes = new Map<string, IssuedCode>();
  readonly #refreshTokens = new Map<string, AuthorizationGrant>();

  constructor(time: ServerTime, randomBytes: RandomBytes) {
    this.#time = time;
    this.#randomBytes = randomBytes;
  }

  clear(): void {
    this.#sessions.clear();
    this.#signedOut.clear();
    this.#codes.clear();
    this.#refreshTokens.clear();
  }

  /** Records a sign-in that has just succeeded. */
  start(user: User, way: SignInSession['way'], aaguid: string | null = null): SignInSession {
    this.#forgetOld();
    const pass = way === 'accessPass' ? user.pass : null;
    const session: SignInSession = {
      id: randomGuid(this.#randomBytes),
      cookie: randomToken(this.#randomBytes, 48),
      userId: user.objectId,
      way,
      oneTimePass: pass?.isUsableOnce ?? false,
      aaguid,
      signedInAtMs: this.#time.wallMs(),
      endsAtMs: pass?.endsAtMs ?? null,
    };
    this.#sessions.set(session.id, session);
    return session;
  }

  find(sessionId: string): SignInSession | null {
    return this.#sessions.get(sessionId) ?? null;
  }

  findByCookie(cookie: string): SignInSession | null {
    const session = [...this.#sessions.values()].find((candidate) => candidate.cookie === cookie);
    return session && !this.#signedOut.has(session.id) ? session : null;
  }

  /** Signing out ends the browser's session; tokens already handed out stay good until they expire. */
  end(session: SignInSession): void {
    this.#signedOut.add(session.id);
  }

  hasEnded(session: SignInSession): boolean {
    return session.endsAtMs !== null && this.#time.wallMs() >= session.endsAtMs;
  }

  /**
   * Whether this sign-in may still change the person's own methods: `stale` can be cured by signing in again,
   * `windowOver` can't, because a one-time pass opens one window only.
   */
  mayManageMethods(session: SignInSession, policy: SignInPolicy): 'yes' | 'stale' | 'windowOver' {
    const ageMs = this.#time.wallMs() - session.signedInAtMs;
    if (session.oneTimePass && ageMs > ONE_TIME_PASS_WINDOW_MINUTES * 60_000) return 'windowOver';
    if (policy.freshSignInMinutes !== null && ageMs > policy.freshSignInMinutes * 60_000) return 'stale';
    return 'yes';
  }

  issueCode(grant: AuthorizationGrant): string {
    const code = `1.${randomToken(this.#randomBytes, 48)}`;
    this.#codes.set(code, { grant, expiresAtNowMs: this.#time.nowMs() + CODE_LIFETIME_MS, redeemed: false });
    return code;
  }

  /** A code works once. */
  takeCode(code: string): { readonly grant: AuthorizationGrant } | 'unknown' | 'expired' | 'redeemed' {
    const issued = this.#codes.get(code);
    if (!issued) return 'unknown';
    if (issued.redeemed) return 'redeemed';
    if (this.#time.nowMs() >= issued.expiresAtNowMs) return 'expired';
    issued.redeemed = true;
    return { grant: issued.grant };
  }

  issueRefreshToken(grant: AuthorizationGrant): string {
    const token = `1.${randomToken(this.#randomBytes, 64)}`;
    this.#refreshTokens.set(token, grant);
    return token;
  }

  grantOfRefreshToken(token: string): AuthorizationGrant | null {
    return this.#refreshTokens.get(token) ?? null;
  }

  /** A training desk runs for weeks. */
  #forgetOld(): void {
    const wallMs = this.#time.wallMs();
    const isOld = (session: SignInSession): boolean => wallMs - session.signedInAtMs > MEMORY_MS;
    for (const [id, session] of this.#sessions) {
      if (!isOld(session)) continue;
      this.#sessions.delete(id);
      this.#signedOut.delete(id);
    }
    for (const [code, { grant }] of this.#codes) if (isOld(grant.session)) this.#codes.delete(code);
    for (const [token, grant] of this.#refreshTokens) if (isOld(grant.session)) this.#refreshTokens.delete(token);
  }
}
