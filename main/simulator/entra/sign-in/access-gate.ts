// Conditional Access at the door: after the person has shown who they are, and before anything is given out for it.
// Source: Microsoft Entra "Conditional Access: Require ... for all users", "Control security information registration";
// "authentication and authorization error codes" for the numbers.
import type { User } from '../directory/directory.ts';
import type { SignInSession } from '../directory/sign-ins.ts';
import type { AccessPolicy, BuiltInControl } from '../policies/access-policy.ts';
import { platformOf, type AccessQuestion, type AccessTarget, type DevicePlatform } from '../policies/access-question.ts';
import type { ProvenSignIn } from '../policies/authentication-strength.ts';
import type { Place } from '../policies/place.ts';
import type { TwinCore } from '../twin-core.ts';
import type { AadstsName } from './aadsts.ts';
import { authenticatorApp, mySignInsApp, type Application } from './applications.ts';
import { waysOf, type SignInWay } from './sign-in-ways.ts';

/** What the service sees of a request beside what it says. */
export interface Circumstances {
  readonly place: Place;
  readonly platform: DevicePlatform | null;
}

export function circumstancesOf(core: TwinCore, request: Request): Circumstances {
  return { place: core.placeOf(request), platform: platformOf(request.headers.get('user-agent')) };
}

export type Admission =
  | { readonly kind: 'admitted' }
  /** What the person showed is not enough; something else they have would be. */
  | { readonly kind: 'anotherWay'; readonly ways: readonly SignInWay[] }
  | { readonly kind: 'refused'; readonly problem: AadstsName };

type Client = AccessQuestion['client'];

/**
 * Whether a finished sign-in gets what it was for. My Security Info and Authenticator are there to change methods, so they
 * meet the policies for that as well; on the phone it is the phone's place that counts.
 */
export function admitToApplication(
  core: TwinCore,
  session: SignInSession,
  user: User,
  app: Application,
  seen: Circumstances,
): Admission {
  const client: Client = app.clientId === mySignInsApp.clientId ? 'browser' : 'mobileAppsAndDesktopClients';
  const changesMethods = app.clientId === mySignInsApp.clientId || app.clientId === authenticatorApp.clientId;
  const first = admit(core, session, user, { kind: 'application', applicationId: app.clientId }, seen, client);
  if (first.kind !== 'admitted' || !changesMethods) return first;
  return admitToMethods(core, session, user, seen, client);
}

/** Whether this sign-in may register security information from here. */
export function admitToMethods(
  core: TwinCore,
  session: SignInSession,
  user: User,
  seen: Circumstances,
  client: Client,
): Admission {
  return admit(core, session, user, { kind: 'registerSecurityInformation' }, seen, client);
}

/** Whether this sign-in may make a phone a device of the tenant. */
export function admitDevice(core: TwinCore, session: SignInSession, user: User, seen: Circumstances): boolean {
  const target: AccessTarget = { kind: 'registerOrJoinDevices' };
  return admit(core, session, user, target, seen, 'mobileAppsAndDesktopClients').kind === 'admitted';
}

function admit(
  core: TwinCore,
  session: SignInSession,
  user: User,
  target: AccessTarget,
  { place, platform }: Circumstances,
  client: Client,
): Admission {
  const question = { subject: core.directory.subjectOf(user), target, place, platform, client };
  const decision = core.accessRules.decide(question, proofOf(session));
  switch (decision.kind) {
    case 'granted':
      return { kind: 'admitted' };
    case 'blocked':
      return { kind: 'refused', problem: target.kind === 'application' ? 'accessBlocked' : 'registrationBlocked' };
    case 'stepUp': {
      const ways = waysOf(core, user).filter(
        (way) =>
          way !== session.way &&
          proofsOfWay(user, way).some((proof) => core.accessRules.decide(question, proof).kind === 'granted'),
      );
      return ways.length > 0 ? { kind: 'anotherWay', ways } : { kind: 'refused', problem: missingProblem(decision.by, target) };
    }
    default:
      return decision satisfies never;
  }
}

/** The number for what nobody here can show: a device's state by its own, a stronger method otherwise. */
function missingProblem(by: readonly AccessPolicy[], target: AccessTarget): AadstsName {
  const asked = new Set<BuiltInControl>(by.flatMap(({ grantControls }) => grantControls?.builtInControls ?? []));
  const ofDevice = asked.has('compliantDevice') || asked.has('domainJoinedDevice') || asked.has('approvedApplication');
  if (ofDevice && target.kind !== 'application') return 'registrationBlocked';
  if (asked.has('compliantDevice')) return 'deviceNotCompliant';
  if (asked.has('domainJoinedDevice')) return 'deviceNotJoined';
  return asked.has('approvedApplication') ? 'appNotApproved' : 'strongerSignInNeeded';
}

function proofOf({ way, oneTimePass, aaguid }: SignInSession): ProvenSignIn {
  switch (way) {
    case 'accessPass':
      return passProof(oneTimePass);
    case 'phoneSignIn':
      return PHONE_PROOF;
    case 'securityKey':
      return { modes: ['fido2'], aaguid };
    default:
      return way satisfies never;
  }
}

/** What each way would prove, were it taken. */
function proofsOfWay(user: User, way: SignInWay): readonly ProvenSignIn[] {
  switch (way) {
    case 'accessPass':
      return user.pass ? [passProof(user.pass.isUsableOnce)] : [];
    case 'phoneSignIn':
      return [PHONE_PROOF];
    case 'securityKey':
      return user.passkeys.map(({ aaguid }) => ({ modes: ['fido2'], aaguid }));
    case 'password':
      return [];
    default:
      return way satisfies never;
  }
}

const PHONE_PROOF: ProvenSignIn = { modes: ['deviceBasedPush'], aaguid: null };

function passProof(oneTime: boolean): ProvenSignIn {
  return { modes: [oneTime ? 'temporaryAccessPassOneTime' : 'temporaryAccessPassMultiUse'], aaguid: null };
}
