// The knowledge of the field as code: given a pass, devices, the tenant's rules and the desk's place, the right order,
// what will be asked when, and what will fail and why. Pure; nothing here asks anybody.
import type { Device } from '../../../contract/intent.ts';
import type { Foretold, ForetoldCode } from '../../../contract/foretold.ts';
import { foretold } from '../../../contract/foretold.ts';
import type { DeviceAfter, RouteStop } from '../../../contract/snapshot.ts';
import { demandsOn, type WayToSignIn } from './access-demands.ts';
import { accountTroubles, keyTroubles, passTroubles, phoneOpening, sure } from './method-rules.ts';
import type { PlannerInput } from './planner-input.ts';
import { minutesOf, oneTimeWindowMs, phonesOf, stopsFor, type Order } from './route.ts';

export interface JourneyPlan {
  readonly order: Order;
  /** The stops between plan and done. */
  readonly stops: readonly RouteStop[];
  /** Blocks first, then what may happen, then what is worth knowing. */
  readonly foretold: readonly Foretold[];
  /** Orders that would fail, and on what. */
  readonly refused: readonly { readonly order: Order; readonly because: ForetoldCode }[];
  readonly after: readonly DeviceAfter[];
  /** Whether the pass opens a further door after the sign-in here: the app on the phone, a computer's first start. */
  readonly passOpens: boolean;
}

export function planJourney(input: PlannerInput): JourneyPlan {
  const refused: { order: Order; because: ForetoldCode }[] = [];
  const phone = phoneOpening(input);
  const wantsPhone = input.desk.phoneWanted && phonesOf(input.devices).length > 0;
  const phoneTroubles = wantsPhone ? phoneSentences(phone) : [];
  const phoneWorks = wantsPhone && phone.open && phone.phoneSignIn;
  const once = isOnce(input);
  const passOpens = opensAgain(input);
  const onPhone = phoneWorks ? onThePhone(input) : [];

  let order: Order = 'keyOnly';
  if (phoneWorks && once) {
    refused.push({ order: 'keyThenPhone', because: 'phone.asksPassAgain' });
    const stop = onPhone.find(blocks) ?? registering(input, 'deviceBasedPush').find(blocks);
    if (stop) refused.push({ order: 'phoneThenKey', because: stop.code });
    else order = 'phoneThenKey';
  } else if (phoneWorks) {
    const stop = onPhone.find(blocks);
    if (stop) refused.push({ order: 'keyThenPhone', because: stop.code });
    else order = 'keyThenPhone';
  }
  order = orderUnderWay(input, phoneWorks) ?? order;

  const way = order === 'phoneThenKey' ? 'deviceBasedPush' : passWay(input);
  const found = [
    ...accountTroubles(input),
    ...(input.underWay === null ? [...passTroubles(input), ...signingIn(input, way)] : []),
    ...keyTroubles(input),
    ...registering(input, way),
    ...phoneTroubles,
    // What stops the phone alone stops nobody: the order goes round it.
    ...onPhone.map((one) => (blocks(one) ? { ...one, weight: 'warns' as const } : one)),
    ...(order === 'keyThenPhone' && !passOpens ? [sure('phone.asksPassAgain')] : []),
    ...timeTroubles(input, order),
  ];
  const after = input.devices.map((device) => afterOn(device, passOpens));
  if (order === 'keyOnly') found.push(sure('after.oneWayOnly'));
  if (!passOpens && input.devices.includes('windows')) found.push(sure('after.windowsStrandsOncePass'));
  if (!passOpens && input.devices.includes('mac')) found.push(sure('after.macStrandsOncePass'));
  return { order, stops: stopsFor(order), foretold: sorted(found), refused, after, passOpens };
}

/** A pass whose kind nobody knows is treated as the kind that forgives less. */
function isOnce({ pass, passUse }: PlannerInput): boolean {
  return pass !== null && pass.usability !== 'none' ? pass.usableOnce : passUse === 'once' || passUse === 'unknown';
}

/**
 * A one-time pass counts as spent by the sign-in, also where the directory has not noted it yet; one for several uses opens as
 * long as the directory has nothing against it.
 */
function opensAgain(input: PlannerInput): boolean {
  if (isOnce(input)) return false;
  const { pass } = input;
  if (pass === null || pass.usability === 'none') return true;
  return pass.usability === 'EnabledByPolicy' || (pass.usability === 'NotYetValid' && input.underWay === null);
}

/** What was begun stands, but for a phone that turns out not to be open to this person: nobody is led to it. */
function orderUnderWay({ underWay }: PlannerInput, phoneWorks: boolean): Order | null {
  return underWay === 'keyThenPhone' && !phoneWorks ? 'keyOnly' : underWay;
}

function passWay(input: PlannerInput): WayToSignIn {
  return isOnce(input) ? 'temporaryAccessPassOneTime' : 'temporaryAccessPassMultiUse';
}

function signingIn({ rules, person, place, desk }: PlannerInput, way: WayToSignIn): readonly Foretold[] {
  if (rules === null) return [];
  return demandsOn({ action: 'signIn', way, person, place, clientId: desk.clientId }, rules);
}

function registering({ rules, person, place, desk }: PlannerInput, way: WayToSignIn): readonly Foretold[] {
  if (rules === null) return [];
  const met = demandsOn({ action: 'registerSecurityInfo', way, person, place, clientId: desk.clientId }, rules);
  if (desk.route !== 'self' || desk.rulesCoverGraph) return met;
  return met.map((one) => (one.weight === 'blocks' ? { ...one, weight: 'warns' } : one));
}

/** The phone signs in from where the phone is, which is not where the desk is unless it uses the office's wireless network. */
function onThePhone(input: PlannerInput): readonly Foretold[] {
  const { rules, person, place, desk } = input;
  if (rules === null) return [];
  const attempt = { person, clientId: desk.clientId, way: passWay(input) } as const;
  const here = demandsOn({ ...attempt, place, action: 'registerSecurityInfo' }, rules);
  const elsewhere = demandsOn({ ...attempt, place: null, action: 'registerSecurityInfo' }, rules);
  const onlyHere = elsewhere.some(({ code }) => code === 'access.placeUnknown') && !here.some(blocks);
  return [
    ...here.filter(blocks),
    ...demandsOn({ ...attempt, place, action: 'registerDevice' }, rules),
    ...(onlyHere ? [sure('access.phoneNeedsOffice')] : []),
  ];
}

function phoneSentences(phone: ReturnType<typeof phoneOpening>): readonly Foretold[] {
  if (!phone.open) return [sure(phone.because)];
  if (!phone.phoneSignIn) return [sure('phone.approvalsOnly')];
  return phone.byCode ? [] : [sure('phone.inAppOnly')];
}

function timeTroubles(input: PlannerInput, order: Order): readonly Foretold[] {
  const { pass, nowMs } = input;
  const needed = minutesOf(stopsFor(order));
  const troubles: Foretold[] = [];
  if (isOnce(input) && order !== 'phoneThenKey' && input.underWay === null)
    troubles.push(sure('pass.spentBySignIn', { minutesLeft: oneTimeWindowMs / 60_000 }));
  if (pass === null || pass.usability === 'none') return troubles;
  const minutesLeft = Math.floor((pass.endsAtMs - nowMs) / 60_000);
  if (minutesLeft > 0 && minutesLeft < needed)
    troubles.push(sure('pass.endsTooSoon', { minutesLeft, minutesNeeded: needed, atMs: pass.endsAtMs }));
  return troubles;
}

/** Computers restart or ask twice while they are set up; a phone is opened by what was set up here. */
function afterOn(device: Device, passOpens: boolean): DeviceAfter {
  if (device === 'iphone' || device === 'android') return { device, pass: 'notNeeded' };
  return { device, pass: passOpens ? 'worksUntilItEnds' : 'strands' };
}

const heaviness = { blocks: 0, warns: 1, tells: 2 } as const;

function sorted(found: readonly Foretold[]): readonly Foretold[] {
  const once = found.filter((one, at) => found.findIndex((other) => sameFinding(one, other)) === at);
  return once.toSorted((a, b) => heaviness[a.weight] - heaviness[b.weight]);
}

function sameFinding(a: Foretold, b: Foretold): boolean {
  return a.code === b.code && a.evidence?.policyName === b.evidence?.policyName;
}

function blocks({ weight }: Foretold): boolean {
  return weight === 'blocks';
}

/** What would stop the journey before the first credential is there: a phone that can't follow stops nobody. */
export function stopsJourney({ foretold: found }: Pick<JourneyPlan, 'foretold'>): readonly Foretold[] {
  return found.filter((one) => blocks(one) && foretold[one.code].step !== 'phone' && foretold[one.code].step !== 'after');
}

/** Only where each stop may be about everybody but this person; what is certain would waste the pass. */
export function mayTryAnyway(stops: readonly Foretold[]): boolean {
  return stops.every(({ certainty }) => certainty === 'likely');
}

/** What the plan itself says besides its stops: whatever does not stop it and is the person's own business. */
export function notesOf(plan: JourneyPlan): readonly Foretold[] {
  const stops = stopsJourney(plan);
  return plan.foretold.filter((one) => !stops.includes(one) && one.code !== 'access.reportOnly');
}
