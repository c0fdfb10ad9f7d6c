// Everything a screen may know: small, whole, without secrets. Times are wall-clock epoch milliseconds (`…AtMs`).
import type { Foretold, ForetoldCode } from './foretold.ts';
import type { Device, IntentType, Language, PassUse, TextSize } from './intent.ts';
import type { Reason } from './reason.ts';

export type World = 'training' | 'rehearsal' | 'field';

export type StopId = 'plan' | 'signIn' | 'key' | 'prove' | 'phone' | 'done';
export type StopState = 'done' | 'now' | 'ahead' | 'skipped';
export interface Stop {
  readonly id: StopId;
  readonly state: StopState;
}

/** A stop as the plan foretells it. */
export interface RouteStop {
  readonly id: Exclude<StopId, 'plan' | 'done'>;
  readonly minutes: number;
}

/** What the pass is still good for on one of the person's devices; what opens it next follows from the ways they have. */
export interface DeviceAfter {
  readonly device: Device;
  /** `strands`: the device asks for the pass again after its own restart, when a one-time pass is spent. */
  readonly pass: 'strands' | 'worksUntilItEnds' | 'notNeeded';
}

export type KeyPlug = 'usb-a' | 'usb-c' | 'unknown';

/** What a person may see of the key that is plugged in. */
export interface KeyFace {
  readonly model: string;
  readonly plug: KeyPlug;
}

export type PinRuleId = 'length' | 'notGuessable' | 'sameTwice';
export interface PinRule {
  readonly id: PinRuleId;
  /** `open`: nothing typed that decides it yet. */
  readonly state: 'open' | 'met' | 'broken';
}

export interface Tries {
  readonly left: number;
  readonly of: number;
}

/** Which of the things on Microsoft's page comes next. */
export type SignInStep = 'name' | 'pass' | 'key' | 'approve' | 'choose' | 'password' | 'elsewhere' | 'stay' | 'finishing';

/** How a key comes into the directory; the first two with the person's own rights. */
export type RegistrationRoute = 'self' | 'portal' | 'technician' | 'station';

/** A route that can't serve, and why. */
export interface RouteRefusal {
  readonly route: RegistrationRoute;
  readonly reason: Reason;
}

export type RowState = 'notStarted' | 'waiting' | 'done' | 'skipped';

/** `notFirst`: on, but Microsoft asks for an older second factor before it. `notOpen`: the tenant does not let this person have it. */
export type PhoneNote = 'notFirst' | 'notOpen';

/** `earlierKey`: one that the person had before, and signed in with. */
export type WayIn = 'securityKey' | 'secondKey' | 'phoneSignIn' | 'earlierKey';

/** An account on a key as a chooser shows it: text that anybody may have written, cut to the length it is kept in. */
export interface AccountShown {
  readonly name: string | null;
  readonly displayName: string | null;
}

export type Screen =
  | { readonly kind: 'attract' }
  | {
      readonly kind: 'plan';
      readonly devices: readonly Device[];
      readonly passUse: PassUse | null;
      readonly route: readonly RouteStop[];
      /** What the desk sees coming, beside what would stop the person: that has a screen of its own. */
      readonly notes: readonly Foretold[];
      /** What another order of these stops would meet: why the route is not laid that way. */
      readonly avoids: readonly ForetoldCode[];
    }
  /** The desk is not where it should be: nobody is asked for a pass here. */
  | { readonly kind: 'gate'; readonly reason: Reason; readonly state: 'told' | 'looking' }
  /** As things are, going on would fail; said before a pass is spent on it. */
  | {
      readonly kind: 'foretold';
      readonly foretold: readonly Foretold[];
      readonly state: 'told' | 'looking';
      /** Nobody has signed in: the pass is as good as before. */
      readonly passKept: boolean;
      /** True where this person may be an exception that can't be seen yet. */
      readonly mayTryAnyway: boolean;
    }
  | { readonly kind: 'phoneFirst'; readonly phones: readonly ('iphone' | 'android')[]; readonly storeCodes: readonly StoreCode[] }
  | {
      readonly kind: 'signIn';
      readonly step: SignInStep;
      /** The sentence the desk adds when Microsoft's page refused something. */
      readonly notice: Reason | null;
      readonly withPhone: boolean;
      readonly keyboard: boolean;
    }
  | { readonly kind: 'insertKey'; readonly second: boolean; readonly notice: Reason | null; readonly litPorts: boolean }
  | {
      readonly kind: 'chooseKey';
      /** `prove`: which of them is the one that was just set up. */
      readonly purpose: 'setUp' | 'signIn' | 'prove';
      readonly second: boolean;
      /** The one that was meant has left, and one other is there. */
      readonly alone: boolean;
      /** `preparing`: none blinks yet; `waiting`: touch the one that is meant; `unanswered`: they stopped asking. */
      readonly state: 'preparing' | 'waiting' | 'unanswered';
      readonly notice: Reason | null;
    }
  | { readonly kind: 'checkingKey'; readonly second: boolean }
  | {
      readonly kind: 'keyReady';
      readonly key: KeyFace;
      readonly pin: 'none' | 'set' | 'mustChange';
      readonly minPinLength: number;
    }
  | { readonly kind: 'keyRefused'; readonly key: KeyFace | null; readonly reason: Reason }
  | {
      readonly kind: 'pin';
      /** `old` asks for the PIN that must be replaced; `choose` and `again` make a new one; `enter` opens the key. */
      readonly ask: 'choose' | 'again' | 'enter' | 'old';
      readonly count: number;
      readonly minLength: number;
      readonly maxLength: number;
      readonly rules: readonly PinRule[];
      readonly ready: boolean;
      readonly tries: Tries | null;
      readonly notice: Reason | PinNotice | null;
    }
  | { readonly kind: 'pinLastTry'; readonly key: KeyFace }
  | { readonly kind: 'replugKey'; readonly reason: Reason; readonly step: 'takeOut' | 'plugIn' }
  | { readonly kind: 'savingPin'; readonly key: KeyFace }
  | {
      readonly kind: 'touch';
      readonly purpose: 'genuine' | 'make' | 'prove' | 'signIn';
      /** `preparing`: not blinking yet; `waiting`: touch now; `touched`: the finger was felt. */
      readonly state: 'preparing' | 'waiting' | 'touched';
      readonly key: KeyFace;
      readonly notice: Reason | null;
    }
  | {
      /** Microsoft's own page for adding a key, with a guide beside it. */
      readonly kind: 'portal';
      /** `add`: up to the touch. `save`: the key is made, the page still has to keep it. */
      readonly step: 'add' | 'save';
      /** Why the way before this one does not serve; null where this is the first. */
      readonly instead: Reason | null;
      readonly notice: Reason | null;
      readonly keyboard: boolean;
      /** The desk can't read whether the key is saved: the person says what the page says. */
      readonly untold: boolean;
    }
  /** Other people have accounts on the key that is to be set up. */
  | { readonly kind: 'sharedKey'; readonly key: KeyFace; readonly others: number }
  /** Several people's accounts are on the key that signs in; told after its PIN only. */
  | {
      readonly kind: 'chooseAccount';
      readonly accounts: readonly AccountShown[];
      /** The chosen one's place in the list, while the page gets its answer. */
      readonly chosen: number | null;
    }
  /** No way of registering serves this person here; what each of them says is for the technician. */
  | { readonly kind: 'noRoute'; readonly refusals: readonly RouteRefusal[] }
  | {
      readonly kind: 'saving';
      readonly state: 'sending' | 'checking' | 'tidying';
      readonly key: KeyFace;
      readonly notice: Reason | null;
    }
  | {
      readonly kind: 'works';
      readonly key: KeyFace;
      readonly savedAtMs: number;
      readonly pinSetHere: boolean;
      readonly keysDone: number;
      readonly phoneNext: boolean;
    }
  | { readonly kind: 'phoneApp'; readonly storeCodes: readonly StoreCode[] }
  | {
      readonly kind: 'phone';
      /** `code`: Microsoft's page with its QR; `inApp`: the pass is typed on the phone. */
      readonly way: 'code' | 'inApp';
      readonly registered: RowState;
      readonly registeredAtMs: number | null;
      readonly phoneName: string | null;
      readonly signInOn: RowState;
      readonly notice: Reason | null;
      /** Whether the pass can still be typed a second time. */
      readonly inAppPossible: boolean;
    }
  | { readonly kind: 'finishing' }
  | {
      readonly kind: 'done';
      readonly firstName: string | null;
      readonly ways: readonly { readonly way: WayIn; readonly atMs: number }[];
      readonly after: readonly DeviceAfter[];
      readonly phoneNote: PhoneNote | null;
      readonly pass: PassEnd;
      readonly printing: 'offered' | 'busy' | 'printed' | 'impossible';
    }
  | { readonly kind: 'trouble'; readonly reason: Reason; readonly during: StopId }
  | { readonly kind: 'interrupted'; readonly findings: readonly Finding[] }
  | { readonly kind: 'wiping' }
  | { readonly kind: 'closed'; readonly reason: Reason; readonly contact: string };

export type ScreenKind = Screen['kind'];
export type ScreenOf<K extends ScreenKind> = Extract<Screen, { kind: K }>;

/** Something the desk itself noticed about a chosen PIN. */
export interface PinNotice {
  readonly code: 'pin.tooShort' | 'pin.tooLong' | 'pin.guessable' | 'pin.differs' | 'pin.sameAsOld' | 'pin.symbolNotAllowed';
}

export interface StoreCode {
  readonly store: 'apple' | 'google';
  readonly url: string;
}

/** What became of the pass: only what the directory confirmed. */
export type PassEnd =
  | { readonly kind: 'deleted' }
  | { readonly kind: 'endsAt'; readonly atMs: number }
  | { readonly kind: 'usedUp' }
  | { readonly kind: 'unknown' };

/** What a stay that was cut off may have left behind, read from the journal. */
export interface Finding {
  readonly code:
    | 'stayCutOff'
    | 'pinMayBeSet'
    | 'keyMayHoldAccount'
    | 'keyMadeNotSaved'
    | 'keySavedNotTested'
    | 'passMayBeDeleted';
  readonly atMs: number;
  readonly model: string | null;
}

export type Overlay =
  | { readonly kind: 'help' }
  | { readonly kind: 'language' }
  | { readonly kind: 'display' }
  | { readonly kind: 'forgotPin' }
  | { readonly kind: 'keyDoesNotFit' }
  | { readonly kind: 'startAgain' }
  | { readonly kind: 'idle'; readonly endsAtMs: number; readonly warningSeconds: number };

export type HostSeen =
  | { readonly state: 'verified'; readonly host: string }
  | { readonly state: 'unverified'; readonly host: string | null };

/** The one clock: the shorter of the pass and, for a one-time pass, its 10-minute window. */
export type PassClock =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'running'; readonly endsAtMs: number; readonly totalMs: number; readonly limit: 'pass' | 'window' };

export interface Look {
  readonly language: Language;
  readonly textSize: TextSize;
  readonly contrast: 'normal' | 'high';
  readonly motion: 'full' | 'reduced';
  readonly controlsLower: boolean;
}

export interface Snapshot {
  readonly world: World;
  /** One showing of a screen; every intent cites it. */
  readonly visit: number;
  readonly screen: Screen;
  readonly overlay: Overlay | null;
  /** What may be said now; buttons do not re-derive rules. */
  readonly allowed: readonly IntentType[];
  readonly stops: readonly Stop[];
  readonly pass: PassClock | null;
  /** Set while Microsoft's page is on the screen. */
  readonly host: HostSeen | null;
  readonly look: Look;
  /** Who to call, from the desk's settings. */
  readonly contact: string;
}
