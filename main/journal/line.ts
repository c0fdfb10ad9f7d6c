// One entry of the journal as it lies on the disk: a line of canonical JSON, chained to the line before it and signed.
// docs/journal.md describes it for those who write a verifier of their own.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonical, readCanonical, type Json } from './canonical.ts';
import { isSignedBy, signatureOf, type PublicKey, type SigningKey } from './signing-key.ts';

const sha256B64u = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const signatureB64u = z.string().regex(/^[A-Za-z0-9_-]{86}$/);
const count = z.int().min(1);
const time = z.iso.datetime({ precision: 3 });

const lineSchema = z.strictObject({
  version: z.literal(1),
  /** The id of the key that began this desk's journal. */
  desk: sha256B64u,
  file: count,
  sequence: count,
  at: time,
  stay: z.string().nullable(),
  body: z.looseObject({ event: z.string() }),
  /** The id of the key that signed this line. */
  key: sha256B64u,
  /** SHA-256 of the line before, base64url; null for the very first. */
  previous: sha256B64u.nullable(),
  signature: signatureB64u,
});

const headSchema = z.strictObject({
  version: z.literal(1),
  desk: sha256B64u,
  file: count,
  sequence: count,
  at: time,
  /** SHA-256 of the line with this sequence. */
  hash: sha256B64u,
  key: sha256B64u,
  signature: signatureB64u,
});

export type JournalLine = z.infer<typeof lineSchema>;
/** Where the journal stood, signed: what another place keeps to tell later that something is missing. */
export type JournalHead = z.infer<typeof headSchema>;

/** An event on disk: JSON, whatever its members are. */
export type LineBody = { readonly event: string } & { readonly [name: string]: Json };

export type UnsignedLine = Omit<JournalLine, 'version' | 'key' | 'signature' | 'body'> & { readonly body: LineBody };

/** SHA-256 of the UTF-8 form of a line, base64url. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64url');
}

/** The line's text, without an end of line. */
export function writeLine(unsigned: UnsignedLine, key: SigningKey): string {
  const line = { ...unsigned, version: 1, key: key.id };
  return canonical({ ...line, signature: signatureOf('firstkey-journal-entry-1', canonical(line), key) });
}

/** Null for what is no line of a journal, and for one whose text is not canonical. Says nothing about its signature. */
export function readLine(text: string): JournalLine | null {
  const parsed = lineSchema.safeParse(readCanonical(text));
  return parsed.success ? parsed.data : null;
}

export function isLineOf(line: JournalLine, key: PublicKey): boolean {
  const { signature, ...signed } = line;
  return line.key === key.id && isSignedBy('firstkey-journal-entry-1', canonical(signed as Json), signature, key);
}

export type UnsignedHead = Omit<JournalHead, 'version' | 'key' | 'signature'>;

/** The head's text, without an end of line. */
export function writeHead(unsigned: UnsignedHead, key: SigningKey): string {
  const head = { ...unsigned, version: 1, key: key.id };
  return canonical({ ...head, signature: signatureOf('firstkey-journal-head-1', canonical(head), key) });
}

/** Null for what is no head. Says nothing about its signature. */
export function readHead(text: string): JournalHead | null {
  const parsed = headSchema.safeParse(readCanonical(text.trim()));
  return parsed.success ? parsed.data : null;
}

export function isHeadOf(head: JournalHead, key: PublicKey): boolean {
  const { signature, ...signed } = head;
  return head.key === key.id && isSignedBy('firstkey-journal-head-1', canonical(signed), signature, key);
}
