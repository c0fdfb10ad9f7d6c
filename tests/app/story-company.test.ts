// Acceptance stories of the planner in the real window, at one desk, one after the other. Which day the company has is chosen
// at the practice desk beside it, as by a technician who practises.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PracticeTenant } from '../../contract/practice.ts';
import type { DeskInHand } from '../../scripts/demo/desk-in-hand.mjs';
import { readLabels } from '../../scripts/demo/labels.mjs';
import { reportsFolder } from '../../scripts/set-up/places.mjs';
import { faceOf, journalOf, keyOnly, openStoryDesk, personAt, startAgain } from '../support/story-desk.ts';

const storyDeadlineMs = 120_000;
const keyId = 'modern-a';
const severalUses = { ...keyOnly, pass: 'several' } as const;
const pictures = path.join(reportsFolder, 'company');

let desk: DeskInHand;
let kiosk: Page;
let words: (id: string) => string;

describe('the company today, and the person at the desk', { timeout: storyDeadlineMs }, () => {
  beforeAll(async () => {
    await mkdir(pictures, { recursive: true });
    desk = await openStoryDesk();
    kiosk = await desk.page('kiosk');
    words = await readLabels('en');
  });
  afterAll(() => desk.close());

  test('6: a rule forgets the pass: recognised, explained, the cure named, and cured', async () => {
    await become('passForgotten');
    const person = await personAt(desk);
    await person.arrive();
    await person.start();
    await person.plan();
    const face = await stoppedBeforehand('rule-forgets-pass');
    expect(face).toContain('A rule of your company forgets that people start with a pass.');
    expect(face).toContain('the required authentication strength lacks Temporary Access Pass: demand a custom strength');
    expect(face).toContain('Security info: strong');
    expect(face).toContain('Passwordless MFA');
    await become('usual');
    await person.press('foretold.lookAgain');
    // Cured, the same pass is whole and signs in.
    await person.signIn();
    expect((await desk.practice()).ledger.pass).toBe('used');
    await startAgain(desk);
  });

  test('7: a desk in the wrong place: found before the pass is typed, with place and address', async () => {
    await become('deskOutside');
    const person = await personAt(desk, { story: severalUses });
    await person.arrive();
    await person.start();
    await person.plan();
    const face = await stoppedBeforehand('wrong-place');
    expect(face).toContain('Your company allows this only in certain places. This desk is in another one.');
    for (const named of ['Security info: office only', '198.51.100.7', 'NL']) expect(face).toContain(named);
    // Asked again while nothing was changed: the same.
    await person.press('foretold.lookAgain');
    await desk.until(['foretold'], ({ screen }) => screen.kind === 'foretold' && screen.state === 'told');
    await become('usual');
    await person.press('foretold.lookAgain');
    await desk.until(['signIn'], ({ host }) => host?.state === 'verified');
    await startAgain(desk);
  });

  test('2: a one-time pass, the key and then the QR code: refused beforehand, the phone comes first', async () => {
    let plan = '';
    const person = await personAt(desk, {
      story: { ...keyOnly, devices: ['windows', 'android'] },
      async onScreen(name) {
        if (name !== 'plan') return;
        await desk.atRest();
        plan = await faceOf(kiosk);
      },
    });
    await person.arrive();
    await person.start();
    await person.plan();
    const { screen } = await desk.until(['phoneFirst']);
    expect(screen.kind).toBe('phoneFirst');
    expect(plan).toContain(words('foretold.phone.asksPassAgain.say'));
    const stops = ['Your phone', 'Sign in', 'Your key'].map((stop) => plan.indexOf(stop));
    expect(stops).toEqual(stops.toSorted((one, other) => one - other));
    expect(stops).not.toContain(-1);
    expect((await desk.practice()).ledger).toEqual({ keys: [], phones: [], pass: 'usable' });
    await startAgain(desk);
  });

  test('keys on Microsoft’s page only: refused through Graph, saved there, proved; 14: and they leave with this one way in', async () => {
    await become('portalOnly');
    const person = await personAt(desk, { story: severalUses });
    await person.arrive();
    await person.start();
    await person.plan();
    await person.signIn();
    await person.plugIn(keyId);
    await person.choosePin();

    const shown = await desk.until(['portal'], ({ host }) => host?.state === 'verified');
    expect(shown.screen).toMatchObject({ step: 'add', instead: { code: 'directory.notSelfService' } });
    expect(shown.host).toEqual({ state: 'verified', host: 'mysignins.microsoft.com' });
    const page = await desk.page('mysignins.microsoft.com');
    await page.locator('a[href="/security-info/add"]').click();
    await keep('portal-add');
    await page.locator('button[value="passkey"]').click();
    await page.locator('form[action$="/passkey/start"] button').click();

    // The page has gone on to the relying party by itself and asks as soon as it stands.
    await touchWanted('make');
    await keep('portal-touch');
    await desk.hands({ type: 'key.touch', keyId, how: 'finger' });

    const saving = await desk.until(['portal'], ({ screen }) => screen.kind === 'portal' && screen.step === 'save');
    expect(saving.allowed).toContain('keyboard.show');
    const naming = await desk.page('mysignins.microsoft.com');
    await naming.locator('input[name="name"]').waitFor();
    // The name is typed as a person at a desk without a keyboard does.
    await person.press('keyboard.show');
    for (const letter of ['m', 'y']) await kiosk.getByRole('button', { name: letter, exact: true }).click();
    await expect.poll(() => naming.locator('input[name="name"]').inputValue()).toBe('my');
    await keep('portal-name');
    await naming.locator('button[type="submit"]').click();

    await touchWanted('prove');
    await desk.hands({ type: 'key.touch', keyId, how: 'finger' });
    await desk.until(['works']);
    const { ledger } = await desk.practice();
    expect(ledger.keys.map(({ name }) => name)).toEqual(['my']);
    await person.press('works.next');
    await leaveWithOneWay();
    await person.press('done.finishAnyway');
    await desk.until(['attract']);
  });

  test('12: a key with accounts of several users: told before one more is made on it, and asked whose it is at the sign-in', async () => {
    await become('usual');
    const second = await personAt(desk, { story: severalUses });
    await second.arrive();
    const { slip } = await desk.practice();
    await second.start();
    await second.plan();
    await second.signIn();
    // The key of the person before, handed on.
    await desk.until(['insertKey']);
    await desk.hands({ type: 'key.plugIn', keyId });
    await desk.until(['keyReady']);
    await second.press('keyReady.next.set');
    await second.enterPin();
    const { screen: shared } = await desk.until(['sharedKey']);
    expect(shared).toMatchObject({ others: 1 });
    await desk.atRest();
    await keep('shared-key');
    await second.press('sharedKey.use');
    await second.touchTwice(keyId);
    await second.press('works.next');
    await desk.until(['done']);
    await second.press('done.finishAnyway');
    await desk.until(['attract']);

    const third = await personAt(desk, { story: severalUses });
    await third.start();
    await third.plan();
    await desk.until(['signIn'], ({ host }) => host?.state === 'verified');
    const page = await desk.page('login.microsoftonline.com');
    await page.locator('a[href*="/login/key"]').click();
    await desk.until(['insertKey']);
    await desk.hands({ type: 'key.plugIn', keyId });
    await third.enterPin();
    await touchWanted('signIn');
    await desk.hands({ type: 'key.touch', keyId, how: 'finger' });
    const { screen: asked } = await desk.until(['chooseAccount']);
    if (asked.kind !== 'chooseAccount') throw new Error('there is nobody to choose');
    expect(asked.accounts).toHaveLength(2);
    await desk.atRest();
    await keep('choose-account');
    const names = await faceOf(kiosk);
    for (const { name } of asked.accounts) expect(names).toContain(name);
    await kiosk.getByRole('button', { name: slip.userName }).click();
    await desk.until(['signIn'], ({ screen }) => screen.kind === 'signIn' && screen.step === 'stay');
    const stay = await desk.page('login.microsoftonline.com');
    await stay.locator('button[name="LoginOptions"]').first().click();
    await desk.until(['insertKey'], ({ screen }) => screen.kind === 'insertKey' && screen.second);
    expect(await faceOf(kiosk)).not.toContain(slip.userName);
    await startAgain(desk);
  });

  test('the journal tells what was foretold, what was made and how they left', async () => {
    await desk.stop();
    const entries = (await journalOf(desk)).map(({ body }) => body);
    expect(entries.filter(({ event }) => event === 'plan.foretold').flatMap(({ codes }) => codes)).toEqual([
      'access.strengthForgetsPass',
      'access.wrongPlace',
    ]);
    const lastStay = entries.slice(entries.findLastIndex(({ event }) => event === 'credential.made'));
    expect(lastStay.map(({ event }) => event)).toEqual(
      expect.arrayContaining([
        'registration.sending',
        'registration.accepted',
        'registration.listed',
        'proof.given',
        'pass.deleted',
      ]),
    );
    expect(lastStay.find(({ event }) => event === 'stay.ended')).toEqual({
      event: 'stay.ended',
      how: 'finished',
      ways: ['securityKey'],
    });
    expect(desk.complaints.filter((line) => line.includes('bug'))).toEqual([]);
  });
});

/** Chooses the day at the practice desk, with its own buttons. */
async function become(tenant: PracticeTenant): Promise<void> {
  const practice = await desk.page('practice');
  await practice.locator('summary', { hasText: words('practice.tenant.title') }).click();
  await practice.getByRole('button', { name: words(`practice.tenant.${tenant}`) }).click();
  await desk.untilPractice((seen) => seen.tenant === tenant, `the company to be ${tenant}`);
}

/** What stands on the screen that stops a person in front of it; nothing of theirs is spent. */
async function stoppedBeforehand(picture: string): Promise<string> {
  const { screen, allowed } = await desk.until(['foretold']);
  expect(screen).toMatchObject({ passKept: true, mayTryAnyway: false });
  expect(allowed).not.toContain('continue');
  await desk.atRest();
  await keep(picture);
  const face = await faceOf(kiosk);
  expect(face).toContain('heading "This won’t work as things are"');
  expect(face).toContain('Your pass has not been used yet. Keep it.');
  expect(face).not.toContain(words('foretold.tryAnyway'));
  expect((await desk.practice()).ledger.pass).toBe('usable');
  return face;
}

/** 14: said plainly, with a second key as what to do; the pass still opens that until they leave. */
async function leaveWithOneWay(): Promise<void> {
  const { screen } = await desk.until(['done']);
  expect(screen).toMatchObject({ ways: [{ way: 'securityKey' }] });
  await desk.atRest();
  await keep('one-way-in');
  const face = await faceOf(kiosk);
  for (const said of ['You have only one way in.', 'If you lose this key, you can’t sign in.']) expect(face).toContain(said);
  for (const offered of ['Add a second key', 'Finish anyway']) expect(face).toContain(`button "${offered}"`);
  expect((await desk.practice()).ledger.pass).toBe('usable');
}

const touchWanted = (purpose: 'make' | 'prove' | 'signIn') =>
  desk.until(['touch'], ({ screen }) => screen.kind === 'touch' && screen.purpose === purpose && screen.state === 'waiting');

const keep = async (name: string) => writeFile(path.join(pictures, `${name}.png`), await desk.windowPicture());
