// The last signed settings that were in use, whole and with their signatures: they are judged anew whenever they are needed. The
// number beside them is the highest this desk has seen; a lower one is refused from then on.
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readCarefully } from '../document/careful-file.ts';
import { parseDocument } from '../document/json-document.ts';
import { signedFormSchema, type SignedForm } from './signed-form.ts';

export interface LastGood {
  readonly version: number;
  readonly signed: SignedForm;
}

const mostBytes = 524_288;
const fileSchema = z.strictObject({ firstkeyLastGoodSettings: z.literal(1), version: z.int().min(1), signed: signedFormSchema });

/** Null when nothing was kept, or what lies there is not from {@link keepLastGood}. */
export function readLastGood(file: string): LastGood | null {
  const reading = readCarefully(file, { mostBytes, owners: null });
  const parsed = reading.ok ? parseDocument(reading.bytes) : null;
  const kept = parsed?.ok === true ? fileSchema.safeParse(parsed.document.value) : null;
  return kept?.success === true ? { version: kept.data.version, signed: kept.data.signed } : null;
}

/** Whole or not at all: a power cut leaves the one before. Rejects with the system's error. */
export async function keepLastGood(file: string, { version, signed }: LastGood): Promise<void> {
  const beside = `${file}.${randomBytes(4).toString('hex')}.new`;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    const handle = await open(beside, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify({ firstkeyLastGoodSettings: 1, version, signed })}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
