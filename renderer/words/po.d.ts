// A PO file is compiled by the build (scripts/build/words-plugin.mjs): message id to compiled ICU message.
declare module '*.po' {
  import type { Messages } from '@lingui/core';
  export const messages: Readonly<Record<string, Exclude<Messages[string], string>>>;
}
