// A desk that knows the tenant's rules and its place, for the acceptance stories: what it said beforehand, and what came of it.
import { expect } from 'vitest';
import type { Evidence, Foretold } from '../../contract/foretold.ts';
import type { ScreenOf } from '../../contract/snapshot.ts';
import { WholeDesk, type WholeDeskOptions } from './whole-desk.ts';

/** Tells one story at a desk of its own; a bug the desk met is a failure. */
export async function tellStory(options: WholeDeskOptions, story: (desk: WholeDesk) => Promise<void>): Promise<WholeDesk> {
  const desk = await WholeDesk.open({ knows: true, ...options });
  try {
    await story(desk);
  } finally {
    await desk.close();
  }
  expect(desk.bugs).toEqual([]);
  return desk;
}

/** The stops of a plan, in order. */
export const stopsOf = ({ route }: ScreenOf<'plan'>): readonly string[] => route.map(({ id }) => id);

/** Codes of what is foretold, in order. */
export const codesOf = (foretold: readonly Foretold[]): readonly string[] => foretold.map(({ code }) => code);

/** What the plan would be stopped by; the person has not signed in, so their pass is whole. */
export async function stoppedBeforehand(desk: WholeDesk): Promise<ScreenOf<'foretold'>> {
  desk.press({ type: 'continue' });
  await desk.untilIs(({ screen }) => screen.kind === 'foretold');
  const told = desk.screen('foretold');
  expect(told.passKept).toBe(true);
  expect(usabilityOf(desk)).toBe('EnabledByPolicy');
  return told;
}

/** What the twin says of the person's pass; null: they have none. */
export const usabilityOf = (desk: WholeDesk): string | null => desk.twin.stage.methods(desk.upn).pass?.usability ?? null;

/** What was named as proof of a finding. */
export function evidenceOf(foretold: readonly Foretold[], code: Foretold['code']): Evidence {
  const found = foretold.find((one) => one.code === code);
  if (!found) throw new Error(`${code} is not foretold, only ${codesOf(foretold).join(', ')}`);
  return found.evidence ?? {};
}

/** Ways in at the end of a stay, as the last screen lists them. */
export const waysOf = ({ ways }: ScreenOf<'done'>): readonly string[] => ways.map(({ way }) => way);

/** From the last screen to the next person's first. */
export async function leave(desk: WholeDesk): Promise<void> {
  desk.press({ type: 'finish' });
  await desk.until('attract');
}
