// The client on authenticators that are not ours, at packet height: three that others wrote, with the habits they were seen
// to have, and devices that frame as they like.
import { describe, expect, test } from 'vitest';
import { KeyNotAnswering } from '../../main/fido/hid/errors.ts';
import { PacketLinkClosed } from '../../main/fido/hid/packet-link.ts';
import { CLIENT_PIN, GET_ASSERTION, MAKE_CREDENTIAL, SELECTION } from '../support/fido-scripted-authenticator.ts';
import { hidDevice, type HidHabits } from '../support/fido-hid-device.ts';
import { PEER_NAMES, peer, type Peer, type PeerName } from '../support/fido-peers.ts';
import {
  RP_ID,
  assertAll,
  checkMade,
  checkProof,
  make,
  openClient,
  pinBytes,
  refusalOf,
  valueOf,
  type KeyClient,
} from '../support/key-client.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';

const PIN = '314159';
const WRONG = '271828';
const RETRIES = 1;
const TOKEN = 9;

const desk = () => ({ clock: new ManualClock(), randomBytes: seededRandomBytes('peers') });

async function plugged(subject: Peer): Promise<KeyClient> {
  const surroundings = desk();
  return openClient({ surroundings, clock: surroundings.clock }, subject.plugIn());
}

async function withPin(name: PeerName): Promise<{ readonly subject: Peer; readonly client: KeyClient }> {
  const subject = peer(name);
  const client = await plugged(subject);
  valueOf(await client.run(client.key.setPin(pinBytes(PIN), client.call)));
  return { subject, client };
}

const tokenRequests = ({ authenticator }: Peer): number => authenticator.sent(CLIENT_PIN, TOKEN).length;

describe.each(PEER_NAMES)('%s', (name) => {
  test('out of its box: described without a question about tries, which some lie to and some die of', async () => {
    const subject = peer(name);
    const { key, call, run } = await plugged(subject);
    expect(await run(key.describe(call))).toMatchObject({ kind: 'ctap2', pin: { kind: 'none' } });
    expect(subject.authenticator.sent(CLIENT_PIN, RETRIES)).toHaveLength(0);
    expect(subject.crashes()).toBe(0);
  });

  test('from its first PIN to the proof, with and without the id that goes without saying', async () => {
    const { client } = await withPin(name);
    const { checked, attestation } = checkMade(valueOf(await make(client, PIN)));
    expect(attestation).toEqual({ kind: 'self' });
    expect(client.progress).toContain('touchNeeded');
    checkProof(valueOf(await assertAll(client, PIN))[0], checked);
    checkProof(valueOf(await assertAll(client, PIN, [checked.credentialId]))[0], checked);
  });

  test('a wrong PIN costs one try; the right one after it is sent under a new agreement and costs none', async () => {
    const { subject, client } = await withPin(name);
    expect(refusalOf(await make(client, WRONG))).toEqual({ kind: 'pinWrong', retriesLeft: 7 });
    valueOf(await make(client, PIN));
    expect(subject.authenticator.retries).toBe(8);
    expect(tokenRequests(subject)).toBe(2);
  });

  test('three wrong ones: not another PIN is sent before the replug, and then it works', async () => {
    const { subject, client } = await withPin(name);
    await make(client, WRONG);
    await make(client, WRONG);
    expect(refusalOf(await make(client, WRONG))).toEqual({ kind: 'replugNeeded', retriesLeft: 5 });
    for (const pin of [PIN, WRONG]) expect(refusalOf(await make(client, pin))).toMatchObject({ kind: 'replugNeeded' });
    expect([subject.authenticator.retries, tokenRequests(subject)]).toEqual([5, 3]);
    const again = await plugged(subject);
    valueOf(await make(again, PIN));
    expect(subject.authenticator.retries).toBe(8);
  });

  test('a second first PIN is refused here, whatever the key would say', async () => {
    const { subject, client } = await withPin(name);
    const before = subject.authenticator.sent(CLIENT_PIN).length;
    expect(refusalOf(await client.run(client.key.setPin(pinBytes(WRONG), client.call)))).toEqual({ kind: 'pinAlreadySet' });
    expect(subject.authenticator.sent(CLIENT_PIN)).toHaveLength(before);
  });

  test('a PIN that must be changed is never tried, only changed', async () => {
    const { subject, client } = await withPin(name);
    subject.authenticator.forcePinChange = true;
    expect(refusalOf(await make(client, PIN))).toEqual({ kind: 'pinMustChange' });
    expect(tokenRequests(subject)).toBe(0);
    const pins = { oldPin: pinBytes(PIN), newPin: pinBytes('161803') };
    valueOf(await client.run(client.key.changePin(pins, client.call)));
    valueOf(await make(client, '161803'));
  });

  test('a token for every credential', async () => {
    const { subject, client } = await withPin(name);
    for (const fill of [1, 2, 3]) valueOf(await make(client, PIN, { userId: Uint8Array.of(fill) }));
    expect(tokenRequests(subject)).toBe(3);
    expect(valueOf(await assertAll(client, PIN))).toHaveLength(3);
  });

  test('the same key twice, behind more ids than it takes at once', async () => {
    const { client } = await withPin(name);
    const { credentialId } = checkMade(valueOf(await make(client, PIN))).checked;
    const others = Array.from({ length: 140 }, (_, index) => new Uint8Array(64).fill(index));
    expect(refusalOf(await make(client, PIN, { excludeCredentialIds: [...others, credentialId] }))).toEqual({
      kind: 'alreadyRegistered',
    });
    valueOf(await make(client, PIN, { excludeCredentialIds: others }));
  });

  test('a person with a long name', async () => {
    const { client } = await withPin(name);
    const made = valueOf(await make(client, PIN, { userName: `${'x'.repeat(200)}@login.example` }));
    expect(checkMade(made).checked.flags).toMatchObject({ userPresent: true, userVerified: true });
  });

  test('a touch, whether it knows the command for it or not', async () => {
    const { subject, client } = await withPin(name);
    const { authenticator } = subject;
    // Under an empty parameter these keys answer, once they were touched, each a status of its own.
    authenticator.interceptions.unshift(({ command, parameters }) => {
      const param = command === MAKE_CREDENTIAL ? parameters.get(8) : undefined;
      return param instanceof Uint8Array && param.length === 0 ? (name === 'pico-fido' ? 0x33 : 0x31) : undefined;
    });
    valueOf(await client.run(client.key.select(client.call)));
    authenticator.info.set(1, ['FIDO_2_0']);
    valueOf(await client.run(client.key.select(client.call)));
    expect(authenticator.sent(SELECTION)).toHaveLength(1);
    expect(authenticator.retries).toBe(8);
    expect(authenticator.credentials).toHaveLength(0);
  });

  test('the longest PING: echoed, refused, or never answered; the channel lives on', async () => {
    const { client } = await withPin(name);
    const outcome = await client.run(client.channel.ping(new Uint8Array(7_609), { signal: client.call.signal }).catch(nameOf));
    const expected = { LionKey: undefined, canokey: 'CtapHidError', 'pico-fido': 'KeyNotAnswering' } as const;
    expect(outcome).toBe(expected[name]);
    valueOf(await make(client, PIN));
  });
});

test('a key that dies of a question is gone, not endless', async () => {
  const subject = peer('pico-fido');
  subject.authenticator.options['clientPin'] = true; // says that it has a PIN, and has none
  const { key, call, run } = await plugged(subject);
  const asked = run(key.describe(call).catch((error: unknown) => error));
  expect(await asked).toBeInstanceOf(PacketLinkClosed);
  expect(subject.crashes()).toBe(1);
});

describe('a device that frames as it likes', () => {
  test.each<[string, HidHabits]>([
    ['INIT answers of 18 bytes', { initBytes: 18 }],
    ['INIT answers of 57 bytes', { initBytes: 57 }],
    ['INIT answers in three packets', { initBytes: 120 }],
    ['capability bits nobody knows', { capabilities: 0xfc }],
    ['keep-alives of unknown kinds', { keepalives: [0, 3, 77, 255] }],
    ['keep-alives after the answer', { lateKeepalives: [2, 1] }],
    ['another program’s packets between all of its own', { foreignAnswer: true }],
    ['an ear for channels it never gave out', { answersAnyChannel: true }],
  ])('%s: from the first PIN to the proof', async (_, habits) => {
    const { authenticator } = peer('LionKey');
    const link = hidDevice((request) => authenticator.cbor(request, { signal: new AbortController().signal }), habits);
    const surroundings = desk();
    const client = await openClient({ surroundings, clock: surroundings.clock }, link);
    valueOf(await client.run(client.key.setPin(pinBytes(PIN), client.call)));
    const { checked } = checkMade(valueOf(await make(client, PIN)));
    checkProof(valueOf(await assertAll(client, PIN))[0], checked);
    expect(authenticator.sent(GET_ASSERTION)).toHaveLength(1);
    expect(surroundings.clock.pendingWaits).toBe(0);
  });

  test('an answer that never comes ends, and nothing is left of it', async () => {
    const link = hidDevice(() => new Promise(() => undefined), { keepalives: [1] });
    const surroundings = desk();
    const { key, call, run } = await openClient({ surroundings, clock: surroundings.clock }, link);
    expect(await run(key.describe(call).catch((error: unknown) => error))).toBeInstanceOf(KeyNotAnswering);
    expect(surroundings.clock.pendingWaits).toBe(0);
  });
});

test('another site’s credential is never the answer to ours', async () => {
  const { subject, client } = await withPin('canokey');
  valueOf(await make(client, PIN));
  const { key, call, run } = client;
  const elsewhere = { rpId: `other.${RP_ID}`, clientDataHash: new Uint8Array(32), allowCredentialIds: [] };
  expect(refusalOf(await run(key.getAssertions(elsewhere, pinBytes(PIN), call)))).toEqual({ kind: 'noCredential' });
  expect(subject.authenticator.retries).toBe(8);
});

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'no error';
}
