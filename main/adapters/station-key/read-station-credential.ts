// The station's certificate and private key, from the two files an administrator has put on this machine. Whatever is wrong
// with them is told by a name, before anything is signed with them; nothing of the key is.
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { because } from '../../../contract/reason.ts';
import type { ClockPort } from '../../ports/clock.ts';
import type { StationCredential } from '../../ports/identity.ts';
import type { Outcome } from '../../ports/outcome.ts';

export interface StationFiles {
  readonly certificate: string;
  readonly key: string;
}

/** More than this is neither. */
const MOST_BYTES = 65_536;
/** Anybody on the machine may read it. */
const OPEN_TO_ALL = 0o004;

/** Refuses with `desk.stationNotReady`, and what is wrong as its `statusName`. */
export async function readStationCredential(
  { certificate, key }: StationFiles,
  clock: Pick<ClockPort, 'wallMs'>,
): Promise<Outcome<StationCredential>> {
  const certificatePem = await readText(certificate);
  if (certificatePem === null) return refused('certificateMissing');
  const read = certificateOf(certificatePem);
  if (read === null) return refused('certificateUnreadable');
  if (clock.wallMs() > Date.parse(read.validTo)) return refused('certificateOver');
  if (clock.wallMs() < Date.parse(read.validFrom)) return refused('certificateNotYet');
  const privateKeyPem = await readText(key);
  if (privateKeyPem === null) return refused('keyMissing');
  if (await isOpenToAll(key)) return refused('keyOpenToAll');
  const secret = keyOf(privateKeyPem);
  if (secret === null) return refused('keyUnreadable');
  if (secret.asymmetricKeyType !== 'rsa') return refused('keyNotRsa');
  if (!read.checkPrivateKey(secret)) return refused('keyOfAnother');
  const thumbprintSha256 = read.fingerprint256.replaceAll(':', '');
  return { ok: true, value: { certificatePem: read.toString(), privateKeyPem, thumbprintSha256 } };
}

function refused(statusName: string): Outcome<never> {
  return { ok: false, reason: because('desk.stationNotReady', { statusName }) };
}

/** Null for a file that is not there, can't be read or is too large. */
async function readText(file: string): Promise<string | null> {
  try {
    const { size } = await stat(file);
    return size > MOST_BYTES ? null : await readFile(file, 'utf8');
  } catch (error) {
    if (isFromSystem(error)) return null;
    throw error;
  }
}

/** Windows has no such bits; there the folder's access list decides. */
async function isOpenToAll(file: string): Promise<boolean> {
  if (process.platform === 'win32') return false;
  return ((await stat(file)).mode & OPEN_TO_ALL) !== 0;
}

function certificateOf(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null; // OpenSSL's words name nothing an administrator could use
  }
}

function keyOf(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null; // the words could quote the key
  }
}

function isFromSystem(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
