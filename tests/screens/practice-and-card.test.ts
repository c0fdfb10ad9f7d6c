// The practice desk says what its buttons promise, and the printed card is one sheet without anything that opens anything.
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CardSnapshot } from '../../contract/card.ts';
import {
  practiceTenants,
  type PracticeIntent,
  type PracticeKey,
  type PracticePhone,
  type PracticeSnapshot,
} from '../../contract/practice.ts';
import { trayKeyKinds } from '../../main/keyhost/tray/tray-keys.ts';
import { openGallery, type GalleryWindow } from '../support/gallery-window.ts';

let gallery: GalleryWindow;
beforeAll(async () => {
  gallery = await openGallery();
});
afterAll(() => gallery.close());

const hourMs = 3_600_000;
const nowMs = Date.now();
const key = (
  id: string,
  kind: PracticeKey['kind'],
  state: PracticeKey['state'],
  startingPin: string | null = null,
): PracticeKey => ({
  id,
  name: `Norden ${id}`,
  plug: 'usb-a',
  kind,
  state,
  startingPin,
  touches: kind === 'fingerprint' ? ['finger', 'tooFast', 'otherFinger'] : ['finger'],
});

const picture: PracticeSnapshot = {
  tenant: 'usual',
  slip: {
    displayName: 'Noor van Dijk',
    userName: 'noor.vandijk@meridian.example',
    pass: 'Hq7&k2Pm',
    use: 'several',
    startsAtMs: nowMs,
    endsAtMs: nowMs + hourMs,
  },
  ledger: {
    keys: [
      {
        name: 'Norden N5',
        aaguid: '00',
        attestationFormat: 'packed',
        attested: true,
        verifiedBy: ['a library', 'another one'],
        createdAtMs: nowMs,
      },
    ],
    phones: [{ name: 'Practice phone', phoneSignIn: true }],
    pass: 'used',
  },
  keys: [key('A', 'modern', 'inTray'), key('B', 'pinSet', 'plugged', '4711'), key('C', 'u2f', 'inTray')],
  phone: { app: false },
  beside: 'kiosk',
  folded: false,
  language: 'en',
};

const app = (change: Partial<Extract<PracticePhone, { app: true }>>): PracticePhone => ({
  app: true,
  screen: 'home',
  accounts: [],
  notice: null,
  noticeCode: null,
  form: null,
  request: null,
  ...change,
});

/** The bridge of a window without a desk behind it: it shows one picture and remembers what was said. */
const practiceBridge = (shown: PracticeSnapshot) => `
  window.heard = [];
  window.firstkey = {
    hello: () => Promise.resolve(${JSON.stringify(shown)}),
    say: (saying) => { window.heard.push(saying); return Promise.resolve({ taken: saying.type !== 'key.takeOut', because: 'notPossibleNow' }); },
    onShow: () => () => undefined,
  };
`;

async function openPractice(change: Partial<PracticeSnapshot> = {}): Promise<void> {
  await gallery.resize(480, 1080);
  await gallery.open('practice.html', practiceBridge({ ...picture, ...change }));
}

const heard = () => gallery.page.evaluate(() => (window as unknown as { heard: PracticeIntent[] }).heard);
const button = (name: string) => gallery.page.getByRole('button', { name, exact: true });

describe('the practice desk', () => {
  test('hands out the next slip, and moves keys', async () => {
    await openPractice();
    await button('Once').click();
    await gallery.page.getByRole('button', { name: 'Norden A' }).click();
    await button('Plug in').click();
    await button('As new').click();
    await gallery.page.getByRole('button', { name: 'Norden B' }).click();
    await button('Touch').click();
    await button('Take out').click();
    expect(await heard()).toEqual([
      { type: 'person.next', pass: 'once' },
      { type: 'key.plugIn', keyId: 'A' },
      { type: 'key.renew', keyId: 'A' },
      { type: 'key.touch', keyId: 'B', how: 'finger' },
      { type: 'key.takeOut', keyId: 'B' },
    ]);
    await gallery.page.getByText('That is not possible right now.').waitFor();
  });

  test('lets the company have another day, and says which it has', async () => {
    await openPractice({ tenant: 'keyModels' });
    const line = gallery.page.locator('summary', { hasText: 'Company today' });
    expect(await line.textContent()).toContain('one key model is allowed');
    await line.click();
    const chosen = gallery.page.locator('details').getByRole('button', { pressed: true });
    expect(await chosen.textContent()).toContain('one key model is allowed');
    await gallery.page.getByRole('button', { name: 'a rule forgets the pass' }).click();
    expect(await heard()).toEqual([{ type: 'tenant.become', tenant: 'passForgotten' }]);
    await chosen.waitFor({ state: 'hidden' });
    expect(await line.evaluate((summary) => summary === document.activeElement)).toBe(true);
  });

  test.each(['en', 'nl', 'ar'] as const)('has room for every day of the company in %s', async (language) => {
    await openPractice({ language });
    const drawer = gallery.page.locator('details').first();
    await drawer.locator('summary').click();
    const [rows, panel] = await Promise.all(
      [drawer.locator('ul'), gallery.page.locator('main')].map((part) => part.boundingBox()),
    );
    expect((rows?.y ?? 0) + (rows?.height ?? Infinity)).toBeLessThan((panel?.y ?? 0) + (panel?.height ?? 0));
    expect(await drawer.locator('button').count()).toBe(practiceTenants.length);
    // Each of them fits the line that sums it up.
    const twoLines = await drawer.evaluate((opened) => {
      const line = opened.querySelector('summary');
      const sum = line?.querySelector('span');
      if (!line || !sum) throw new Error('the drawer has no line');
      return [...opened.querySelectorAll('li b')].flatMap(({ textContent }) => {
        sum.textContent = textContent;
        return line.getBoundingClientRect().height > 42 ? [textContent] : [];
      });
    });
    expect(twoLines).toEqual([]);
    await gallery.keep(`practice-tenants-${language}`);
  });

  test('turns to night for a key that blinks', async () => {
    await openPractice({ keys: [key('A', 'modern', 'inTray'), key('B', 'modern', 'blinking')] });
    expect(await gallery.page.locator('section[data-ground=deep]').textContent()).toContain('blinks');
    await button('Touch').click();
    expect(await heard()).toEqual([{ type: 'key.touch', keyId: 'B', how: 'finger' }]);
  });

  test('lays a finger on the sensor of a key in other ways, once it is in the port', async () => {
    await openPractice({ keys: [key('A', 'modern', 'inTray'), key('F', 'fingerprint', 'inTray')] });
    expect(await button('Too fast').count()).toBe(0);
    await gallery.page.getByRole('button', { name: 'Norden F' }).click();
    expect(await button('Too fast').isDisabled()).toBe(true);
    await openPractice({ keys: [key('A', 'modern', 'inTray'), key('F', 'fingerprint', 'plugged')] });
    await button('Too fast').click();
    await button('Other finger').click();
    expect(await heard()).toEqual([
      { type: 'key.touch', keyId: 'F', how: 'tooFast' },
      { type: 'key.touch', keyId: 'F', how: 'otherFinger' },
    ]);
  });

  test('shows the tray alone beside key care', async () => {
    await openPractice({ beside: 'care' });
    expect(await gallery.page.getByRole('heading', { level: 2 }).allTextContents()).toEqual(['Tray of keys']);
    await gallery.keep('practice-beside-care');
  });

  test.each([
    { language: 'en', phone: 'form' },
    { language: 'nl', phone: 'form' },
    { language: 'ar', phone: 'form' },
    { language: 'nl', phone: 'request' },
    { language: 'nl', phone: 'account' },
  ] as const)(
    'shows everything at once in $language, with the $phone on the phone: nothing scrolls',
    async ({ language, phone }) => {
      const userName = 'ingrid.sorensen@meridian.example';
      const shown = {
        form: app({ form: { purpose: 'phoneSignIn', userName }, notice: 'signInRefused', noticeCode: 130_507 }),
        request: app({ request: { kind: 'signIn', userName }, notice: 'numberWrong' }),
        account: app({ accounts: [{ userName, phoneSignIn: false }], notice: 'registered' }),
      } as const;
      const { slip, ledger } = picture;
      const [made] = ledger.keys;
      if (made === undefined) throw new Error('the picture has a key');
      const keys = trayKeyKinds.map(({ face }): PracticeKey => ({
        ...face,
        state: face.id === 'latest' ? 'blinking' : 'inTray',
      }));
      await openPractice({
        language,
        keys,
        phone: shown[phone],
        slip: { ...slip, displayName: 'Ingrid Sørensen', userName },
        ledger: {
          ...ledger,
          keys: [
            { ...made, verifiedBy: ['SimpleWebAuthn', 'X.509 chain (Node.js)'] },
            { ...made, name: 'Spare' },
          ],
        },
      });
      await gallery.keep(`practice-full-${phone}-${language}`);
      const [needed, there] = await gallery.page.locator('main').evaluate((main) => [main.scrollHeight, main.clientHeight]);
      expect(needed).toBeLessThanOrEqual(there ?? 0);
    },
  );

  test('types a pass into the phone and forgets it', async () => {
    await openPractice({ phone: app({ form: { purpose: 'addAccount', userName: null } }) });
    await gallery.page.getByLabel('E-mail').fill('noor.vandijk@meridian.example');
    await gallery.page.getByLabel('Pass', { exact: true }).fill('Hq7&k2Pm');
    await button('Sign in').click();
    expect(await heard()).toEqual([{ type: 'phone.signIn', userName: 'noor.vandijk@meridian.example', pass: 'Hq7&k2Pm' }]);
    expect(await gallery.page.getByLabel('Pass', { exact: true }).inputValue()).toBe('');
  });

  test('answers a number, and nothing but a number', async () => {
    await openPractice({ phone: app({ request: { kind: 'signIn', userName: 'noor.vandijk@meridian.example' } }) });
    await button('Yes').click();
    await gallery.page.getByLabel('Number on the screen').fill('4x2');
    await button('Yes').click();
    await button('No, it’s not me').click();
    expect(await heard()).toEqual([{ type: 'phone.answerNumber', number: '42' }, { type: 'phone.deny' }]);
  });

  test('turns phone sign-in on for the account that has none', async () => {
    await openPractice({
      phone: app({ accounts: [{ userName: 'noor.vandijk@meridian.example', phoneSignIn: false }], notice: 'registered' }),
    });
    await button('Set up phone sign-in').click();
    expect(await heard()).toEqual([{ type: 'phone.turnOnSignIn', userName: 'noor.vandijk@meridian.example' }]);
    await gallery.page.getByText('Account added.').waitFor();
  });

  test('says who verified what the account holds', async () => {
    await openPractice();
    expect(await gallery.page.locator('main').textContent()).toContain('attestation packed, verified by a library, another one');
  });

  test('folds away to a handle', async () => {
    await gallery.resize(56, 1080);
    await gallery.open('practice.html', practiceBridge({ ...picture, folded: true }));
    await button('Open the practice desk').click();
    expect(await heard()).toEqual([{ type: 'fold' }]);
  });

  test.each(['en', 'nl', 'ar'] as const)('axe finds nothing in %s', async (language) => {
    await openPractice({ language, phone: app({ form: { purpose: 'phoneSignIn', userName: 'noor.vandijk@meridian.example' } }) });
    const { violations } = await new AxeBuilder({ page: gallery.page })
      .setLegacyMode(true)
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
      .analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 100)).join(' ')}`)).toEqual([]);
    await gallery.keep(`practice-${language}`);
  });
});

describe('the printed card', () => {
  const card: CardSnapshot = {
    world: 'training',
    language: 'en',
    firstName: 'Noor',
    ways: [
      { way: 'securityKey', atMs: nowMs },
      { way: 'secondKey', atMs: nowMs },
      { way: 'phoneSignIn', atMs: nowMs },
    ],
    after: (['windows', 'mac', 'iphone', 'android'] as const).map((device) => ({ device, pass: 'strands' })),
    pass: { kind: 'endsAt', atMs: nowMs + hourMs },
    contact: '+31 20 555 0142',
  };

  test.each(['en', 'nl', 'ar'] as const)(
    'is one sheet in %s, says when it is drawn, and says what world it is from',
    async (language) => {
      await gallery.resize(560, 794);
      await gallery.open(
        'card.html',
        `window.drawnTimes = 0; window.firstkey = { hello: () => Promise.resolve(${JSON.stringify({ ...card, language })}), drawn: () => { window.drawnTimes += 1; return Promise.resolve(); } };`,
      );
      await gallery.page.waitForFunction(() => (window as unknown as { drawnTimes: number }).drawnTimes === 1);
      const sheet = await gallery.page.locator('article').boundingBox();
      // A5: 148 × 210 mm at 96 pixels an inch.
      expect(sheet?.width).toBeCloseTo((148 / 25.4) * 96, 0);
      expect(sheet?.height).toBeLessThanOrEqual((210 / 25.4) * 96);
      const text = (await gallery.page.locator('article').textContent()) ?? '';
      expect(text).toContain('+31 20 555 0142');
      expect(text).toContain('Noor');
      await gallery.keep(`card-${language}`);
    },
  );

  test('carries no band in the field', async () => {
    await gallery.resize(560, 794);
    await gallery.open(
      'card.html',
      `window.firstkey = { hello: () => Promise.resolve(${JSON.stringify({ ...card, world: 'field' })}), drawn: () => Promise.resolve() };`,
    );
    expect(await gallery.page.locator('article').textContent()).not.toContain('Training');
  });
});
