import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { keyModel, type ModelKnowledge, type ModelMarks } from '../../main/fido/metadata/key-model.ts';
import { readMetadataEntry } from '../../main/fido/metadata/metadata-entry.ts';
import { tabledModels } from '../../main/fido/metadata/model-table.ts';
import { NOW_MS, entryOf, type EntryShape } from '../support/metadata-maker.ts';

const YUBIKEY_5_NFC = '2fc0579f-8113-47ea-b116-bb5a8db9202a';
const UNKNOWN = '11111111-2222-3333-4444-555555555555';

const marks: ModelMarks = {
  aaguid: YUBIKEY_5_NFC,
  firmwareVersion: undefined,
  vendorId: 0x1050,
  productId: 0x0407,
  product: 'YubiKey OTP+FIDO+CCID',
};
const without: ModelKnowledge = { metadata: null, wallMs: NOW_MS };
function withEntry(shape: Partial<EntryShape>): ModelKnowledge {
  const entry = readMetadataEntry(entryOf({ aaguid: YUBIKEY_5_NFC, ...shape }));
  if (entry === null) throw new Error('the entry was not read');
  return {
    wallMs: NOW_MS,
    metadata: { stale: false, blob: { no: 1, nextUpdateMs: 0, entries: new Map([[entry.aaguid, entry]]) } },
  };
}

describe('the table', () => {
  test('has every AAGUID once, in the form getInfo is written in', () => {
    const aaguids = tabledModels.map(({ aaguid }) => aaguid);
    expect(new Set(aaguids).size).toBe(aaguids.length);
    expect(aaguids.filter((aaguid) => !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(aaguid))).toEqual([]);
    expect(aaguids.length).toBeGreaterThan(100);
  });

  test('every row says where it was read, and its name fits what Microsoft takes for one', () => {
    for (const { aaguid, name, maker, source, transports } of tabledModels) {
      expect(source.address, aaguid).toMatch(/^https:\/\//);
      expect(source.dated, aaguid).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(maker, aaguid).not.toBe('');
      expect([...name].length, name).toBeGreaterThanOrEqual(3);
      expect([...name].length, name).toBeLessThanOrEqual(30);
      expect(transports.filter((transport) => !['usb', 'nfc', 'ble'].includes(transport))).toEqual([]);
    }
  });

  test('its sources are those that docs/key-models.md names', async () => {
    const page = await readFile(new URL('../../docs/key-models.md', import.meta.url), 'utf8');
    for (const { address, dated } of new Set(tabledModels.map(({ source }) => source))) {
      expect(page).toContain(address);
      expect(page).toContain(dated);
    }
  });
});

describe('a model', () => {
  test('is named by the metadata, whatever the table says', () => {
    expect(keyModel(marks, withEntry({ description: 'YubiKey 5 Series with NFC', transports: ['usb'] }))).toEqual({
      name: 'YubiKey 5 Series with NFC',
      namedBy: 'metadata',
      maker: 'Yubico',
      transports: ['usb'],
      standing: { kind: 'good', certification: 'L1', updateAvailable: false },
    });
  });

  test('is named by the table without metadata, or where the metadata has no name for it', () => {
    const tabled = { name: 'YubiKey 5 NFC', namedBy: 'table', maker: 'Yubico', transports: ['usb', 'nfc'] };
    expect(keyModel(marks, without)).toEqual({ ...tabled, standing: null });
    expect(keyModel(marks, withEntry({ description: ' \u0000 ', transports: [] }))).toMatchObject(tabled);
  });

  test('has the standing that the metadata reports for its firmware', () => {
    const reports = [
      { status: 'USER_KEY_REMOTE_COMPROMISE', effectiveDate: '2025-01-01' },
      { status: 'UPDATE_AVAILABLE', effectiveDate: '2025-02-01', authenticatorVersion: 6 },
    ];
    expect(keyModel(marks, withEntry({ reports })).standing).toMatchObject({ kind: 'compromised' });
    expect(keyModel({ ...marks, firmwareVersion: 6 }, withEntry({ reports })).standing).toMatchObject({ kind: 'good' });
  });

  test('that nobody knows is called what it calls itself, else by its numbers', () => {
    const named = (product: string | null, aaguid: string | null = UNKNOWN) => keyModel({ ...marks, aaguid, product }, without);
    expect(named('My Own Key')).toEqual({ name: 'My Own Key', namedBy: 'key', maker: null, transports: [], standing: null });
    expect(named(null).name).toBe('FIDO 1050:0407');
    expect(named('\u202e\u0007 ').name).toBe('FIDO 1050:0407');
    expect(named('Old Key', null).name).toBe('Old Key');
  });

  test('can not disturb a screen or a log with its name', () => {
    const { name } = keyModel({ ...marks, aaguid: UNKNOWN, product: `A\nB\u202e${'x'.repeat(200)}` }, without);
    expect(name).toBe(`A B ${'x'.repeat(56)}`);
    const { name: told } = keyModel(marks, withEntry({ description: `Key\r\n\u2028of ${'y'.repeat(200)}` }));
    expect(told).toBe(`Key of ${'y'.repeat(53)}`);
  });
});
