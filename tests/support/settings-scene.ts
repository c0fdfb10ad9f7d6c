// Settings from sources made up for a test, and signers for them.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { CarefulReading } from '../../main/adapters/settings-file/document/careful-file.ts';
import type { PolicyReading } from '../../main/adapters/settings-file/policy/policy-reading.ts';
import { readSettings, type SettingsTaken, type SettingsVerdict } from '../../main/adapters/settings-file/read-settings.ts';
import { publicText, signingKeyOf, type SettingsKey } from '../../main/adapters/settings-file/signed/settings-key.ts';
import { payloadOf, withSignature } from '../../main/adapters/settings-file/signed/sign-settings.ts';
import type { SealedSettings, SignedForm } from '../../main/adapters/settings-file/signed/signed-form.ts';
import type { LastGood } from '../../main/adapters/settings-file/signed/last-good.ts';

export const sceneNowMs = Date.parse('2026-11-23T09:00:00Z');

export interface SettingsScene {
  /** A document; text as it is; bytes; or what reading it came to. Left out: there is no file. */
  readonly file?: object | string | Uint8Array;
  readonly reading?: CarefulReading;
  readonly policy?: object;
  readonly lastGood?: LastGood | null;
  readonly nowMs?: number;
}

export function readOf({ file, reading, policy = {}, lastGood = null, nowMs = sceneNowMs }: SettingsScene): SettingsVerdict {
  return readSettings({
    policy: policyOf(policy),
    file: { name: 'desk.json', reading: reading ?? readingOf(file) },
    lastGood,
    nowMs,
  });
}

export function takenOf(scene: SettingsScene): SettingsTaken {
  const read = readOf(scene);
  if (!read.taken) throw new Error(`refused: ${JSON.stringify([read.reason, read.problems])}`);
  return read;
}

/** Where nobody has decided anything. */
export const defaultStanding = takenOf({}).standing;

function readingOf(file: SettingsScene['file']): CarefulReading {
  if (file === undefined) return { ok: false, trouble: 'missing' };
  if (file instanceof Uint8Array) return { ok: true, bytes: file };
  return { ok: true, bytes: new TextEncoder().encode(typeof file === 'string' ? file : JSON.stringify(file)) };
}

export function policyOf(members: object): PolicyReading {
  const given = Object.entries(members).map(([name, value]) => [name, { value, where: 'policy', placeOf: () => null }] as const);
  return { ok: true, layer: new Map(given) };
}

export interface SceneSigner {
  readonly key: SettingsKey;
  readonly privateKey: KeyObject;
  readonly privatePem: string;
  /** As it is pinned. */
  readonly text: string;
}

export function signer(kind: 'ed25519' | 'p256' = 'ed25519'): SceneSigner {
  const { privateKey } = kind === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const privatePem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const own = signingKeyOf(privatePem);
  if (own === null) throw new Error('not a key for settings');
  return { ...own, privatePem, text: publicText(own.key.publicKey) };
}

export function sealed(change: Partial<SealedSettings> = {}): SealedSettings {
  return {
    version: 3,
    issuedAt: '2026-11-01T00:00:00Z',
    notAfter: '2027-05-01T00:00:00Z',
    graceDays: 14,
    deskGroups: [],
    settings: fieldSettings,
    ...change,
  };
}

export const fieldSettings = {
  world: 'field',
  contact: 'Room 0.12',
  tenantId: '11111111-2222-3333-4444-555555555555',
  clientId: '66666666-7777-8888-9999-000000000000',
} as const;

export function signed(content: Partial<SealedSettings>, ...signers: readonly SceneSigner[]): SignedForm {
  return signers.reduce<SignedForm>(withSignature, { payload: payloadOf(sealed(content)), signatures: [] });
}
