// The report page: each screen's picture, the time of each step, what was made, and who verified it.

import { writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * @param {string} folder with the pictures in it
 * @param {import('./tell-story.mjs').ToldStory} told
 * @returns {Promise<string>} the page's path
 */
export async function writeReport(folder, told) {
  const page = path.join(folder, 'index.html');
  await writeFile(page, html(told));
  await writeFile(path.join(folder, 'report.json'), `${JSON.stringify(told, null, 2)}\n`);
  return page;
}

/** @param {import('./tell-story.mjs').ToldStory} told */
function html({ story, language, electronVersion, steps, ledger, seconds, failure }) {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Firstkey: ${escaped(story.title)}</title>
<style>
  body { font: 18px/1.5 system-ui, sans-serif; margin: 0; background: #f4f1eb; color: #221f1b; }
  main { max-width: 1200px; margin: 0 auto; padding: 48px 24px; }
  h1 { font-size: 40px; line-height: 1.15; margin: 0 0 8px; }
  .verdict { padding: 16px 24px; border-radius: 16px; background: ${failure ? '#fbe5e1' : '#e4f0dc'}; font-weight: 600; }
  table { border-collapse: collapse; width: 100%; margin: 16px 0 40px; background: #fff; }
  th, td { text-align: start; padding: 10px 16px; border-bottom: 1px solid #d6cfc3; vertical-align: top; overflow-wrap: anywhere; }
  figure { margin: 0 0 48px; }
  img { width: 100%; height: auto; border: 1px solid #7d7568; border-radius: 12px; display: block; }
  figcaption { padding: 12px 4px; }
  .time { color: #57514a; font-variant-numeric: tabular-nums; }
</style>
<main>
  <h1>${escaped(story.title)}</h1>
  <p>Told by a scripted person in the real window, in the training world: virtual keys, a twin of Microsoft Entra ID, a virtual phone. Electron ${escaped(electronVersion)}, language ${escaped(language)}, ${seconds.toFixed(1)} s with the pictures.</p>
  <p class="verdict">${failure ? `Failed at “${escaped(failure.step)}”: ${escaped(failure.message)}` : 'Every step went as it should.'}</p>
  ${ledger ? madeTable(ledger) : ''}
  <h2>Step by step</h2>
  ${steps.map((step, index) => `<figure><img src="${escaped(step.picture)}" alt="${escaped(step.text)}" loading="lazy"><figcaption><strong>${index + 1}. ${escaped(step.text)}</strong> <span class="time">${step.seconds.toFixed(1)} s</span></figcaption></figure>`).join('\n  ')}
</main>
</html>
`;
}

/** @param {import('../../contract/practice.ts').PracticeLedger} ledger */
function madeTable(ledger) {
  const keys = ledger.keys.map(
    (key) =>
      `<tr><td>Security key</td><td>${escaped(key.name)}<br>AAGUID ${escaped(key.aaguid)}</td><td>${escaped(key.attestationFormat)}, ${key.attested ? 'attested by its certificate chain' : 'not attested'}</td><td>${key.verifiedBy.map(escaped).join('<br>')}</td></tr>`,
  );
  const phones = ledger.phones.map(
    (phone) =>
      `<tr><td>Phone</td><td>${escaped(phone.name)}</td><td>Phone sign-in ${phone.phoneSignIn ? 'on' : 'off'}</td><td>the twin’s directory</td></tr>`,
  );
  return `<h2>What was made</h2>
  <table><thead><tr><th>Method</th><th>Which</th><th>How</th><th>Accepted by</th></tr></thead><tbody>${[...keys, ...phones].join('')}
  <tr><td>Pass</td><td colspan="3">${escaped(ledger.pass === 'none' ? 'deleted' : ledger.pass)}</td></tr></tbody></table>`;
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
