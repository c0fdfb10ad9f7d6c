// The plan a stay holds: said anew whenever an answer, the desk's knowledge or the person behind it changes.
import { because, type Reason } from '../../contract/reason.ts';
import type { KeyDescription } from '../ports/key.ts';
import type { DeskKnowledge } from './effect.ts';
import { modelRefusal } from './planner/method-rules.ts';
import { planJourney } from './planner/planner.ts';
import type { PlanAnswers } from './planner/route.ts';
import type { StayContext, StayInput } from './stay-context.ts';

export const noAnswers: PlanAnswers = { devices: [], passUse: null };

/** The plan of a person who has not answered anything, at a desk that has not looked yet. */
export function noPlan(input: Pick<StayInput, 'deskFacts' | 'nowWallMs'>) {
  const knowledge: DeskKnowledge = { rules: null, place: null, elsewhere: null };
  const planned = planJourney({
    ...noAnswers,
    ...knowledge,
    pass: null,
    person: null,
    key: null,
    desk: input.deskFacts,
    underWay: null,
    nowMs: input.nowWallMs(),
  });
  return { knowledge, planned };
}

/** Says the plan anew; from the sign-in on its order stands. */
export function planAfter(context: StayContext, change: Partial<Pick<StayContext, 'plan' | 'knowledge' | 'account'>>) {
  const { plan, knowledge, account, planned, deskFacts, nowWallMs } = { ...context, ...change };
  return {
    ...change,
    planned: planJourney({
      ...plan,
      ...knowledge,
      pass: account?.pass ? { ...account.pass, usability: account.pass.usability ?? 'EnabledByPolicy' } : null,
      person: account?.standing ?? null,
      key: null,
      desk: deskFacts,
      underWay: account === null ? null : planned.order,
      nowMs: nowWallMs(),
    }),
  };
}

/** The AAGUID of keys that tell no model, and so can prove none: no metadata has it (WebAuthn Level 3 §6.5.1). */
const noModel = '00000000-0000-0000-0000-000000000000';

/** Told of a key before anybody chooses a PIN for it. Whether one that names its model can prove it is not known then. */
export function modelRefusalOf({ knowledge, account }: StayContext, { aaguid, model }: KeyDescription): Reason | null {
  const passkeys = knowledge.rules?.methods.passkeys;
  if (aaguid === null || !passkeys?.known) return null;
  const refusal = modelRefusal(passkeys.value, account?.standing ?? null, {
    aaguid,
    attested: aaguid === noModel ? false : null,
  });
  if (refusal === null) return null;
  return because(refusal === 'key.attestationNeeded' ? 'directory.attestationRefused' : 'directory.keyModelNotAllowed', {
    model,
  });
}

export const planReady = (plan: PlanAnswers): boolean => plan.devices.length > 0 && plan.passUse !== null;
