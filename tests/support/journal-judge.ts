// A verifier of somebody else's: written from the rules of docs/journal.md alone, with other means. The signed text is cut out of
// the line instead of being written anew, and signatures are judged by Web Cryptography. It says yes or no.
import { webcrypto } from 'node:crypto';

const { subtle } = webcrypto;

interface Entry {
  readonly desk: string;
  readonly sequence: number;
  readonly key: string;
  readonly previous: string | null;
  readonly hash?: string;
  readonly body?: { readonly event: string; readonly publicKey?: string; readonly nextPublicKey?: string };
}

export async function judgeJournal(lines: readonly string[], head: string): Promise<boolean> {
  let key: { readonly spki: string; readonly id: string } | null = null;
  let next: string | null = null;
  let [hash, sequence]: [string | null, number] = [null, 0];
  let desk: string | null = null;
  for (const line of lines) {
    const entry = parsed(line);
    if (entry === null) return false;
    const { body } = entry;
    if (body?.event === 'journal.begun') {
      const spki: string = body.publicKey ?? '';
      if (next !== null && spki !== next) return false;
      key = { spki, id: await sha256(Buffer.from(spki, 'base64url')) };
      desk ??= key.id;
      next = null;
    } else if (next !== null) return false;
    if (key === null || entry.desk !== desk || entry.key !== key.id) return false;
    if (!(await isSigned('firstkey-journal-entry-1', line, key.spki))) return false;
    if (entry.sequence !== sequence + 1 || entry.previous !== hash) return false;
    [hash, sequence] = [await sha256(Buffer.from(line)), entry.sequence];
    if (body?.event === 'journal.sealed') next = body.nextPublicKey ?? '';
  }
  const known = parsed(head);
  if (known === null || key === null || known.desk !== desk || known.key !== key.id) return false;
  const own = lines[known.sequence - 1];
  if (own === undefined || known.hash !== (await sha256(Buffer.from(own)))) return false;
  return isSigned('firstkey-journal-head-1', head, key.spki);
}

function parsed(text: string): Entry | null {
  try {
    return JSON.parse(text) as Entry;
  } catch {
    return null;
  }
}

async function sha256(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await subtle.digest('SHA-256', bytes)).toString('base64url');
}

async function isSigned(purpose: string, text: string, spki: string): Promise<boolean> {
  // In canonical form the signature is the last member but those of later letters, or the last of all.
  const [, first, signature, rest] = /^(.*),"signature":"([A-Za-z0-9_-]{86})"(.*)$/s.exec(text) ?? [];
  if (signature === undefined) return false;
  const key = await subtle.importKey('spki', Buffer.from(spki, 'base64url'), { name: 'Ed25519' }, false, ['verify']);
  const signed = Buffer.from(`${purpose}\n${first}${rest}`);
  return subtle.verify({ name: 'Ed25519' }, key, Buffer.from(signature, 'base64url'), signed);
}
