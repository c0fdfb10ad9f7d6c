import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { judgeModel, type TrustPolicy } from '../../main/fido/metadata/trust.ts';
import { DEFAULT_TENANT } from '../../main/simulator/entra/twin.ts';
import { defaultSettings } from '../../main/adapters/settings-file/settings-schema.ts';
import { policyMembersSchema } from '../../main/adapters/settings-file/policy/policy-members.ts';
import type { Settings } from '../../main/ports/settings.ts';
import { readOf, takenOf } from '../support/settings-scene.ts';

const AAGUID = '2fc0579f-8113-47ea-b116-bb5a8db9202a';

/** A file may not say `field` by itself; policy may. */
const sourceOf = (content: object) => ('world' in content && content.world === 'field' ? { policy: content } : { file: content });

const settingsOf = (content: object): Settings => takenOf(sourceOf(content)).settings;

function problemsOf(content: object): readonly string[] {
  const read = readOf(sourceOf(content));
  if (read.taken) throw new Error('the document was taken');
  return read.problems.map((problem) => [problem.path, problem.says].filter((part) => part !== '').join(': '));
}

describe('defaults', () => {
  test('no document at all is the training world', () => {
    expect(defaultSettings).toMatchObject({
      world: 'training',
      authorityHost: 'login.microsoftonline.com',
      graphOrigin: 'https://graph.microsoft.com',
      registrationRpId: 'login.microsoft.com',
      securityInfoUrl: 'https://mysignins.microsoft.com/security-info',
      minPinLength: 6,
    });
  });

  test('an empty document is the same as none', () => {
    expect(settingsOf({})).toEqual(defaultSettings);
    expect(takenOf({}).settings).toEqual(defaultSettings);
  });

  test('pages that ask for more are looked for where My Security Info is', () => {
    const settings = settingsOf({ cloud: 'usGovL4', world: 'field', tenantId: AAGUID, clientId: AAGUID });
    expect(settings.interruptPages).toEqual(['https://mysignins.azure.us/register']);
  });

  test('the practice tenant is the one the twin opens with', () => {
    const { tenantId, clientId } = defaultSettings;
    expect({ tenantId, clientId }).toEqual({ tenantId: DEFAULT_TENANT.tenantId, clientId: DEFAULT_TENANT.app.clientId });
  });

  test('docs/settings.md lists every setting with its default, and no other', async () => {
    const page = await readFile(new URL('../../docs/settings.md', import.meta.url), 'utf8');
    const defaults = defaultSettings;
    const rows = new Map([...page.matchAll(/^\| `([a-zA-Z]+)` \| (.+?) \|/gm)].map(([, name, value]) => [name, value]));
    const ofPolicy = policyMembersSchema.parse({});
    expect(new Set(rows.keys())).toEqual(new Set([...Object.keys(defaults), ...Object.keys(ofPolicy)]));
    // The practice tenant and registration are named, not spelled out.
    const spelledOut = Object.entries({ ...defaults, ...ofPolicy }).filter(
      ([name]) => name !== 'tenantId' && name !== 'clientId',
    );
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

  test('what it says counts, what it leaves out has its default', () => {
    const settings = settingsOf({ ...field, contact: '  Room 0.12  ', litPorts: true });
    expect(settings).toMatchObject({ ...field, contact: 'Room 0.12', litPorts: true, minPinLength: 6 });
  });

  test.each([
    ['usGovL4', 'login.microsoftonline.us', 'https://graph.microsoft.us'],
    ['usGovL5', 'login.microsoftonline.us', 'https://dod-graph.microsoft.us'],
    ['china', 'login.partner.microsoftonline.cn', 'https://microsoftgraph.chinacloudapi.cn'],
  ])('the cloud %s has hosts of its own, and what is given counts more', (cloud, authorityHost, graphOrigin) => {
    expect(settingsOf({ ...field, cloud })).toMatchObject({ authorityHost, graphOrigin });
    const given = { securityInfoUrl: 'https://myaccount.example/security-info', graphOrigin: 'https://graph.example' };
    expect(settingsOf({ ...field, ...given, cloud })).toMatchObject({ authorityHost, ...given });
  });

  test('another cloud is nothing to practise in', () => {
    expect(problemsOf({ cloud: 'china' })).toEqual(['cloud: must be global where Microsoft is practised.']);
  });

  test('a station that signs in needs its certificate and key', () => {
    const stationClientId = '66666666-7777-8888-9999-000000000001';
    expect(problemsOf({ ...field, stationClientId })).toEqual([
      'stationCertificate: must be given with stationClientId.',
      'stationKey: must be given with stationClientId.',
    ]);
    const whole = { stationClientId, stationCertificate: path.resolve('station.pem'), stationKey: path.resolve('station.key') };
    expect(settingsOf({ ...field, ...whole })).toMatchObject(whole);
    expect(problemsOf({ stationKey: 'station.key' })).toEqual([
      'stationKey: must be a whole path, from the root or the drive on.',
    ]);
  });

  test('the place is asked for over https only', () => {
    expect(problemsOf({ placeUrl: 'http://ip.example/' })).toEqual(['placeUrl: must be an https address.']);
  });

  test('the trust of a desk is a policy that the protocol room understands', () => {
    const settings = settingsOf({
      allowedKeyModels: [AAGUID.toUpperCase()],
      requireAttestation: true,
      leastCertification: 'L2',
      metadataFile: path.resolve('blob.jwt'),
    });
    const policy: TrustPolicy = settings;
    expect(policy).toMatchObject({ allowedKeyModels: [AAGUID], requireAttestation: true, leastCertification: 'L2' });
    const key = { aaguid: AAGUID, firmwareVersion: undefined, signsOfUse: [], storedCredentials: 0, canAttestBeforePin: true };
    expect(judgeModel(key, { policy, metadata: null, wallMs: 0 })).toEqual({
      trusted: false,
      refusal: { kind: 'noMetadata', because: 'missing' },
    });
  });

  test('the field needs a tenant and a registration of its own', () => {
    expect(problemsOf({ world: 'field' })).toEqual([
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
  ])('%s is refused by name', (_what, content, problem) => {
    expect(problemsOf(content)).toEqual([problem]);
  });

  test('every problem is named at once', () => {
    expect(problemsOf({ minPinLength: 1, litPorts: 3 })).toEqual([
      'litPorts: must be true or false.',
      'minPinLength: must be a whole number from 4 to 63.',
    ]);
  });
});
