// The desk's own key and the secret of its pseudonyms: two small files for this user only, made here and never sent anywhere.
import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { makeSigningKey, readSigningKey, writeSigningKey, type SigningKey } from '../../journal/signing-key.ts';
import { isAbsence, onDisk, tried } from './journal-folder.ts';
import { JournalUnavailable } from './journal-unavailable.ts';

const keyName = 'journal.key';
/** The key of the next file, while the present one is being sealed. */
const nextName = 'journal.key.next';
const secretName = 'pseudonym.secret';
const secretBytes = 32;

/** Anybody but the user who runs the desk. */
const OTHERS = 0o077;

/** `missing`: there is none, or what lies there is none. @throws {JournalUnavailable} `keyOpen` when others may read it */
export async function readKey(directory: string): Promise<SigningKey | 'missing'> {
  return (await readKeyFile(path.join(directory, keyName))) ?? 'missing';
}

export async function makeKey(directory: string): Promise<SigningKey> {
  const key = makeSigningKey();
  await writeSecret(directory, keyName, writeSigningKey(key));
  return key;
}

/** Made and on disk before the present file is sealed. */
export async function makeNextKey(directory: string): Promise<SigningKey> {
  const key = makeSigningKey();
  await tried(() => rm(path.join(directory, nextName), { force: true }));
  await writeSecret(directory, nextName, writeSigningKey(key));
  return key;
}

/**
 * The key that the seal names takes the place of the present one, which is gone then: nobody can write entries of the sealed
 * file any more, not even who takes this machine away. `missing` when neither file holds the named key.
 */
export async function takeNextKey(directory: string, spkiB64u: string): Promise<SigningKey | 'missing'> {
  const present = await readKey(directory);
  if (present !== 'missing' && present.spkiB64u === spkiB64u) return present;
  const next = await readKeyFile(path.join(directory, nextName));
  if (next?.spkiB64u !== spkiB64u) return 'missing';
  await tried(async () => {
    await rename(path.join(directory, nextName), path.join(directory, keyName));
    await onDisk(directory);
  });
  return next;
}

/** The key of pseudonyms stays the same for as long as the journal does. */
export async function pseudonymSecret(directory: string): Promise<Uint8Array> {
  const known = await readPseudonymSecret(directory);
  if (known !== null) return known;
  const made = new Uint8Array(randomBytes(secretBytes));
  await tried(() => rm(path.join(directory, secretName), { force: true }));
  await writeSecret(directory, secretName, `${Buffer.from(made).toString('base64url')}\n`);
  return made;
}

/** Null when there is none. */
export async function readPseudonymSecret(directory: string): Promise<Uint8Array | null> {
  const bytes = Buffer.from((await readSecret(path.join(directory, secretName))) ?? '', 'base64url');
  return bytes.length === secretBytes ? new Uint8Array(bytes) : null;
}

async function readKeyFile(file: string): Promise<SigningKey | null> {
  const pem = await readSecret(file);
  return pem === null ? null : readSigningKey(pem);
}

async function readSecret(file: string): Promise<string | null> {
  return tried(async () => {
    try {
      if (process.platform !== 'win32' && ((await stat(file)).mode & OTHERS) !== 0) throw new JournalUnavailable('keyOpen');
      return await readFile(file, 'utf8');
    } catch (error) {
      if (isAbsence(error)) return null;
      throw error;
    }
  });
}

async function writeSecret(directory: string, name: string, text: string): Promise<void> {
  const beside = path.join(directory, `${name}.new`);
  await tried(async () => {
    await rm(beside, { force: true });
    const handle = await open(beside, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, path.join(directory, name));
    await onDisk(directory);
  });
}
