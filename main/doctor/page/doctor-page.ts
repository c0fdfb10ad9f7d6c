// The page for whoever keeps the tenant's policies, who is usually not the technician at the desk: what to change, where exactly
// and why. One HTML document, whole in itself, for the printer and for the mail alike: no script, nothing from anywhere.
import { html, raw } from 'hono/html';
import { createHash } from 'node:crypto';
import { codeOf, findingStates, stateOf, type DoctorReport, type Finding } from '../../../contract/doctor.ts';
import { missingRights, type AdminSetting } from '../../../contract/doctor-cure.ts';
import type { Language } from '../../../contract/intent.ts';
import { findingWords, type FindingWords } from '../../../renderer/words/finding-words.ts';
import { languageDirection } from '../../../renderer/words/languages.ts';
import { wordsIn, type PlainMessageId, type Words } from '../../../renderer/words/words.ts';
import { markOf, qrOf } from './page-drawings.ts';
import { pageGroups, type PageGroups } from './page-groups.ts';
import { joined, named, nothing, type Markup } from './page-markup.ts';
import { pageStyle, type SheetFont } from './page-style.ts';

export interface DoctorPageOptions {
  readonly language: Language;
  /** Faces to put into the page; without any it is read in the system's. */
  readonly fonts: readonly SheetFont[];
}

export async function doctorPage(report: DoctorReport, { language, fonts }: DoctorPageOptions): Promise<string> {
  const words = wordsIn(language);
  const groups = pageGroups(report);
  const title = words.t(groups.toChange.length > 0 ? 'doctor.page.title' : 'doctor.page.titleWell');
  const style = pageStyle(fonts);
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const page = await html`<html lang="${language}" dir="${languageDirection(language)}">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${policy}" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="referrer" content="no-referrer" />
      <meta name="robots" content="noindex" />
      <title>Firstkey · ${title}</title>
      ${raw(`<style>${style}</style>`)}
    </head>
    <body>
      <main>
        ${head(report, groups, title, words)} ${changes(report, groups, words)}
        ${plainList('doctor.page.technician', 'technician', groups.forTechnician, report, words)}
        ${unknowns(report, groups, words)} ${plainList('doctor.state.good', 'good', groups.good, report, words)}
      </main>
      <footer>${words.t('doctor.page.foot')}</footer>
    </body>
  </html>`;
  return `<!doctype html>\n${page.toString()}\n`;
}

function head(report: DoctorReport, { toChange }: PageGroups, title: string, { t, day, time }: Words): Markup {
  const { world, tenant, desk, atMs, findings } = report;
  const isBlind = findings.some((one) => blind.includes(codeOf(one)));
  const lead = isBlind ? 'doctor.page.leadBlind' : toChange.length > 0 ? 'doctor.page.lead' : 'doctor.page.leadWell';
  const counts = findingStates.map(
    (state) => `${t(`doctor.state.${state}`)}: ${findings.filter((one) => stateOf(one) === state).length}`,
  );
  const tenantName = tenant.name === null ? [] : [named(tenant.name)];
  return html`<header>
    ${world === 'field' ? nothing : html`<p class="world">${t(`world.${world}.title`)} · ${t(`world.${world}.rest`)}</p>`}
    <p class="brand">Firstkey · ${t('doctor.healer.policyOwner')}</p>
    <h1>${title}</h1>
    <p class="lead">${t(lead)}</p>
    <dl class="about">
      <dt>${t('doctor.page.tenant')}</dt>
      <dd>${joined([...tenantName, html`<code dir="ltr">${tenant.id}</code>`], ' · ')}</dd>
      <dt>${t('doctor.page.desk')}</dt>
      <dd>${joined([named(desk.machine), named(desk.contact)], ' · ')}</dd>
      <dt>${t('doctor.page.time')}</dt>
      <dd>${day(atMs)} · <bdi dir="ltr">${time(atMs)}</bdi></dd>
    </dl>
    <p class="counts">${counts.join(' · ')}</p>
  </header>`;
}

/** Without the tenant's rules the page must not sound as if they were good. */
const blind: readonly string[] = ['tenant.noStation', 'station.notReady', 'tenant.unread'];

function changes(report: DoctorReport, { toChange }: PageGroups, words: Words): Markup {
  if (toChange.length === 0) return nothing;
  const told = toChange.map((finding) => ({ finding, its: findingWords(finding, report, words) }));
  // Several findings are cured in one place: each address stands on the page once, under a letter.
  const places = [...new Set(told.flatMap(({ its }) => its.link ?? []))];
  return html`<section aria-labelledby="change">
      <h2 id="change">${words.t('doctor.page.change')}</h2>
      <ol>
        ${told.map(({ finding, its }) => findingEntry(finding, its, places, words))}
      </ol>
    </section>
    ${places.length === 0 ? nothing : placesList(places, words)}`;
}

function findingEntry(finding: Finding, its: FindingWords, places: readonly string[], words: Words): Markup {
  const { t } = words;
  const { what, state, facts, hits, means, cure, setting, link } = its;
  // What people would be told is no headline for who keeps the policies: that is what to do.
  const isForetold = finding.kind === 'foretold';
  const headline = begun(isForetold ? (cure ?? what) : what, words);
  const aside = [
    html`${state}`,
    ...(hits.length > 0 ? [html`${t('doctor.hits')}: ${hits.join(' · ')}`] : []),
    html`<code dir="ltr">${codeOf(finding)}</code>`,
  ];
  return html`<li class="finding">
    ${markOf(stateOf(finding))}
    <div>
      <h3>${headline}</h3>
      <p class="state">${joined(aside, ' · ')}</p>
      <dl class="facts">
        ${row(t('doctor.means'), isForetold ? html`${what}` : means === null ? null : html`${means}`)}
        ${row(t('doctor.evidence'), facts.length === 0 ? null : joined(facts.map(named), ' · '))}
        ${row(t('doctor.cure'), isForetold || cure === null ? null : html`${begun(cure, words)}`)}
        ${setting === null ? nothing : settingRows(setting, letterOf(link, places), words)}
      </dl>
    </div>
  </li>`;
}

/** With the first letter of a sentence. */
function begun(text: string, { language }: Words): string {
  const [first = '', ...rest] = text;
  return first.toLocaleUpperCase(language) + rest.join('');
}

function letterOf(link: string | null, places: readonly string[]): string | null {
  const at = link === null ? -1 : places.indexOf(link);
  return at < 0 ? null : String.fromCodePoint(('A'.codePointAt(0) ?? 0) + at);
}

/** Microsoft's labels stand as Microsoft writes them, and from the menu down whichever way the page reads. */
function settingRows({ path, value }: AdminSetting, letter: string | null, { t }: Words): Markup {
  const where = letter === null ? nothing : html` <a class="letter" href="#place-${letter}">${letter}</a>`;
  return html`${row(t('doctor.setting'), html`<b class="path" dir="ltr">${joined(path.map(named), ' › ')}</b>${where}`)}
  ${row(t('doctor.value'), value === null ? null : html`<b class="value" dir="ltr">${named(value)}</b>`)}`;
}

function placesList(places: readonly string[], { t }: Words): Markup {
  return html`<section aria-labelledby="where">
    <h2 id="where">${t('doctor.page.where')}</h2>
    <ul class="places">
      ${places.map((link) => {
        const letter = letterOf(link, places) ?? '';
        return html`<li id="place-${letter}">
          ${qrOf(link, `${t('doctor.qr')}: ${letter}`)}
          <div>
            <span class="letter">${letter}</span><br />
            <a class="small" dir="ltr" rel="noreferrer" href="${link}">${link}</a>
          </div>
        </li>`;
      })}
    </ul>
  </section>`;
}

function row(name: string, value: Markup | null): Markup {
  return value === null
    ? nothing
    : html`<dt>${name}</dt>
        <dd>${value}</dd>`;
}

function unknowns(report: DoctorReport, { unknown }: PageGroups, words: Words): Markup {
  if (unknown.length === 0) return nothing;
  const { t } = words;
  return html`<section aria-labelledby="unknown">
    <h2 id="unknown">${t('doctor.state.unknown')}</h2>
    <ul class="plain">
      ${unknown.map((finding) => {
        const { what, facts, cure } = findingWords(finding, report, words);
        const rights = missingRights(finding);
        const told = joined([html`<b>${what}</b>`, ...facts.map(named)], ' · ');
        const help =
          rights.length > 0
            ? html`${t('doctor.right')}: <code dir="ltr">${rights.join(', ')}</code>`
            : html`${t('doctor.cure')}: ${cure ?? ''}`;
        return html`<li>
          ${markOf('unknown')}
          <div>
            ${told}<br />
            ${help}
          </div>
        </li>`;
      })}
    </ul>
  </section>`;
}

/** What somebody should know of, in one line each. */
function plainList(
  heading: PlainMessageId,
  id: 'technician' | 'good',
  findings: readonly Finding[],
  report: DoctorReport,
  words: Words,
): Markup {
  if (findings.length === 0) return nothing;
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${words.t(heading)}</h2>
    <ul class="plain ${id}">
      ${findings.map((finding) => {
        const { what, facts } = findingWords(finding, report, words);
        // What is good needs no proof here, but which hosts answer: another one may not.
        const isBare = id === 'good' && codeOf(finding) !== 'host.reached';
        const told = isBare ? [html`${what}`] : [html`${what}`, ...facts.map(named)];
        return html`<li>
          ${markOf(stateOf(finding))}
          <div>${joined(told, ' · ')}</div>
        </li>`;
      })}
    </ul>
  </section>`;
}
