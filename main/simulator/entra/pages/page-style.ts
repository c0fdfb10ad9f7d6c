// The one style sheet of the twin's pages. Neutral greys on purpose: the pages must not pass for Microsoft's. Violet is
// the house colour for "not real" and appears in the foot line only.
import type { PageFont } from './page-font.ts';

export function pageStyle(fonts: readonly PageFont[], fontUrl: (index: number) => string): string {
  const faces = fonts.map((font, index) => fontFace(font, fontUrl(index)));
  const families = [...new Set(fonts.map((font) => JSON.stringify(font.family))), 'system-ui', 'sans-serif'].join(', ');
  return `${faces.join('\n')}\n:root { --type: ${families}; }\n${RULES}`;
}

function fontFace(font: PageFont, url: string): string {
  const range = font.unicodeRange === undefined ? '' : ` unicode-range: ${font.unicodeRange};`;
  return `@font-face { font-family: ${JSON.stringify(font.family)}; font-weight: ${font.weight ?? '400'}; font-display: swap; src: url("${url}") format("woff2");${range} }`;
}

const RULES = `
*, *::before, *::after { box-sizing: border-box; }
html { height: 100%; }
body {
  margin: 0; min-height: 100%; display: flex; flex-direction: column;
  font: 400 20px/1.45 var(--type); color: #1f1f1f; background: #eeeeec;
}
main { flex: 0 0 auto; align-self: center; margin-block: auto; padding: 36px 44px 40px; background: #fff; }
.card main { width: min(500px, 100%); border: 1px solid #c9c9c6; }
.sheet main { flex-grow: 1; width: min(760px, 100%); margin-block: 0; padding-block: 22px; }
.organization { display: flex; align-items: center; gap: 10px; margin: 0 0 18px; font-size: 18px; color: #4a4a48; }
.mark { inline-size: 18px; block-size: 18px; background: #8a8a86; }
.person { margin: 0 0 6px; overflow-wrap: anywhere; }
h1 { margin: 0 0 16px; font-size: 30px; line-height: 1.2; font-weight: 650; }
[dir="rtl"] h1 { line-height: 1.35; }
p { margin: 0 0 14px; }
.small { font-size: 16px; color: #4a4a48; }
dl.small { display: grid; grid-template-columns: auto 1fr; gap: 4px 14px; margin: 18px 0 0; }
dl.small dd { margin: 0; overflow-wrap: anywhere; }

label { display: block; margin-bottom: 6px; }
input[type="email"], input[type="password"], input[type="text"] {
  display: block; width: 100%; min-height: 56px; padding: 8px 14px; margin-bottom: 16px;
  font: inherit; font-size: 22px; color: inherit; background: #fff; border: 2px solid #6d6d69; border-radius: 2px;
}
input[aria-invalid="true"] { border-color: #9b1c1c; }
.toggle { display: flex; align-items: center; gap: 12px; }
.toggle input { inline-size: 26px; block-size: 26px; margin: 0; accent-color: #3b3b39; }
.toggle label { margin: 0; padding-block: 8px; }
.problem:not(:empty) > p:first-child { margin-bottom: 4px; color: #9b1c1c; font-weight: 600; }

.actions { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 12px; margin-top: 24px; }
button, .button {
  display: inline-flex; align-items: center; justify-content: center; min-width: 140px; min-height: 56px; padding: 8px 26px;
  font: inherit; font-weight: 600; text-decoration: none; color: #fff; background: #3b3b39; border: 2px solid #3b3b39; border-radius: 2px; cursor: pointer;
}
button.second, .button.second { color: #1f1f1f; background: #fff; border-color: #6d6d69; }
button[aria-disabled="true"] { color: #4a4a48; background: #deded9; border-color: #deded9; }
a:not(.button) { color: #1f1f1f; text-underline-offset: 3px; display: inline-block; padding-block: 8px; }
:focus-visible { outline: 3px solid #1f1f1f; outline-offset: 3px; }
.ways, .methods { list-style: none; margin: 0; padding: 0; }
.ways { display: grid; gap: 12px; }
button.way { width: 100%; min-height: 68px; flex-direction: column; align-items: flex-start; text-align: start; color: #1f1f1f; background: #fff; border-color: #6d6d69; }
button.way .small { font-weight: 400; }
.methods li { padding: 14px 0; border-block-end: 1px solid #c9c9c6; }
.methods p { margin: 0; overflow-wrap: anywhere; }
.number { margin: 8px 0 16px; font-size: 84px; line-height: 1.1; font-weight: 650; text-align: center; font-variant-numeric: tabular-nums; }

.scan h1 { margin-bottom: 4px; font-size: 26px; }
.scan p { margin-bottom: 4px; }
.qr { display: block; width: min(66vw, max(260px, 100vh - 300px)); height: auto; margin: 0 auto; background: #fff; direction: ltr; }
.scan .actions { margin-top: 4px; flex-wrap: nowrap; align-items: center; }
.scan-state { flex: 1; margin: 0; font-weight: 600; text-align: center; }
summary { padding-block: 6px; cursor: pointer; }
code { font-family: inherit; overflow-wrap: anywhere; }
@media (max-width: 640px) { .sheet main { padding: 14px 24px; } .card main { flex-grow: 1; margin-block: 0; border: 0; padding: 28px 28px 32px; } }
@media (max-width: 520px) { .scan .actions { flex-wrap: wrap; } .scan-state { order: -1; flex-basis: 100%; } button, .button { min-width: 110px; } }
@media (max-height: 620px) {
  .card main, .sheet main { padding-block: 14px; }
  .organization { margin-bottom: 8px; }
  h1 { margin-bottom: 10px; font-size: 26px; }
  p { margin-bottom: 8px; }
  input[type="email"], input[type="password"], input[type="text"] { min-height: 48px; margin-bottom: 8px; }
  button, .button { min-height: 50px; }
  .actions { margin-top: 12px; }
  .number { margin: 0 0 6px; font-size: 64px; }
  /* On a short page the code comes first: what only accompanies it goes. */
  main:has(.scan) .organization, .scan h1 + form > p { display: none; }
  .qr { width: min(66vw, max(220px, 100vh - 215px)); }
}

footer { flex: 0 0 auto; text-align: center; background: #5a3ba6; }
.training { display: block; padding: 6px 12px; font-size: 16px; color: #fff; }
@media (forced-colors: active) { .mark { background: CanvasText; } .qr { forced-color-adjust: none; } }
`;
