// Where Graph takes no key from the person themself, the desk goes on by Microsoft's page: the same key, PIN, journal and proof.
import { afterEach, describe, expect, test } from 'vitest';
import type { VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import type { WholeDeskOptions } from '../support/whole-desk.ts';
import { WholeDesk } from '../support/whole-desk.ts';

let desk: WholeDesk;
let key: VirtualKey;
const notSelf = (request: Request): Response | null =>
  new URL(request.url).pathname.endsWith('/fido2Methods/creationOptions')
    ? Response.json(
        { error: { code: 'methodNotAllowed', message: 'The method is not supported for this URL.' } },
        { status: 405 },
      )
    : null;
/** At Microsoft's page, because Graph won't have it. */
const toPortal = async (options: WholeDeskOptions = {}) => {
  desk = await WholeDesk.open({ insteadOfGraph: notSelf, ...options });
  await desk.toKey();
  key = await desk.key();
  key.autoTouch(200);
  await desk.plug(key);
  await desk.choosePin();
  await desk.until('portal', 'noRoute');
};
const events = () => desk.entries.map(({ body }) => body.event);
const passkeys = () => desk.twin.stage.methods(desk.upn).passkeys;

afterEach(async () => {
  await desk.close();
  expect(desk.bugs).toEqual([]);
});

describe('refused through Graph', () => {
  test('says why, goes on by Microsoft’s page by itself, and ends in a tested key', async () => {
    await toPortal();
    expect(desk.screen('portal')).toMatchObject({ step: 'add', instead: { code: 'directory.notSelfService' }, untold: false });
    await desk.untilIs(({ host }) => host?.state === 'verified');
    const answer = await desk.run(desk.askForKeyOnPage());
    await desk.until('portal');
    expect(desk.screen('portal').step).toBe('save');
    await desk.finishKeyOnPage(answer);
    await desk.until('works');
    expect(passkeys()).toMatchObject([{ displayName: 'Blue key', attestationLevel: 'attested' }]);
    expect(events().slice(2)).toEqual([
      'pin.setting',
      'pin.set',
      'credential.making',
      'credential.made',
      'registration.sending',
      'registration.accepted',
      'registration.listed',
      'proof.given',
    ]);
  });

  test('by every way: the last screen tells each reason, and the ways can be tried again', async () => {
    await toPortal({ settings: { registrationRoutes: ['self', 'technician', 'station'] } });
    expect(desk.screen('noRoute').refusals).toEqual([
      { route: 'self', reason: { code: 'directory.notSelfService', detail: expect.objectContaining({ status: 405 }) } },
      { route: 'technician', reason: { code: 'directory.routeNotSetUp' } },
      { route: 'station', reason: { code: 'directory.routeNotSetUp' } },
    ]);
    desk.press({ type: 'tryAgain' });
    await desk.until('noRoute');
    expect(desk.screen('noRoute').refusals).toHaveLength(3);
    desk.press({ type: 'back' });
    await desk.until('plan');
  });

  test('takes the ways in the order of the settings', async () => {
    await toPortal({ settings: { registrationRoutes: ['portal', 'self'] } });
    expect(desk.screen('portal').instead).toBeNull();
  });
});

describe('on Microsoft’s page', () => {
  test('a key that was pulled out ends the page’s request, and is asked for again', async () => {
    await toPortal();
    key.autoTouch('never');
    const asked = desk.askForKeyOnPage();
    await desk.untilIs(({ screen }) => screen.kind === 'touch' && screen.state === 'waiting');
    desk.host.usb.unplug(key);
    expect(await desk.run(asked)).toEqual({ failure: 'NotAllowedError' });
    await desk.until('insertKey');
    expect(events().at(-1)).toBe('credential.notMade');
    expect(passkeys()).toEqual([]);
  });

  test('going back while the key blinks ends it too', async () => {
    await toPortal();
    key.autoTouch('never');
    const asked = desk.askForKeyOnPage();
    await desk.untilIs(({ screen }) => screen.kind === 'touch' && screen.state === 'waiting');
    desk.press({ type: 'back' });
    expect(await desk.run(asked)).toEqual({ failure: 'NotAllowedError' });
    expect(desk.screen('keyReady')).toBeDefined();
  });

  test('a request while nothing is to be registered finds no key', async () => {
    await toPortal();
    desk.press({ type: 'back' });
    await desk.until('keyReady');
    expect(await desk.run(desk.askForKeyOnPage())).toEqual({ failure: 'NotAllowedError' });
    expect(events()).not.toContain('credential.making');
  });

  test('a request that is taken back stops the blinking, and the page may ask again', async () => {
    await toPortal();
    key.autoTouch('never');
    void desk.askForKeyOnPage();
    await desk.untilIs(({ screen }) => screen.kind === 'touch' && screen.state === 'waiting');
    desk.pageFact({ type: 'page.keyWithdrawn', ask: { ask: 2 } });
    await desk.until('portal');
    key.autoTouch(200);
    const answer = await desk.run(desk.askForKeyOnPage());
    await desk.finishKeyOnPage(answer);
    await desk.until('works');
  });

  test('where the person may not read their keys, the page’s list tells that it is saved', async () => {
    await toPortal({
      insteadOfGraph: (request) =>
        notSelf(request) ??
        (new URL(request.url).pathname.endsWith('/fido2Methods')
          ? Response.json({ error: { code: 'accessDenied', message: 'no' } }, { status: 403 })
          : null),
    });
    const answer = await desk.run(desk.askForKeyOnPage());
    await desk.untilIs(({ screen }) => screen.kind === 'portal' && screen.untold);
    await desk.finishKeyOnPage(answer);
    await desk.until('works');
    expect(passkeys()).toHaveLength(1);
  });
});
