// How the page for the policy owner looks: black on white, for A4 and Letter, without a colour that a printer could lose. Marks
// differ by shape. Lengths are physical, because it is paper.

export interface SheetFont {
  readonly family: string;
  readonly weight?: string;
  readonly unicodeRange?: string;
  /** WOFF2. */
  readonly bytes: Uint8Array;
}

/** The one style sheet, with the faces inside it: the page needs nothing from anywhere. */
export function pageStyle(fonts: readonly SheetFont[]): string {
  const faces = fonts.map(
    ({ family, weight = '400', unicodeRange, bytes }) =>
      `@font-face{font-family:${JSON.stringify(family)};font-weight:${weight};src:url(data:font/woff2;base64,${Buffer.from(bytes).toString('base64')}) format("woff2");${unicodeRange === undefined ? '' : `unicode-range:${unicodeRange};`}}`,
  );
  const families = [...fonts.map(({ family }) => JSON.stringify(family)), 'system-ui', 'sans-serif'].join(',');
  return `${faces.join('\n')}\n:root{--type:${families}}\n${rules}`;
}

const rules = `
@page { margin: 15mm 16mm 16mm; @bottom-right { content: counter(page) " / " counter(pages); direction: ltr; font: 8.5pt sans-serif; } }
*, *::before, *::after { box-sizing: border-box; }
html { color: #000; background: #fff; font: 400 10pt/1.36 var(--type); print-color-adjust: exact; }
body { margin: 0 auto; max-inline-size: 180mm; }
h1, h2, h3, p, ol, ul, dl, dd { margin: 0; padding: 0; }
ol, ul { list-style: none; }
bdi { overflow-wrap: anywhere; }
code { font: 500 0.94em ui-monospace, "Cascadia Mono", Consolas, Menlo, monospace; overflow-wrap: anywhere; }
svg { display: block; }
.world { margin-block-end: 5mm; padding: 1.6mm 3mm; border: 0.7mm dashed #000; font-weight: 650; }
.brand { font-weight: 650; }
h1 { margin-block: 1mm 2.5mm; font-size: 23pt; font-weight: 680; line-height: 1.12; letter-spacing: -0.012em; text-wrap: balance; }
:lang(ar) h1 { letter-spacing: 0; line-height: 1.35; }
.lead { max-inline-size: 140mm; font-size: 11pt; }
.about { display: grid; grid-template-columns: auto 1fr; gap: 0.7mm 5mm; margin-block: 5mm 0; padding-block: 3mm; border-block: 0.3mm solid #000; }
.about dt { font-weight: 650; }
.counts { margin-block: 3mm 0; font-weight: 650; }
section { margin-block-start: 6mm; }
h2 { margin-block-end: 2mm; font-size: 13pt; font-weight: 680; break-after: avoid; }
.finding { display: grid; grid-template-columns: 7mm 1fr; column-gap: 4mm; padding-block: 3mm; border-block-start: 0.3mm solid #000; break-inside: avoid; }
.finding > .mark { inline-size: 6.5mm; block-size: 6.5mm; }
h3 { font-size: 11.5pt; font-weight: 680; line-height: 1.25; }
.state { margin-block: 0.3mm 1.2mm; font-size: 9pt; }
.facts { display: grid; grid-template-columns: 24mm 1fr; gap: 0.6mm 3mm; }
.facts dt { color: #333; }
.facts dd { min-inline-size: 0; }
.path { unicode-bidi: isolate; }
.letter { display: inline-block; min-inline-size: 5mm; padding: 0 1mm; border-radius: 1mm; text-align: center; text-decoration: none; font-weight: 680; color: #fff; background: #000; }
.value { padding: 0 1mm; border: 0.3mm solid #000; }
.places { display: grid; grid-template-columns: 1fr 1fr; gap: 4mm 6mm; }
.places > li { display: grid; grid-template-columns: 21mm 1fr; gap: 3mm; align-items: start; break-inside: avoid; }
.qr { inline-size: 21mm; block-size: 21mm; }
a { color: #000; text-decoration-thickness: 0.2mm; text-underline-offset: 0.6mm; overflow-wrap: anywhere; }
.small { font-size: 8.5pt; }
.plain > li { display: grid; grid-template-columns: 5mm 1fr; column-gap: 2mm; padding-block: 0.8mm; break-inside: avoid; }
.plain .mark { inline-size: 4mm; block-size: 4mm; margin-block-start: 0.7mm; }
.good { columns: 2; column-gap: 8mm; }
footer { margin-block-start: 6mm; padding-block-start: 3mm; border-block-start: 0.3mm solid #000; font-size: 9pt; }
@media screen { body { padding: 12mm 8mm; } }
@media screen and (max-width: 150mm) {
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-block-end: 2mm; }
  .places { grid-template-columns: 1fr; }
  .good { columns: 1; }
}
`;
