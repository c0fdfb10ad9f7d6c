// Whether the three methods are open to this person. Source: Microsoft Graph: authenticationMethodsPolicy and its
// configurations; Entra: "Enable passkeys (FIDO2)", "Temporary Access Pass", "Enable passwordless phone sign-in".
import type { Foretold, ForetoldCode, Evidence } from '../../../contract/foretold.ts';
import { foretold } from '../../../contract/foretold.ts';
import type { AuthenticatorMode, AuthenticatorRules, PasskeyProfile, PasskeyRules, PersonStanding } from '../../ports/tenant.ts';
import { inTargets, outOfTargets } from './person-scope.ts';
import type { KeyInHand, PlannerInput } from './planner-input.ts';

export function keyTroubles({ rules, person, key, desk }: PlannerInput): readonly Foretold[] {
  const troubles: Foretold[] = [];
  if (!desk.cloudRegistersKeys && desk.route !== 'portal') troubles.push(sure('key.notInThisCloud'));
  if (key?.holdsOtherPeople) troubles.push(sure('key.otherPeopleOnIt'));
  if (!rules?.methods.passkeys.known) return troubles;
  const passkeys = rules.methods.passkeys.value;
  if (!passkeys.enabled) return [sure('key.off'), ...troubles];
  if (outOfTargets(passkeys.targets, person)) return [sure('key.outOfScope'), ...troubles];
  // A known issue of the provisioning API: the switch is needed for every route, not only for the person's own.
  if (!passkeys.selfServiceAllowed) troubles.push(sure('key.selfServiceOff'));
  return key === null ? troubles : [...troubles, ...modelTroubles(passkeys, person, key)];
}

function modelTroubles(passkeys: PasskeyRules, person: PersonStanding | null, key: KeyInHand): readonly Foretold[] {
  const refusal = modelRefusal(passkeys, person, key);
  return refusal === null ? [] : [sure(refusal, { aaguid: key.aaguid })];
}

type KeyModel = Pick<KeyInHand, 'aaguid' | 'attested'>;

/** Why this model can't be registered. A person in several profiles may register what one of them allows in full. */
export function modelRefusal(
  passkeys: PasskeyRules,
  person: PersonStanding | null,
  key: KeyModel,
): 'key.modelRefused' | 'key.attestationNeeded' | null {
  const own = passkeys.profiles.filter((profile) => inTargets(profile.targets, person) !== 'no');
  const judged = (own.length > 0 ? own : passkeys.profiles).map((profile) => profileRefusal(profile, key));
  return judged.includes(null) ? null : (judged[0] ?? null);
}

function profileRefusal(profile: PasskeyProfile, key: KeyModel): ReturnType<typeof modelRefusal> {
  const { isEnforced, enforcementType, aaGuids } = profile.keyRestrictions;
  if (!profile.deviceBoundAllowed) return 'key.modelRefused';
  if (isEnforced && aaGuids.includes(key.aaguid) !== (enforcementType === 'allow')) return 'key.modelRefused';
  return profile.attestationEnforced && key.attested === false ? 'key.attestationNeeded' : null;
}

export function passTroubles({ rules, person, pass, passUse, nowMs }: PlannerInput): readonly Foretold[] {
  const troubles: Foretold[] = [];
  if (rules?.methods.pass.known) {
    const { enabled, targets, onceOnly } = rules.methods.pass.value;
    if (!enabled) return [sure('pass.off')];
    if (outOfTargets(targets, person)) return [sure('pass.outOfScope')];
    // A pass for several uses stops working the moment the tenant allows one-time passes only.
    if (onceOnly && (pass ? pass.usability !== 'none' && !pass.usableOnce : passUse === 'several'))
      troubles.push(sure('pass.onlyOnce'));
  }
  if (pass === null) return troubles;
  switch (pass.usability) {
    case 'none':
      return [...troubles, sure('pass.none')];
    case 'Expired':
      return [...troubles, sure('pass.expired', { atMs: pass.endsAtMs })];
    case 'OneTimeUsed':
      return [...troubles, sure('pass.used')];
    case 'DisabledByPolicy':
      return troubles.length > 0 ? troubles : [sure('pass.outOfScope')];
    case 'NotYetValid':
      return [...troubles, sure('pass.notYetValid', { atMs: pass.startsAtMs })];
    case 'EnabledByPolicy':
      if (nowMs < pass.startsAtMs) return [...troubles, sure('pass.notYetValid', { atMs: pass.startsAtMs })];
      return nowMs >= pass.endsAtMs ? [...troubles, sure('pass.expired', { atMs: pass.endsAtMs })] : troubles;
    default:
      return pass.usability satisfies never;
  }
}

export type PhoneOpening =
  | { readonly open: true; readonly byCode: boolean; readonly phoneSignIn: boolean }
  | { readonly open: false; readonly because: ForetoldCode };

/** How Authenticator can be set up, and whether phone sign-in may be turned on in it. */
export function phoneOpening({ rules, person }: PlannerInput): PhoneOpening {
  if (!rules?.methods.authenticator.known) return { open: true, byCode: true, phoneSignIn: true };
  const authenticator = rules.methods.authenticator.value;
  if (!authenticator.enabled) return { open: false, because: 'phone.off' };
  const modes = modesOf(authenticator, person);
  if (modes.length === 0) return { open: false, because: 'phone.outOfScope' };
  return {
    open: true,
    byCode: modes.some((mode) => mode !== 'deviceBasedPush'),
    phoneSignIn: modes.some((mode) => mode !== 'push'),
  };
}

/** Modes of every target this person may be in; before they sign in, of every target there is. */
function modesOf({ targets, exclude }: AuthenticatorRules, person: PersonStanding | null): readonly AuthenticatorMode[] {
  if (person === null) return targets.map((target) => target.mode);
  return targets.filter((target) => inTargets({ include: [target.id], exclude }, person) !== 'no').map((target) => target.mode);
}

export function accountTroubles({ person, rules, desk }: PlannerInput): readonly Foretold[] {
  const troubles: Foretold[] = [];
  if (person !== null) {
    if (!person.accountEnabled) troubles.push(sure('account.disabled'));
    if (person.userType === 'guest') troubles.push(sure('account.guest'));
    if (person.federated) troubles.push(sure('account.federated'));
    // A privileged account's methods take a more privileged technician; with their own rights nothing differs.
    if (person.roleIds.length > 0 && desk.route === 'technician') troubles.push(sure('account.privileged'));
    // Registered already: nothing to interrupt for.
    if (person.sspr?.enabled && !person.sspr.registered) troubles.push(sure('interrupt.sspr'));
  }
  const campaign = rules?.methods.campaign;
  if (campaign && campaign.state === 'enabled') {
    const scope = inTargets(campaign.targets, person);
    if (scope !== 'no') troubles.push({ ...sure('interrupt.campaign'), certainty: scope });
  }
  return troubles;
}

export function sure(code: ForetoldCode, evidence?: Evidence): Foretold {
  const { weight } = foretold[code];
  return evidence === undefined ? { code, weight, certainty: 'sure' } : { code, weight, certainty: 'sure', evidence };
}
