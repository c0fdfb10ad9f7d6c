// What is known while one key is being set up: the types of the flow's beginning, of its end and of its state.
import type { Language } from '../../../contract/intent.ts';
import type { Reason } from '../../../contract/reason.ts';
import type { HostSeen, RegistrationRoute, RouteRefusal } from '../../../contract/snapshot.ts';
import type {
  CreationOptions,
  KeyAccount,
  KeyDescription,
  KeyProgress,
  KeyRef,
  MadeCredential,
  SignInRequest,
} from '../../ports/key.ts';
import type { KeyAsk } from '../../ports/page.ts';
import type { SecretTicket } from '../../ports/secret.ts';
import type { OnKey, OnRoute } from '../effect.ts';
import type { PinTyping } from '../typed-pin.ts';
import type { LeftOver } from './left-overs.ts';
import type { Choice } from './plugged-keys.ts';
import { graphRoute } from './registration-route.ts';

/** A sign-in page that waits for a key. */
export interface SignInCall {
  readonly ask: KeyAsk;
  readonly request: SignInRequest;
}

export interface KeyFlowInput {
  /** The key is to sign in, not to be set up; null: it is to be set up. */
  readonly signIn: SignInCall | null;
  readonly plugged: readonly KeyRef[];
  readonly unreachable: Reason | null;
  readonly second: boolean;
  /** The desk asks for at least this many code points, whatever the key would take. */
  readonly minPinLength: number;
  /** What the tenant's rules say against this model, so that it gets no PIN for nothing; null: nothing, as far as is known. */
  readonly refusalOf: (description: KeyDescription) => Reason | null;
  /** The key that was just set up: it must be taken out before a second one counts. */
  readonly notThisKey: KeyRef | null;
  readonly language: Language;
  /** Who the key is for. */
  readonly objectId: string;
  /** In the order in which they are tried; at least one. */
  readonly routes: readonly RegistrationRoute[];
  /** What earlier attempts of this stay left on keys. */
  readonly leftOvers: readonly LeftOver[];
}

export type KeyFlowOutput = { readonly leftOvers: readonly LeftOver[] } & (
  | {
      readonly kind: 'proved';
      readonly key: KeyRef;
      readonly description: KeyDescription;
      readonly made: MadeCredential;
      readonly pinSetHere: boolean;
    }
  /** The sign-in page has its answer. */
  | { readonly kind: 'answered'; readonly key: KeyRef }
  | { readonly kind: 'back' }
);

/** Where the flow goes on when the key was tidied, or could not be. */
export type AfterTidying = 'making' | 'options' | 'route' | 'keyRefused' | 'keyReady' | 'trouble' | 'leaving' | 'proved';

export interface KeyFlowContext extends KeyFlowInput, PinTyping {
  readonly key: KeyRef | null;
  readonly passedOver: Choice['passedOver'];
  readonly description: KeyDescription | null;
  readonly reason: Reason | null;
  readonly pin: SecretTicket | null;
  readonly oldPin: SecretTicket | null;
  readonly pinSetHere: boolean;
  readonly options: CreationOptions | null;
  readonly made: MadeCredential | null;
  /** Somebody who knows said that it is saved: then it is never taken back. */
  readonly accepted: boolean;
  /** A left-over that the directory turns out to have saved. */
  readonly savedLate: MadeCredential | null;
  readonly after: AfterTidying;
  readonly proved: boolean;
  readonly progress: KeyProgress | null;
  /** Those that signed in; names of whoever is on the key, so they are kept no longer than the choice takes. */
  readonly accounts: readonly KeyAccount[];
  /** The chosen one's place among them. */
  readonly account: number | null;
  readonly answered: boolean;
  /** Accounts of other people on this key. */
  readonly others: number;
  /** The person wants it all the same. */
  readonly sharing: boolean;
  /** Those that don't serve, in the order they were tried. */
  readonly refusals: readonly RouteRefusal[];
  /** The request of Microsoft's page that waits for this key. */
  readonly ask: KeyAsk | null;
  readonly host: HostSeen | null;
  readonly keyboard: boolean;
  /** The directory does not let the person read whether the key is saved. */
  readonly untold: boolean;
}

/** A state that needs what an earlier one put into the context; missing it is a bug, not an outcome. */
export function needed<T>(value: T | null, what: string): T {
  if (value === null) throw new Error(`key flow: ${what} is missing`);
  return value;
}

export const onKey = (context: KeyFlowContext): OnKey => ({
  key: needed(context.key, 'key'),
  description: needed(context.description, 'description'),
});

/** A key may be no good by itself, or for this tenant. */
export const unusableFor = ({ refusalOf }: KeyFlowContext, description: KeyDescription): Reason | null =>
  description.unusable ?? refusalOf(description);

export const routeNow = ({ routes, refusals }: KeyFlowContext): RegistrationRoute | undefined => routes[refusals.length];
export const onRoute = (context: KeyFlowContext): OnRoute => ({
  route: graphRoute(routeNow(context)),
  objectId: context.objectId,
});

export const minimum = (context: KeyFlowContext): number =>
  Math.max(context.minPinLength, context.description?.minPinLength ?? 0);
export const maximum = (context: KeyFlowContext): number => context.description?.maxPinLength ?? 63;
