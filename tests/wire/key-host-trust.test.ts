// The desk's word on which keys get a PIN, through the whole host: policy and metadata in its start, the gate before every PIN.
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { formatUuid } from '../../main/fido/bytes/uuid.ts';
import type { TrustPolicy } from '../../main/fido/metadata/trust.ts';
import type { KeyProgress } from '../../main/ports/key.ts';
import { MODERN_KEY, TRAINING_KEYS } from '../../main/simulator/key/training-keys.ts';
import { openKeyHostDesk, type KeyHostDesk } from '../support/key-host-desk.ts';
import { NOW_MS, asksNothing, entryOf, makeMetadataService, signBlob, type MetadataService } from '../support/metadata-maker.ts';

const PIN = '836194';
const aaguid = formatUuid(MODERN_KEY.ctap2?.aaguid ?? new Uint8Array(16));

let service: MetadataService;
let desk: KeyHostDesk;
beforeAll(async () => {
  service = await makeMetadataService();
});
afterEach(() => desk.close());

interface Scene {
  readonly policy: Partial<TrustPolicy>;
  /** Of the modern key, with these roots; without it the desk keeps no metadata. */
  readonly roots?: readonly Uint8Array[];
}

async function openTrustingDesk({ policy, roots }: Scene): Promise<KeyHostDesk> {
  const text = roots && (await signBlob(service, { entries: [entryOf({ aaguid, roots })] }));
  return openKeyHostDesk({
    trust: {
      trust: {
        ...asksNothing,
        ...policy,
        allowedKeyModels: [...(policy.allowedKeyModels ?? [])],
        refusedKeyModels: [...(policy.refusedKeyModels ?? [])],
      },
      metadata: { keptFile: 'the kept metadata', graceDays: 90 },
    },
    trustSources: {
      wallMs: () => NOW_MS,
      roots: [service.root.der],
      readKept: (file) =>
        Promise.resolve(text !== undefined && file === 'the kept metadata' ? { text, believedMs: NOW_MS } : null),
    },
  });
}

async function setPin(on: KeyHostDesk) {
  const key = await on.makeKey(TRAINING_KEYS.modern);
  key.autoTouch(0);
  const plugged = await on.plug(key);
  const progress: KeyProgress[] = [];
  const outcome = await on.run(on.keys.setPin(plugged, on.secret(PIN), on.ceremony({ onProgress: (now) => progress.push(now) })));
  return { key, plugged, progress, outcome };
}

/** The roots of the virtual keys of a desk with this seed are always the same. */
async function trainingRoots(): Promise<readonly Uint8Array[]> {
  const other = await openKeyHostDesk();
  await other.close();
  return other.attestationRoots;
}

describe('a desk that trusts not every key', () => {
  test('gives no PIN to a model it refuses', async () => {
    desk = await openTrustingDesk({ policy: { refusedKeyModels: [aaguid] } });
    const { key, outcome } = await setPin(desk);
    expect(outcome).toMatchObject({ ok: false, reason: { code: 'key.notAllowed' } });
    expect(key.inspection.isPinSet).toBe(false);
  });

  test('has a key prove itself by a touch, once, before its first PIN', async () => {
    desk = await openTrustingDesk({ policy: { requireAttestation: true }, roots: await trainingRoots() });
    const { key, plugged, progress, outcome } = await setPin(desk);
    expect(outcome).toEqual({ ok: true, value: null });
    expect(progress).toContain('touchNeeded');
    expect(key.inspection.isPinSet).toBe(true);
    const changed = desk.keys.changePin(plugged, desk.secret(PIN), desk.secret('927301'), desk.ceremony());
    expect(await desk.run(changed)).toEqual({ ok: true, value: null });
  });

  test('gives no PIN to a key that another maker signed for', async () => {
    desk = await openTrustingDesk({ policy: { requireAttestation: true }, roots: [service.root.der] });
    const { key, outcome } = await setPin(desk);
    expect(outcome).toMatchObject({ ok: false, reason: { code: 'key.notGenuine' } });
    expect(key.inspection.isPinSet).toBe(false);
  });

  test('says that it lacks metadata when it needs some', async () => {
    desk = await openTrustingDesk({ policy: { requireMetadata: true } });
    expect((await setPin(desk)).outcome).toMatchObject({ ok: false, reason: { code: 'desk.noMetadata' } });
  });
});

test('a desk without a policy takes every key', async () => {
  desk = await openKeyHostDesk();
  expect((await setPin(desk)).outcome).toEqual({ ok: true, value: null });
});
