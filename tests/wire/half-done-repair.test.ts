// A key that was made and not accepted is finished, or tidied, or told of: wherever the no comes from, and whatever the key can.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cutOffStays } from '../../main/conductor/recovery.ts';
import type { TrainingKey } from '../../main/simulator/key/training-keys.ts';
import { TRAINING_KEYS } from '../../main/simulator/key/training-keys.ts';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { person, WholeDesk } from '../support/whole-desk.ts';

let desk: WholeDesk;
let key: VirtualKey;
/** What Graph answers instead of the twin; null: the twin does. */
let graph: (request: Request) => Response | null;
beforeEach(() => {
  graph = () => null;
});
afterEach(async () => {
  await desk.close();
  expect(desk.bugs).toEqual([]);
});

const isKeys = ({ url }: Request) => new URL(url).pathname.endsWith('/fido2Methods');
const isSending = (request: Request) => request.method === 'POST' && isKeys(request);
const refusal = (status: number, message: string) => Response.json({ error: { code: 'badRequest', message } }, { status });
const refusesTo = (is: (request: Request) => boolean, status: number, message: string) => (request: Request) =>
  is(request) ? refusal(status, message) : null;
const broken = (): never => {
  throw new TypeError('fetch failed');
};

/** Up to the finger on a fresh key. */
async function toMade(training: TrainingKey = TRAINING_KEYS.modern): Promise<void> {
  desk = await WholeDesk.open({ insteadOfGraph: (request) => graph(request) });
  await desk.toKey();
  key = await desk.key(training);
  key.autoTouch(200);
  await desk.plug(key);
  await desk.choosePin();
}

const events = () => desk.entries.map(({ body }) => body.event);
const sinceMade = () => events().slice(events().indexOf('credential.made') + 1);
const onKey = () => key.inspection.credentialIds.length;
const passkeys = () => desk.twin.stage.methods(desk.upn).passkeys;
const untilTrouble = (code: string) => desk.untilIs(({ screen }) => screen.kind === 'trouble' && screen.reason.code === code);

/** The same key again, with the PIN that it has by now. */
async function openAgain(): Promise<void> {
  await desk.until('keyReady');
  desk.press({ type: 'pin.begin' });
  desk.typePin(person.pin);
}

describe('a plain no of Graph', () => {
  test.each([
    ['of the maker’s signature', 400, 'The attestation is not acceptable.', 'directory.attestationRefused'],
    ['of the model', 400, 'The AAGUID is not allowed.', 'directory.keyModelNotAllowed'],
    ['as a duplicate that the list does not show', 409, 'exists', 'key.alreadyRegistered'],
  ])('%s: the key is tidied before another one is asked for', async (_, status, message, code) => {
    graph = refusesTo(isSending, status, message);
    await toMade();
    await desk.until('keyRefused');
    expect(desk.screen('keyRefused').reason.code).toBe(code);
    expect(onKey()).toBe(0);
    expect(sinceMade()).toEqual([
      'registration.sending',
      'registration.refused',
      'credential.discarding',
      'credential.discarded',
    ]);
    expect(desk.pictures.some(({ screen }) => screen.kind === 'saving' && screen.state === 'tidying')).toBe(true);
  });

  test.each([400, 404, 401])('of status %i: the key is tidied, and the next try begins anew', async (status) => {
    graph = refusesTo(isSending, status, 'no');
    await toMade();
    await desk.until('trouble');
    expect(onKey()).toBe(0);
    graph = () => null;
    desk.press({ type: 'tryAgain' });
    await desk.until('works');
    expect(onKey()).toBe(1);
    expect(passkeys()).toHaveLength(1);
  });

  test.each([403, 405])('to the way itself (%i): the key is tidied before the next way is taken', async (status) => {
    graph = refusesTo(isSending, status, 'no');
    await toMade();
    await desk.until('portal');
    expect(onKey()).toBe(0);
    await desk.untilIs(({ host }) => host?.state === 'verified');
    await desk.finishKeyOnPage(await desk.run(desk.askForKeyOnPage()));
    await desk.until('works');
    expect(onKey()).toBe(1);
    expect(passkeys()).toHaveLength(1);
  });

  test('to a challenge that is too old: the old one leaves the key before the next is made', async () => {
    let sent = 0;
    graph = (request) => (isSending(request) && (sent += 1) === 1 ? refusal(400, 'The challenge has expired.') : null);
    await toMade();
    await desk.until('works');
    expect(sinceMade().slice(0, 6)).toEqual([
      'registration.sending',
      'registration.refused',
      'credential.discarding',
      'credential.discarded',
      'credential.making',
      'credential.made',
    ]);
    expect(onKey()).toBe(1);
  });
});

describe('an answer that leaves it open', () => {
  test('keeps the key as it is while it is tried again', async () => {
    graph = refusesTo(isSending, 503, 'no');
    await toMade();
    await untilTrouble('directory.unavailable');
    expect(onKey()).toBe(1);
    graph = () => null;
    desk.press({ type: 'tryAgain' });
    await desk.until('works');
    expect(events()).not.toContain('credential.discarding');
  });

  test('and is given up: what the list does not show leaves the key', async () => {
    graph = refusesTo(isSending, 503, 'no');
    await toMade();
    await untilTrouble('directory.unavailable');
    desk.press({ type: 'back' });
    await desk.until('plan');
    expect(onKey()).toBe(0);
    expect(events().at(-1)).toBe('credential.discarded');
  });

  test('and is given up: what the list shows is finished', async () => {
    await toMade();
    desk.twin.stage.inject({
      match: { method: 'POST', path: '/v1.0/me/authentication/fido2Methods' },
      networkError: true,
      beforeWork: false,
      status: 500,
    });
    graph = (request) => (isKeys(request) && request.method === 'GET' ? broken() : null);
    await desk.until('trouble');
    graph = () => null;
    desk.press({ type: 'back' });
    await desk.until('works');
    expect(passkeys()).toHaveLength(1);
    expect(onKey()).toBe(1);
  });

  test('and can’t be looked up either: it stays, the person is told, and the next try on that key tidies it', async () => {
    graph = (request) => (isKeys(request) ? broken() : null);
    await toMade();
    await untilTrouble('directory.unreachable');
    desk.press({ type: 'back' });
    await desk.untilIs(({ screen, allowed }) => screen.kind === 'trouble' && allowed.includes('back') && screen.during === 'key');
    desk.press({ type: 'back' });
    await untilTrouble('key.accountLeft');
    // Nothing is deleted that may be saved.
    expect(desk.picture.allowed).not.toContain('tryAgain');
    expect(onKey()).toBe(1);
    desk.press({ type: 'continue' });
    await desk.until('plan');
    expect(events().at(-1)).toBe('credential.left');
    graph = () => null;
    desk.press({ type: 'continue' });
    await openAgain();
    await desk.until('works');
    expect(events()).toContain('credential.discarded');
    expect(onKey()).toBe(1);
    expect(passkeys()).toHaveLength(1);
  });

  test('and was a yes: the next try on that key finds it and tests it', async () => {
    await toMade();
    desk.twin.stage.inject({
      match: { method: 'POST', path: '/v1.0/me/authentication/fido2Methods' },
      networkError: true,
      beforeWork: false,
      status: 500,
    });
    graph = (request) => (isKeys(request) && request.method === 'GET' ? broken() : null);
    await desk.until('trouble');
    desk.press({ type: 'back' });
    await desk.untilIs(({ screen, allowed }) => screen.kind === 'trouble' && allowed.includes('back') && screen.during === 'key');
    desk.press({ type: 'back' });
    await untilTrouble('key.accountLeft');
    desk.press({ type: 'continue' });
    await desk.until('plan');
    graph = () => null;
    desk.press({ type: 'continue' });
    await openAgain();
    await desk.until('works');
    expect(events()).not.toContain('credential.discarding');
    expect(passkeys()).toHaveLength(1);
  });

  test('and the person starts again: whoever stands there next is told', async () => {
    graph = refusesTo(isSending, 503, 'no');
    await toMade();
    await untilTrouble('directory.unavailable');
    desk.press({ type: 'startAgain.ask' });
    desk.press({ type: 'startAgain.confirm' });
    await desk.until('interrupted');
    expect(desk.screen('interrupted').findings).toMatchObject([{ code: 'keyMadeNotSaved' }]);
    expect(events().slice(-3)).toEqual(['stay.ended', 'credential.left', 'stay.wiped']);
    desk.press({ type: 'continue' });
    await desk.until('attract');
  });
});

describe('a key that can’t delete single accounts', () => {
  test('puts the next one in the place of the old', async () => {
    let sent = 0;
    graph = (request) => (isSending(request) && (sent += 1) === 1 ? refusal(400, 'The challenge has expired.') : null);
    await toMade(TRAINING_KEYS.ctap20);
    await desk.until('works');
    expect(onKey()).toBe(1);
    expect(events()).toEqual(expect.arrayContaining(['credential.notDiscarded', 'credential.replaced', 'proof.given']));
    expect(desk.pictures.filter(({ screen }) => screen.kind === 'trouble')).toEqual([]);
  });

  test('and is not taken keeps it: that is said before another key is asked for', async () => {
    graph = refusesTo(isSending, 400, 'The AAGUID is not allowed.');
    await toMade(TRAINING_KEYS.ctap20);
    await untilTrouble('key.accountStays');
    expect(desk.picture.allowed).not.toContain('tryAgain');
    desk.press({ type: 'continue' });
    await desk.until('keyRefused');
    expect(onKey()).toBe(1);
    expect(events().slice(-2)).toEqual(['credential.notDiscarded', 'credential.left']);
  });
});

describe('the key is pulled out just then', () => {
  const pullWhileTidying = async () => {
    graph = refusesTo(isSending, 400, 'no');
    await toMade();
    const stop = desk.conductor.onShow(({ screen }) => {
      if (screen.kind === 'saving' && key.isPowered) desk.host.usb.unplug(key);
    });
    await untilTrouble('key.accountLeft');
    stop();
    expect(onKey()).toBe(1);
    graph = () => null;
  };

  test('and plugged in again: it is tidied then', async () => {
    await pullWhileTidying();
    desk.host.usb.plug(key);
    await desk.untilIs(({ allowed }) => allowed.includes('tryAgain'));
    desk.press({ type: 'tryAgain' });
    await untilTrouble('directory.refused');
    expect(onKey()).toBe(0);
  });

  test('and comes back later: its PIN is needed again, and a wrong one is only a wrong one', async () => {
    await pullWhileTidying();
    desk.press({ type: 'continue' });
    await desk.until('insertKey', 'trouble');
    if (desk.picture.screen.kind === 'trouble') desk.press({ type: 'tryAgain' });
    await desk.until('insertKey');
    await desk.plug(key);
    await desk.until('keyReady');
    desk.press({ type: 'pin.begin' });
    desk.typePin('000000');
    await desk.untilIs(({ screen }) => screen.kind === 'pin' && screen.notice?.code === 'key.pinWrong');
    expect(desk.screen('pin').tries?.left).toBe(7);
    desk.typePin(person.pin);
    await desk.until('works');
    expect(events()).toContain('credential.discarded');
    expect(onKey()).toBe(1);
  });

  test('and another one is set up: what stays on the first is told before the end', async () => {
    await pullWhileTidying();
    const first = key;
    desk.press({ type: 'continue' });
    await desk.until('insertKey', 'trouble');
    if (desk.picture.screen.kind === 'trouble') desk.press({ type: 'tryAgain' });
    await desk.until('insertKey');
    await desk.freshKeyWorks();
    expect(first.inspection.credentialIds).toHaveLength(1);
    expect(events().filter((event) => event === 'credential.left')).toHaveLength(1);
  });
});

describe('Microsoft’s page', () => {
  const toPage = async () => {
    graph = (request) => (new URL(request.url).pathname.endsWith('/creationOptions') ? refusal(405, 'no') : null);
    await toMade();
    await desk.until('portal');
    await desk.untilIs(({ host }) => host?.state === 'verified');
  };

  test('that is gone when the key is made gets nothing, and neither does the key', async () => {
    await toPage();
    key.autoTouch('never');
    void desk.askForKeyOnPage();
    await desk.untilIs(({ screen }) => screen.kind === 'touch' && screen.state === 'waiting');
    desk.page.refuseKey({ ask: 2 }, 'NotAllowedError');
    desk.page.refuseKey({ ask: 1 }, 'NotAllowedError');
    key.touch();
    await untilTrouble('signIn.pageFailed');
    expect(onKey()).toBe(0);
    key.autoTouch(200);
    desk.press({ type: 'tryAgain' });
    await desk.until('portal');
    await desk.finishKeyOnPage(await desk.run(desk.askForKeyOnPage()));
    await desk.until('works');
    expect(onKey()).toBe(1);
  });

  test('that does not keep it: the person goes back, and the key is tidied', async () => {
    await toPage();
    await desk.run(desk.askForKeyOnPage());
    await desk.untilIs(({ screen }) => screen.kind === 'portal' && screen.step === 'save');
    desk.press({ type: 'back' });
    await desk.until('keyReady');
    expect(onKey()).toBe(0);
    expect(events().at(-1)).toBe('credential.discarded');
  });

  test('that crashes after it was given the key: the list decides', async () => {
    await toPage();
    await desk.run(desk.askForKeyOnPage());
    await desk.untilIs(({ screen }) => screen.kind === 'portal' && screen.step === 'save');
    desk.pageFact({ type: 'page.failed', what: 'crash' });
    await untilTrouble('signIn.pageFailed');
    expect(onKey()).toBe(0);
  });

  test('that asks again gets a new one, and the old one leaves the key', async () => {
    await toPage();
    await desk.run(desk.askForKeyOnPage());
    await desk.untilIs(({ screen }) => screen.kind === 'portal' && screen.step === 'save');
    await desk.finishKeyOnPage(await desk.run(desk.askForKeyOnPage()));
    await desk.until('works');
    expect(events().filter((event) => event === 'credential.discarded')).toHaveLength(1);
    expect(onKey()).toBe(1);
    expect(passkeys()).toHaveLength(1);
  });
});

describe('a finger that was quicker than going back', () => {
  const madeLate = async () => {
    await toMade();
    key.autoTouch('never');
    key.faults.plan({ on: { ctapCommand: 0x01 }, fault: { kind: 'delay', index: 0, delayMs: 600 } });
    await desk.untilIs(({ screen }) => screen.kind === 'touch' && screen.state === 'waiting');
    key.touch();
    await desk.host.clock.advance(200);
    expect(onKey()).toBe(1);
    desk.press({ type: 'back' });
    key.autoTouch(200);
  };

  test('what was made all the same leaves the key before the next is made', async () => {
    await madeLate();
    await desk.host.clock.advance(2_000);
    expect(events().at(-1)).toBe('credential.made');
    await openAgain();
    await desk.until('works');
    expect(events()).toContain('credential.discarded');
    expect(onKey()).toBe(1);
  });

  test('or the next one takes its place, when it is heard of that late', async () => {
    await madeLate();
    await openAgain();
    await desk.until('works');
    expect(onKey()).toBe(1);
    expect(events().some((event) => event === 'credential.discarded' || event === 'credential.replaced')).toBe(true);
    desk.press({ type: 'continue' });
    await desk.until('done');
    desk.press({ type: 'finish' });
    await desk.until('attract');
  });
});

test('the process dies at any moment of it: the next start tells what the key may hold, no less and no more', async () => {
  graph = refusesTo(isSending, 400, 'The AAGUID is not allowed.');
  await toMade();
  await desk.until('keyRefused');
  const told = desk.entries.map(({ body }, index) => {
    const [stay] = cutOffStays(desk.entries.slice(0, index + 1));
    return [body.event, stay?.findings.slice(1).map(({ code }) => code), stay?.open.length];
  });
  expect(told.slice(-6)).toEqual([
    ['credential.making', ['keyMayHoldAccount'], 0],
    ['credential.made', ['keyMadeNotSaved'], 1],
    ['registration.sending', ['keyMadeNotSaved'], 1],
    ['registration.refused', ['keyMadeNotSaved'], 1],
    ['credential.discarding', ['keyMadeNotSaved'], 1],
    ['credential.discarded', [], 0],
  ]);
});
