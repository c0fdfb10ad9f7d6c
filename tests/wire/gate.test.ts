// The gate: nobody is asked for a pass at a desk that is not where it should be; help is there all the same.
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { createBeacon } from '../../main/beacon/beacon.ts';
import type { NetworkPath } from '../../main/ports/network-path.ts';
import type { Settings } from '../../main/ports/settings.ts';
import { beaconUrl } from '../support/beacon-stand.ts';
import { WholeDesk, type WholeDeskOptions } from '../support/whole-desk.ts';

const desks: WholeDesk[] = [];
afterEach(async () => {
  await Promise.all(desks.splice(0).map((desk) => desk.close()));
});

const office: Partial<Settings> = { beaconUrl, networkRanges: ['203.0.113.0/24', '2001:db8::/32'] };
const home = '198.51.100.7';

async function open(options: WholeDeskOptions): Promise<WholeDesk> {
  const desk = await WholeDesk.open(options);
  desks.push(desk);
  return desk;
}

async function begun(options: WholeDeskOptions, arrange: (desk: WholeDesk) => void = () => undefined): Promise<WholeDesk> {
  const desk = await open(options);
  arrange(desk);
  desk.say({ type: 'start' });
  await desk.untilIs(({ screen }) => screen.kind === 'plan' || (screen.kind === 'gate' && screen.state === 'told'));
  return desk;
}

const refusedWith = (desk: WholeDesk) => desk.screen('gate').reason;

describe('the beacon', () => {
  test('that sees the desk in the office lets it serve, and is asked anew each time', async () => {
    const desk = await begun({ settings: office });
    expect(desk.screen('plan').kind).toBe('plan');
    const nonces = desk.beacon.asked.map((url) => new URL(url).searchParams.get('nonce'));
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  test.each<[string, string]>([
    ['version 4', home],
    ['version 6', '2001:db9::1'],
  ])('that sees the desk elsewhere (%s) shuts it', async (_version, address) => {
    const desk = await begun({ settings: office }, ({ beacon }) => (beacon.address = address));
    expect(refusedWith(desk)).toEqual({ code: 'desk.elsewhere', detail: { address } });
    expect(desk.entries.map(({ body }) => body)).toContainEqual({ event: 'gate.refused', reason: 'desk.elsewhere' });
  });

  test.each<[string, NetworkPath, string]>([
    ['a VPN', { gateways: [], tunnel: 'wg0', proxied: false }, 'desk.behindVpn'],
    ['a proxy', { gateways: [], tunnel: null, proxied: true }, 'desk.behindProxy'],
  ])('that sees the desk elsewhere because of %s names it', async (_what, path, code) => {
    const desk = await begun({ settings: office, path }, ({ beacon }) => (beacon.address = home));
    expect(refusedWith(desk).code).toBe(code);
  });

  test('lets a VPN pass whose far end is the office', async () => {
    const desk = await begun({ settings: office, path: { gateways: [], tunnel: 'tun0', proxied: false } });
    expect(desk.picture.screen.kind).toBe('plan');
  });

  const stranger = createBeacon({ privateKey: generateKeyPairSync('ed25519').privateKey, wallMs: () => 0 });
  const plain = { 'content-type': 'application/jose' };
  const untilGivenUp = (request: Request): Promise<Response> =>
    new Promise((_resolve, reject) => request.signal.addEventListener('abort', () => reject(new TypeError('aborted'))));
  test.each<[string, (desk: WholeDesk) => (request: Request) => Promise<Response>, string]>([
    ['an answer signed by a stranger', () => (request) => stranger.answer(request, '203.0.113.17'), 'desk.beaconNotOurs'],
    ['an address without a signature', () => async () => new Response('203.0.113.17', { headers: plain }), 'desk.beaconNotOurs'],
    [
      'a page of a captive portal',
      () => async () => new Response('<html>Welcome', { headers: { 'content-type': 'text/html' } }),
      'network.captivePortal',
    ],
    ['a refusal', () => async () => new Response('no', { status: 503, headers: plain }), 'desk.placeUnknown'],
    ['a cut cable', () => () => Promise.reject(new TypeError('fetch failed')), 'desk.beaconSilent'],
    ['silence', () => untilGivenUp, 'desk.beaconSilent'],
    ['an answer of 10 kB', () => async () => new Response('a'.repeat(10_000), { headers: plain }), 'network.wrongAnswer'],
  ])('%s shuts the desk', async (_what, instead, code) => {
    const desk = await open({ settings: office });
    desk.beacon.instead = instead(desk);
    desk.say({ type: 'start' });
    await desk.untilIs(({ screen }) => screen.kind === 'gate' && screen.state === 'told');
    expect(refusedWith(desk).code).toBe(code);
    expect(desk.bugs).toEqual([]);
  });

  test('a recorded answer does not open the desk for the next person', async () => {
    const desk = await open({ settings: office });
    let recorded: Response | null = null;
    desk.beacon.instead = async (request) => {
      recorded ??= await desk.beacon.beacon.answer(request, '203.0.113.17');
      return recorded.clone();
    };
    desk.say({ type: 'start' });
    await desk.until('plan');
    desk.say({ type: 'back' });
    await desk.until('attract');
    desk.say({ type: 'start' });
    await desk.until('gate');
    expect(refusedWith(desk)).toEqual({ code: 'desk.beaconNotOurs', detail: { statusName: 'nonce' } });
  });

  test('a beacon of another time says that a clock is wrong', async () => {
    const desk = await begun({ settings: office }, ({ beacon }) => (beacon.skewMs = 6 * 60_000));
    expect(refusedWith(desk).code).toBe('desk.clockWrong');
  });
});

describe('the gateway', () => {
  const known = ['0a:1b:2c:3d:4e:5f'];
  test.each<[string, NetworkPath | undefined, string]>([
    ['the known one', { gateways: known, tunnel: null, proxied: false }, 'plan'],
    ['a stranger beside it', { gateways: [...known, '02:00:00:00:00:01'], tunnel: null, proxied: false }, 'desk.unknownGateway'],
    ['another', { gateways: ['02:00:00:00:00:01'], tunnel: null, proxied: false }, 'desk.unknownGateway'],
    ['none', { gateways: [], tunnel: null, proxied: false }, 'desk.unknownGateway'],
    ['a tunnel beside the known one', { gateways: known, tunnel: 'tun0', proxied: false }, 'desk.behindVpn'],
    ['one that can’t be read', undefined, 'desk.unknownGateway'],
  ])('%s leads to %s', async (_what, path, expected) => {
    const desk = await begun({ settings: { gateways: known }, ...(path === undefined ? {} : { path }) });
    expect(desk.picture.screen.kind === 'gate' ? refusedWith(desk).code : desk.picture.screen.kind).toBe(expected);
  });
});

describe('a shut gate', () => {
  test('helps, changes its language and opens again when the desk is back', async () => {
    const desk = await begun({ settings: office }, ({ beacon }) => (beacon.address = home));
    expect(desk.picture.allowed).toEqual(expect.arrayContaining(['help.open', 'language.open', 'tryAgain', 'back']));
    desk.say({ type: 'help.open' });
    expect(desk.picture.overlay?.kind).toBe('help');
    desk.say({ type: 'panel.close' });
    desk.beacon.address = '203.0.113.99';
    desk.say({ type: 'tryAgain' });
    expect(desk.screen('gate').state).toBe('looking');
    await desk.until('plan');
  });

  test('shuts for the pass too when the desk is carried away in the middle', async () => {
    const desk = await begun({ settings: office });
    desk.beacon.address = home;
    desk.press({ type: 'plan.device', device: 'windows', chosen: true });
    desk.press({ type: 'plan.passUse', passUse: 'several' });
    desk.press({ type: 'continue' });
    await desk.until('trouble');
    expect(desk.screen('trouble').reason.code).toBe('desk.elsewhere');
    expect(desk.entries.some(({ body }) => body.event === 'stay.signedIn')).toBe(false);
  });

  test('ends with its visitor', async () => {
    const desk = await begun({ settings: office }, ({ beacon }) => (beacon.address = home));
    desk.say({ type: 'back' });
    await desk.until('attract');
  });
});

describe('the address that Microsoft saw', () => {
  const ranges: Partial<Settings> = { networkRanges: ['203.0.113.0/24'] };

  test('lets the desk serve when it is one of the ranges', async () => {
    const desk = await open({ settings: ranges, microsoftTellsAddress: true });
    await desk.toKey();
    expect(desk.picture.screen.kind).toBe('insertKey');
  });

  test.each<[string, boolean, string]>([
    ['another', true, 'desk.elsewhere'],
    ['untold', false, 'desk.placeUntold'],
  ])('%s: no key is registered', async (_what, microsoftTellsAddress, code) => {
    const desk = await open({ settings: ranges, microsoftTellsAddress });
    desk.twin.stage.setPlace('desk', { address: home, country: 'SE' });
    await desk.toKey();
    expect(desk.screen('trouble').reason.code).toBe(code);
    expect(desk.entries.some(({ body }) => body.event === 'stay.signedIn')).toBe(false);
  });
});
