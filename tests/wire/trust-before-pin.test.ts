// The gate in front of every PIN, on virtual keys: genuine ones pass, impostors are known before a PIN byte is on the wire.
import { describe, expect, test } from 'vitest';
import { formatUuid } from '../../main/fido/bytes/uuid.ts';
import type { PacketLink } from '../../main/fido/hid/packet-link.ts';
import { readMetadataEntry } from '../../main/fido/metadata/metadata-entry.ts';
import type { MetadataInUse, TrustPolicy } from '../../main/fido/metadata/trust.ts';
import { TrustGate } from '../../main/keyhost/trust/trust-gate.ts';
import { withCtap2, type AttestationStyle, type KeyModel } from '../../main/simulator/key/key-model.ts';
import { MODERN_KEY, TRAINING_PIN, U2F_ONLY_KEY } from '../../main/simulator/key/training-keys.ts';
import { keyBench } from '../support/key-bench.ts';
import { openClient, pinBytes } from '../support/key-client.ts';
import { NOW_MS, asksNothing, entryOf, type EntryShape } from '../support/metadata-maker.ts';

const CBOR = 0x90;
const CLIENT_PIN = 0x06;

/** The link, and the CTAP2 commands that went over it. */
function watched(link: PacketLink): { readonly link: PacketLink; readonly commands: number[] } {
  const commands: number[] = [];
  return {
    commands,
    link: {
      reportBytes: link.reportBytes,
      write: (report) => {
        if (report[4] === CBOR) commands.push(report[7] ?? 0);
        return link.write(report);
      },
      read: (signal) => link.read(signal),
      close: () => link.close(),
    },
  };
}

interface GateScene {
  readonly model?: KeyModel;
  readonly pin?: string;
  readonly policy?: Partial<TrustPolicy>;
  readonly entry?: Partial<EntryShape> | null;
  readonly touch?: boolean;
}

async function gateScene({ model = MODERN_KEY, pin, policy = {}, entry = {}, touch = true }: GateScene) {
  const bench = await keyBench({ model, memory: pin === undefined ? {} : { pin } });
  if (touch) bench.key.autoTouch(0);
  const { link, commands } = watched(bench.link);
  const client = await openClient(bench, link);
  const aaguid = model.ctap2 === undefined ? undefined : formatUuid(model.ctap2.aaguid);
  const read =
    entry === null || aaguid === undefined
      ? null
      : readMetadataEntry(entryOf({ aaguid, roots: [bench.attestation.rootCertificateDer], ...entry }));
  const metadata: MetadataInUse | null = read && {
    stale: false,
    blob: { no: 1, nextUpdateMs: NOW_MS, entries: new Map([[read.aaguid, read]]) },
  };
  const gate = new TrustGate(() => ({ policy: { ...asksNothing, ...policy }, metadata, wallMs: NOW_MS }));
  const { vendorId, productId, product } = model;
  const plugged = { path: bench.path, vendorId, productId, product };
  const opened = { key: client.key, plugged, usbSerial: undefined, readSerial: () => Promise.resolve(undefined) };
  const ask = () => client.run(gate.reasonAgainst(opened, 'setPin', client.call));
  return { ...client, commands, ask };
}

const code = (reason: { readonly code: string } | null) => reason?.code ?? 'trusted';

describe('a desk that asks nothing', () => {
  test('trusts without a word to the key', async () => {
    const { ask, commands } = await gateScene({ entry: null, touch: false });
    expect(await ask()).toBeNull();
    expect(commands).toEqual([]);
  });

  test('looks at the model once it knows models, without a touch', async () => {
    const { ask, commands } = await gateScene({ touch: false });
    expect(await ask()).toBeNull();
    expect(commands).toEqual([0x04]);
  });

  test('lets a key without CTAP2 pass: it takes no PIN', async () => {
    const { ask, commands } = await gateScene({ model: U2F_ONLY_KEY, policy: { requireAttestation: true } });
    expect(await ask()).toBeNull();
    expect(commands).toEqual([]);
  });
});

describe('a desk that asks for proof', () => {
  const policy = { requireAttestation: true };

  test('trusts a genuine key with one touch, asks it once, and the PIN comes after', async () => {
    const { ask, commands, key, call, run } = await gateScene({ policy });
    expect(await ask()).toBeNull();
    expect(await ask()).toBeNull();
    expect(commands).toEqual([0x04, 0x04, 0x01]);
    expect(await run(key.setPin(pinBytes(TRAINING_PIN), call))).toMatchObject({ ok: true });
    expect(commands.filter((command) => command === CLIENT_PIN).length).toBeGreaterThan(0);
  });

  test.each<[AttestationStyle, string, string]>([
    ['unknown-root-certificate', 'key.notGenuine', 'noRoot'],
    ['packed-self', 'key.unproven', 'self'],
    ['none', 'key.unproven', 'none'],
  ])('knows %s before any PIN byte', async (attestation, reason, statusName) => {
    const { ask, commands } = await gateScene({ model: withCtap2(MODERN_KEY, { attestation }), policy });
    expect(await ask()).toMatchObject({ code: reason, detail: { statusName, model: 'Test Key' } });
    expect(commands).not.toContain(CLIENT_PIN);
  });

  test('refuses a key that would want its PIN first, without a touch', async () => {
    const { ask, commands } = await gateScene({
      model: withCtap2(MODERN_KEY, { makeCredUvNotRequired: false }),
      pin: TRAINING_PIN,
      policy,
      touch: false,
    });
    expect(await ask()).toMatchObject({ code: 'key.unproven', detail: { statusName: 'cannotProve' } });
    expect(commands).not.toContain(0x01);
  });

  test('says that nobody touched the key, and asks again', async () => {
    const { ask } = await gateScene({ policy, touch: false });
    expect(code(await ask())).toBe('key.touchTimeout');
    expect(code(await ask())).toBe('key.touchTimeout');
  });

  test('cannot judge without metadata', async () => {
    expect(await (await gateScene({ policy, entry: null })).ask()).toMatchObject({
      code: 'desk.noMetadata',
      detail: { statusName: 'missing' },
    });
  });
});

describe('rules about the model', () => {
  const aaguid = formatUuid(MODERN_KEY.ctap2?.aaguid ?? new Uint8Array(16));

  test.each<[string, GateScene, string]>([
    ['a model on the list', { policy: { allowedKeyModels: [aaguid] } }, 'trusted'],
    ['a model beside the list', { policy: { allowedKeyModels: [aaguid.replace(/^./, 'f')] } }, 'key.notAllowed'],
    ['a refused model', { policy: { refusedKeyModels: [aaguid] } }, 'key.notAllowed'],
    ['a revoked model', { entry: { reports: [{ status: 'REVOKED' }] } }, 'key.unsafe'],
    ['a model below the level', { policy: { leastCertification: 'L2' } }, 'key.notCertified'],
    ['a key with a PIN', { policy: { freshKeysOnly: true }, pin: TRAINING_PIN }, 'key.notFresh'],
    ['a fresh key', { policy: { freshKeysOnly: true } }, 'trusted'],
  ])('%s', async (_what, scene, expected) => {
    const { ask, commands } = await gateScene({ ...scene, touch: false });
    expect(code(await ask())).toBe(expected);
    expect(commands).not.toContain(0x01);
  });
});
