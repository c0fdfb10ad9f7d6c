// What a sign-in page says of itself, read from the loaded document: the AADSTS number it shows, and whether it is the page
// "More information required". Nothing else is taken from the page: there is no other sign of a wrong pass, and that page
// stands at the address of many others. The page could say anything, so this only chooses which sentence the desk adds; it
// never opens, ends or records anything.
// Source: Microsoft Entra, "Authentication and authorization error codes" (`AADSTS` and the number). Microsoft's own pages hold
// number and name in the page's inline configuration as `sErrorCode` and `pgid`, and print the number in full only on error
// pages; `ConvergedProofUpRedirect` is the name that public clients of these pages know.

export interface PageWords {
  readonly aadsts: number | null;
  readonly asksForMore: boolean;
}

/** Runs in a world of its own beside the page's, so that the page can't change what it does. Gives `[number or 0, flag]`. */
export const pageScript = `(() => {
  const text = document.documentElement?.textContent ?? '';
  const found = /AADSTS(\\d{5,7})(?!\\d)/.exec(text) ?? /"sErrorCode":"(\\d{5,7})"/.exec(text);
  return [found ? Number(found[1]) : 0, /"pgid":"ConvergedProofUpRedirect"/.test(text)];
})()`;

/** What the script gave, believed only as far as it is such a number and such a flag. */
export function wordsIn(result: unknown): PageWords {
  const [number, asksForMore]: readonly unknown[] = Array.isArray(result) ? result : [];
  const isNumber = typeof number === 'number' && Number.isSafeInteger(number) && number >= 10_000 && number <= 9_999_999;
  return { aadsts: isNumber ? number : null, asksForMore: asksForMore === true };
}
