import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeModel, type TrustPolicy } from '../../main/fido/metadata/trust.ts';
import { DEFAULT_TENANT } from '../../main/simulator/entra/twin.ts';
import { readSettings, SettingsUnreadable } from '../../main/adapters/settings-file/read-settings.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'firstkey-settings-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(content: string | object): Promise<string> {
  const where = path.join(folder, 'desk.json');
  await writeFile(where, typeof content === 'string' ? content : JSON.stringify(content));
  return where;
}

const AAGUID = '2fc0579f-8113-47ea-b116-bb5a8db9202a';

async function problemsOf(content: string | object): Promise<readonly string[]> {
  const where = await file(content);
  try {
    readSettings({ path: where });
  } catch (error) {
    if (error instanceof SettingsUnreadable) return error.problems;
    throw error;
  }
  throw new Error('the document was taken');
}

describe('defaults', () => {
  test('no document at all is the training world', () => {
    expect(readSettings({ path: null }).settings).toMatchObject({
      world: 'training',
      authorityHost: 'login.microsoftonline.com',
      graphOrigin: 'https://graph.microsoft.com',
      registrationRpId: 'login.microsoft.com',
      securityInfoUrl: 'https://mysignins.microsoft.com/security-info',
      minPinLength: 6,
    });
  });

  test('an empty document is the same as none', async () => {
    expect(readSettings({ path: await file({}) })).toEqual(readSettings({ path: null }));
  });

  test('pages that ask for more are looked for where My Security Info is', async () => {
    const { settings } = readSettings({
      path: await file({ cloud: 'usGovL4', world: 'field', tenantId: AAGUID, clientId: AAGUID }),
    });
    expect(settings.interruptPages).toEqual(['https://mysignins.azure.us/register']);
  });

  test('the practice tenant is the one the twin opens with', () => {
    const { tenantId, clientId } = readSettings({ path: null }).settings;
    expect({ tenantId, clientId }).toEqual({ tenantId: DEFAULT_TENANT.tenantId, clientId: DEFAULT_TENANT.app.clientId });
  });

  test('docs/settings.md lists every setting with its default, and no other', async () => {
    const page = await readFile(new URL('../../docs/settings.md', import.meta.url), 'utf8');
    const defaults = readSettings({ path: null }).settings;
    const rows = new Map([...page.matchAll(/^\| `([a-zA-Z]+)` \| (.+?) \|/gm)].map(([, name, value]) => [name, value]));
    expect(new Set(rows.keys())).toEqual(new Set(Object.keys(defaults)));
    // The practice tenant and registration are named, not spelled out.
    const spelledOut = Object.entries(defaults).filter(([name]) => name !== 'tenantId' && name !== 'clientId');
    const said = spelledOut.map(([name]) => [name, JSON.parse(rows.get(name)?.replaceAll('`', '') ?? 'null')]);
    expect(said).toEqual(spelledOut);
  });
});

describe('a document', () => {
  const field = {
    world: 'field',
    tenantId: '11111111-2222-3333-4444-555555555555',
    clientId: '66666666-7777-8888-9999-000000000000',
  };

  test('what it says counts, what it leaves out has its default', async () => {
    const { settings } = readSettings({ path: await file({ ...field, contact: '  Room 0.12  ', litPorts: true }) });
    expect(settings).toMatchObject({ ...field, contact: 'Room 0.12', litPorts: true, minPinLength: 6 });
  });

  test.each([
    ['usGovL4', 'login.microsoftonline.us', 'https://graph.microsoft.us'],
    ['usGovL5', 'login.microsoftonline.us', 'https://dod-graph.microsoft.us'],
    ['china', 'login.partner.microsoftonline.cn', 'https://microsoftgraph.chinacloudapi.cn'],
  ])('the cloud %s has hosts of its own, and what is given counts more', async (cloud, authorityHost, graphOrigin) => {
    expect(readSettings({ path: await file({ ...field, cloud }) }).settings).toMatchObject({ authorityHost, graphOrigin });
    const given = { securityInfoUrl: 'https://myaccount.example/security-info', graphOrigin: 'https://graph.example' };
    expect(readSettings({ path: await file({ ...field, ...given, cloud }) }).settings).toMatchObject({ authorityHost, ...given });
  });

  test('another cloud is nothing to practise in', async () => {
    expect(await problemsOf({ cloud: 'china' })).toEqual(['cloud: must be global where Microsoft is practised.']);
  });

  test('a station that signs in needs its certificate and key', async () => {
    const stationClientId = '66666666-7777-8888-9999-000000000001';
    expect(await problemsOf({ ...field, stationClientId })).toEqual([
      'stationCertificate: must be given with stationClientId.',
      'stationKey: must be given with stationClientId.',
    ]);
    const whole = { stationClientId, stationCertificate: path.resolve('station.pem'), stationKey: path.resolve('station.key') };
    expect(readSettings({ path: await file({ ...field, ...whole }) }).settings).toMatchObject(whole);
    expect(await problemsOf({ stationKey: 'station.key' })).toEqual([
      'stationKey: must be a whole path, from the root or the drive on.',
    ]);
  });

  test('the place is asked for over https only', async () => {
    expect(await problemsOf({ placeUrl: 'http://ip.example/' })).toEqual(['placeUrl: must be an https address.']);
  });

  test('the trust of a desk is a policy that the protocol room understands', async () => {
    const { settings } = readSettings({
      path: await file({
        allowedKeyModels: [AAGUID.toUpperCase()],
        requireAttestation: true,
        leastCertification: 'L2',
        metadataFile: path.join(folder, 'blob.jwt'),
      }),
    });
    const policy: TrustPolicy = settings;
    expect(policy).toMatchObject({ allowedKeyModels: [AAGUID], requireAttestation: true, leastCertification: 'L2' });
    const key = { aaguid: AAGUID, firmwareVersion: undefined, signsOfUse: [], storedCredentials: 0, canAttestBeforePin: true };
    expect(judgeModel(key, { policy, metadata: null, wallMs: 0 })).toEqual({
      trusted: false,
      refusal: { kind: 'noMetadata', because: 'missing' },
    });
  });

  test('the mark that some editors put first is no error', async () => {
    const { settings } = readSettings({ path: await file(`\uFEFF${JSON.stringify({ minPinLength: 8 })}`) });
    expect(settings.minPinLength).toBe(8);
  });

  test('the field needs a tenant and a registration of its own', async () => {
    expect(await problemsOf({ world: 'field' })).toEqual([
      'tenantId: must be given in the field world.',
      'clientId: must be given in the field world.',
    ]);
  });

  test.each<[string, object, string]>([
    ['a name that is misspelled', { minPinLenght: 8 }, 'minPinLenght: there is no such setting.'],
    ['a world that is none', { world: 'production' }, 'world: must be one of training, rehearsal, field.'],
    ['a PIN too short for any key', { minPinLength: 3 }, 'minPinLength: must be a whole number from 4 to 63.'],
    ['a length in words', { minPinLength: 'six' }, 'minPinLength: must be a whole number from 4 to 63.'],
    ['seconds taken for milliseconds', { idleMs: 90 }, 'idleMs: must be a whole number of milliseconds from 60000 to 900000.'],
    [
      'a host with its scheme',
      { authorityHost: 'https://login.microsoftonline.com' },
      'authorityHost: must be a host name in lower case, without https:// and without a path.',
    ],
    [
      'an origin with a path',
      { graphOrigin: 'https://graph.microsoft.com/v1.0' },
      'graphOrigin: must be an https origin without a slash at its end.',
    ],
    [
      'an origin without TLS',
      { graphOrigin: 'http://graph.microsoft.com' },
      'graphOrigin: must be an https origin without a slash at its end.',
    ],
    [
      'a whole host for pages that ask for more',
      { interruptPages: ['https://mysignins.microsoft.com/'] },
      'interruptPages.0: must have a path and no query.',
    ],
    ['an address that runs a script', { securityInfoUrl: 'javascript:alert(1)' }, 'securityInfoUrl: must be an https address.'],
    [
      'a domain for the tenant',
      { tenantId: 'contoso.com' },
      'tenantId: must be an id like 11111111-2222-3333-4444-555555555555.',
    ],
    ['a flag in words', { litPorts: 'yes' }, 'litPorts: must be true or false.'],
    ['nobody to call', { contact: '   ' }, 'contact: must not be empty.'],
    [
      'half an AAGUID',
      { allowedKeyModels: ['2fc0579f'] },
      'allowedKeyModels.0: must be an AAGUID like 2fc0579f-8113-47ea-b116-bb5a8db9202a.',
    ],
    ['one AAGUID for a list', { refusedKeyModels: AAGUID }, 'refusedKeyModels: must be a list of AAGUIDs.'],
    [
      'a model that is allowed and refused',
      { allowedKeyModels: [AAGUID], refusedKeyModels: [AAGUID.toUpperCase()] },
      `refusedKeyModels: ${AAGUID} is among allowedKeyModels too.`,
    ],
    ['proof without metadata', { requireAttestation: true }, 'requireAttestation: needs metadataFile or metadataUrl.'],
    ['known models without metadata', { requireMetadata: true }, 'requireMetadata: needs metadataFile or metadataUrl.'],
    ['a level without metadata', { leastCertification: 'L1' }, 'leastCertification: needs metadataFile or metadataUrl.'],
    [
      'a level that is none',
      { leastCertification: 'L4', metadataUrl: 'https://mds3.fidoalliance.org/' },
      'leastCertification: must be null or one of certified, L1, L1plus, L2, L2plus, L3, L3plus.',
    ],
    ['a path from nowhere', { metadataFile: 'blob.jwt' }, 'metadataFile: must be a whole path, from the root or the drive on.'],
    ['metadata without TLS', { metadataUrl: 'http://mds3.fidoalliance.org/' }, 'metadataUrl: must be an https address.'],
    ['half a day', { metadataGraceDays: 0.5 }, 'metadataGraceDays: must be a whole number of days from 0 to 3650.'],
    ['a list', [], 'The document must be an object with settings as its members.'],
  ])('%s is refused by name', async (_what, content, problem) => {
    expect(await problemsOf(content)).toEqual([problem]);
  });

  test('every problem is named at once, and the message names the file but not its folder', async () => {
    const where = await file({ minPinLength: 1, litPorts: 3 });
    const failure = (): unknown => readSettings({ path: where });
    expect(failure).toThrow(SettingsUnreadable);
    expect(failure).toThrow(/desk\.json can't be used:\n {2}- litPorts.*\n {2}- minPinLength/);
    expect(failure).not.toThrow(folder);
  });

  test('text that is not JSON, a file that is not there, a file too large', async () => {
    expect(await problemsOf('{ "contact": ')).toEqual([expect.stringMatching(/^It is not JSON: /)]);
    expect(await problemsOf(`"${'x'.repeat(70_000)}"`)).toEqual(['It is larger than 65536 bytes.']);
    expect(() => readSettings({ path: path.join(folder, 'none.json') })).toThrow('The file is not there.');
    expect(() => readSettings({ path: folder })).toThrow(/The file can't be read \(EISDIR\)/);
  });
});
