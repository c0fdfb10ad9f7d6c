// The AADSTS number a sign-in page shows, read from the loaded document. It is the one thing taken from the page itself: there
// is no other sign of a wrong pass. The page could say any number it likes, so a number only chooses which sentence the desk
// adds; it never opens, ends or records anything.
// Source: Microsoft Entra, "Authentication and authorization error codes" (`AADSTS` and the number). Microsoft's own pages hold
// the number in the page's inline configuration as `sErrorCode` and print it in full only on error pages.

/** Runs in a world of its own beside the page's, so that the page can't change what it does. Gives the number or 0. */
export const refusalScript = `(() => {
  const text = document.documentElement?.textContent ?? '';
  const found = /AADSTS(\\d{5,7})(?!\\d)/.exec(text) ?? /"sErrorCode":"(\\d{5,7})"/.exec(text);
  return found ? Number(found[1]) : 0;
})()`;

/** What the script gave, believed only as far as it is such a number. */
export function refusalIn(result: unknown): number | null {
  return typeof result === 'number' && Number.isSafeInteger(result) && result >= 10_000 && result <= 9_999_999 ? result : null;
}
