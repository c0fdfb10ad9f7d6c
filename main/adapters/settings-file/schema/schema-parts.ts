// What several settings are made of. A message is the end of a sentence that begins with the path of the setting.
import path from 'node:path';
import { z } from 'zod';

const isHttps = (text: string): boolean => URL.canParse(text) && new URL(text).protocol === 'https:';

export const guid = z.guid('must be an id like 11111111-2222-3333-4444-555555555555.');
export const flag = z.boolean('must be true or false.');

export const hostName = z
  .string('must be a host name.')
  .regex(
    /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'must be a host name in lower case, without https:// and without a path.',
  );

export const httpsAddress = (missing: string) => z.string(missing).refine(isHttps, 'must be an https address.');

export const httpsOrigin = z
  .string('must be an address.')
  .refine((text) => isHttps(text) && new URL(text).origin === text, 'must be an https origin without a slash at its end.');

/** Settings for desks of one system may be signed on another. */
export const wholePath = z
  .string('must be null or a path.')
  .refine(
    (file) => path.posix.isAbsolute(file) || path.win32.isAbsolute(file),
    'must be a whole path, from the root or the drive on.',
  );

export const wholeNumber = (what: string, least: number, most: number) => {
  const message = `must be a whole number${what} from ${least} to ${most}.`;
  return z.int(message).min(least, message).max(most, message);
};
