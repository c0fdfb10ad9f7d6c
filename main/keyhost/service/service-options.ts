// What a key service is set up for, read from its command line and written onto the one of each process that serves a client.
import { parseArgs } from 'node:util';
import { certificationLevels } from '../../fido/metadata/standing.ts';
import { keyHostStartSchema, type KeyHostStart } from '../life-protocol.ts';

export interface ServiceOptions {
  /** What it serves; whoever asks for anything else is refused. */
  readonly offered: KeyHostStart;
  /** A socket to listen on, or the one client that is there already. */
  readonly serves: { readonly socketPath: string } | { readonly client: 'socket' | 'twoPipes' };
}

export const usage = [
  'usage: --listen <socket> | --session [--stdout], with --rp-id <relying party>, and',
  '  --links hid | virtual           hid unless given',
  '  --care-token-sha256 <base64url> who brings this token may take care of keys',
  '  --metadata <file>               where a desk keeps the FIDO metadata; --metadata-grace-days <days>',
  '  --allow-model <AAGUID> …        no other models; --refuse-model <AAGUID> …',
  `  --require-attestation, --require-metadata, --fresh-keys-only, --least-certification ${certificationLevels.join(' | ')}`,
].join('\n');

const options = {
  listen: { type: 'string' },
  session: { type: 'boolean', default: false },
  stdout: { type: 'boolean', default: false },
  'rp-id': { type: 'string' },
  links: { type: 'string', default: 'hid' },
  'care-token-sha256': { type: 'string' },
  metadata: { type: 'string' },
  'metadata-grace-days': { type: 'string', default: '0' },
  'allow-model': { type: 'string', multiple: true },
  'refuse-model': { type: 'string', multiple: true },
  'require-attestation': { type: 'boolean', default: false },
  'require-metadata': { type: 'boolean', default: false },
  'fresh-keys-only': { type: 'boolean', default: false },
  'least-certification': { type: 'string' },
} as const;

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Null for a command line that says something else, or not enough. What is insisted on and can't be read is never left out. */
export function readServiceOptions(args: readonly string[]): ServiceOptions | null {
  const values = valuesOf(args);
  if (values === null) return null;
  const { listen, session, stdout, metadata } = values;
  const models = { allowed: (values['allow-model'] ?? []).map(lower), refused: (values['refuse-model'] ?? []).map(lower) };
  if (![...models.allowed, ...models.refused].every((model) => uuid.test(model))) return null;
  const careTokenSha256B64u = values['care-token-sha256'];
  const offered = keyHostStartSchema.safeParse({
    links: values.links,
    rpId: values['rp-id'],
    ...(careTokenSha256B64u === undefined ? {} : { careTokenSha256B64u }),
    ...(metadata === undefined ? {} : { metadata: { keptFile: metadata, graceDays: Number(values['metadata-grace-days']) } }),
    trust: {
      allowedKeyModels: models.allowed,
      refusedKeyModels: models.refused,
      requireAttestation: values['require-attestation'],
      requireMetadata: values['require-metadata'],
      leastCertification: values['least-certification'] ?? null,
      freshKeysOnly: values['fresh-keys-only'],
    },
  });
  if (!offered.success || (listen === undefined) !== session) return null;
  const serves = listen === undefined ? { client: stdout ? ('twoPipes' as const) : ('socket' as const) } : { socketPath: listen };
  return { offered: offered.data, serves };
}

/** The arguments of a process that serves one client of a service that offers this, on its standard input. */
export function sessionArguments({ rpId, links, careTokenSha256B64u, metadata, trust }: KeyHostStart): readonly string[] {
  const given = (name: string, value: string | number | null | undefined): readonly string[] =>
    value === null || value === undefined ? [] : [`--${name}=${value}`];
  const flag = (name: string, isOn: boolean | undefined): readonly string[] => (isOn === true ? [`--${name}`] : []);
  return [
    '--session',
    ...given('rp-id', rpId),
    ...given('links', links),
    ...given('care-token-sha256', careTokenSha256B64u),
    ...given('metadata', metadata?.keptFile),
    ...given('metadata-grace-days', metadata?.graceDays),
    ...(trust?.allowedKeyModels ?? []).flatMap((model) => given('allow-model', model)),
    ...(trust?.refusedKeyModels ?? []).flatMap((model) => given('refuse-model', model)),
    ...flag('require-attestation', trust?.requireAttestation),
    ...flag('require-metadata', trust?.requireMetadata),
    ...flag('fresh-keys-only', trust?.freshKeysOnly),
    ...given('least-certification', trust?.leastCertification),
  ];
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    if (error instanceof TypeError) return null; // an argument that nobody knows, or one without its value
    throw error;
  }
}

const lower = (model: string): string => model.toLowerCase();
