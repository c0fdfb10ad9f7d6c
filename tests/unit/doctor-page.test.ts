// The doctor's page for the policy owner: which finding stands where, the exact setting of each, and that nothing on it can act,
// whatever a tenant calls its policies.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkCodes, checks, codeOf, stateOf, type Finding } from '../../contract/doctor.ts';
import { missingRights, needsPolicyRights, settingOf } from '../../contract/doctor-cure.ts';
import { foretold, foretoldCodes, type Evidence, type ForetoldCode } from '../../contract/foretold.ts';
import { languages, type Language } from '../../contract/intent.ts';
import { because } from '../../contract/reason.ts';
import { doctorPage } from '../../main/doctor/page/doctor-page.ts';
import { pageGroups } from '../../main/doctor/page/page-groups.ts';
import { examine } from '../../main/doctor/examine.ts';
import { wordsIn } from '../../renderer/words/words.ts';
import { illReport } from '../support/doctor-page-samples.ts';
import { evidenceOf } from '../support/doctor-samples.ts';

const draw = (report: ReturnType<typeof illReport>, language: Language = 'en') => doctorPage(report, { language, fonts: [] });
const check = (code: (typeof checkCodes)[number], evidence: object = {}): Finding => ({ kind: 'check', code, evidence });
const foretell = (
  code: ForetoldCode,
  evidence: Evidence = {},
  who: Extract<Finding, { kind: 'foretold' }>['who'] = [],
): Finding => ({
  kind: 'foretold',
  foretold: { code, weight: foretold[code].weight, certainty: 'sure', evidence },
  who,
});
const shape = (tag: string) => new RegExp(`<${tag}[\\s>]`, 'giu');
const count = (page: string, tag: string): number => (page.match(shape(tag)) ?? []).length;
/** What a reader sees, without markup. */
const textOf = (page: string): string =>
  page
    .replace(/<style>.*<\/style>/su, '')
    .replaceAll(/<[^>]*>/gu, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', '’')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/gu, ' ');

describe('where a finding stands', () => {
  test('every finding stands in one group', () => {
    const findings = [...checkCodes.map((code) => check(code)), ...foretoldCodes.map((code) => foretell(code))];
    const { toChange, forTechnician, unknown, good } = pageGroups({ findings });
    const all = [...toChange, ...forTechnician, ...unknown, ...good];
    expect(all.map(codeOf).toSorted()).toEqual(findings.map(codeOf).toSorted());
    expect(new Set(all).size).toBe(findings.length);
    expect(good.every((one) => stateOf(one) === 'good')).toBe(true);
    expect(unknown.every((one) => stateOf(one) === 'unknown')).toBe(true);
  });

  test('what stops people comes first, and of that what stops more of them', () => {
    const few = foretell('access.blocked', {}, ['onceKey']);
    const many = foretell('key.off', {}, ['onceKey', 'oncePhone', 'severalPhone']);
    const { toChange } = pageGroups({ findings: [check('pass.onceOnly'), few, many] });
    expect(toChange.map(codeOf)).toEqual(['key.off', 'access.blocked', 'pass.onceOnly']);
  });

  test('a clock, a cable and a key are the technician’s; a rule is not, even where moving the desk would do', () => {
    for (const code of ['clock.wrong', 'host.shut', 'keys.shut', 'routes.noSignIn'] as const) {
      expect(needsPolicyRights(check(code)), code).toBe(false);
    }
    for (const finding of [foretell('access.wrongPlace'), foretell('key.modelRefused'), check('station.ending')]) {
      expect(needsPolicyRights(finding), codeOf(finding)).toBe(true);
    }
  });
});

describe('the exact setting', () => {
  test('is there for everything that a policy owner cures and Microsoft lets be set', () => {
    const without = [
      ...checkCodes
        .filter((code) => checks[code].state === 'attention' || checks[code].state === 'stop')
        .map((code) => check(code)),
      ...foretoldCodes.filter((code) => foretold[code].who === 'policyOwner').map((code) => foretell(code)),
    ].filter((finding) => needsPolicyRights(finding) && settingOf(finding) === null);
    // Neither a cloud nor a guest's home is set by anybody here.
    expect(without.map(codeOf).toSorted()).toEqual(['account.guest', 'cloud.portalOnly', 'key.notInThisCloud']);
  });

  test('leads through the policy that is meant, to a value that can be typed', () => {
    expect(settingOf(foretell('access.wrongPlace', { policyName: 'Only here', address: '2001:db8::7' }))).toEqual({
      path: ['Entra ID', 'Conditional Access', 'Policies', 'Only here', 'Network', 'Exclude', 'Selected networks and locations'],
      value: '2001:db8::7/128',
    });
    expect(settingOf(check('place.outside', { address: '198.51.100.7' }))?.value).toBe('198.51.100.7/32');
    expect(settingOf(check('rights.missing', { names: ['A.Read', 'B.Read'] }))?.value).toBe('A.Read, B.Read');
    expect(settingOf(check('clock.wrong'))).toBeNull();
  });

  test('a right is missing only where its lack was the reason', () => {
    const forbidden = because('directory.forbidden', { status: 403 });
    expect(missingRights(check('tenant.partUnread', { part: 'premium', reason: forbidden }))).toEqual([
      'LicenseAssignment.Read.All',
    ]);
    expect(missingRights(check('whatIf.unread', { reason: forbidden }))).toEqual(['Policy.Read.ConditionalAccess']);
    expect(missingRights(check('whatIf.unread', { reason: because('directory.unreachable') }))).toEqual([]);
    expect(missingRights(check('place.notAsked'))).toEqual([]);
  });
});

describe('the page', () => {
  test('says whose rules, which desk and when, then what to change, with its path and value', async () => {
    const text = textOf(await draw(illReport()));
    const inOrder = [
      'What to change in the tenant',
      'Contoso',
      evidenceOf().settings.tenantId,
      'DESK-07',
      'Service desk, room 0.12, phone 4455',
      '23 November 2026',
      'Stops people: 5',
      'Allow self-service set-up for Passkey (FIDO2)',
      'key.selfServiceOff',
      'At the desk',
      'Allow self-service set up',
      'Set it to',
      'Yes',
      'Only from our buildings',
      '198.51.100.7/32',
      'Left to the technician at the desk',
      'mysignins.microsoft.com',
      'Could not be looked at',
      'Missing right: LicenseAssignment.Read.All',
      'The desk’s clock is right',
    ];
    let at = 0;
    for (const piece of inOrder) {
      const found = text.indexOf(piece, at);
      expect(found, piece).toBeGreaterThan(-1);
      at = found;
    }
  });

  test('gives each address once, as text, as a link and as a code', async () => {
    const page = await draw(illReport());
    const links = [...page.matchAll(/href="(https:[^"]*)"/gu)].map(([, link]) => link ?? '');
    expect(new Set(links).size).toBe(links.length);
    expect(links.length).toBeGreaterThanOrEqual(3);
    expect(links.every((link) => link.startsWith('https://entra.microsoft.com/#view/'))).toBe(true);
    expect((page.match(/class="qr"/gu) ?? []).length).toBe(links.length);
    const letters = [...page.matchAll(/href="#(place-[A-Z])"/gu)].map(([, id]) => id ?? '');
    expect(letters.length).toBeGreaterThan(0);
    for (const id of letters) expect(page).toContain(`id="${id}"`);
  });

  test('has nothing to change where nothing is wrong, and says so only where the rules were seen', async () => {
    const well = textOf(await draw(examine(evidenceOf({ world: 'training' }))));
    expect(well).toContain('Nothing to change in the tenant');
    expect(well).toContain('Training · nothing here is real');
    expect(well).toContain('Nothing it could see needs a change of policy.');
    const no = { ok: false, reason: because('directory.forbidden', { status: 403 }) } as const;
    const blind = textOf(await draw(examine(evidenceOf({ rules: no }))));
    expect(blind).toContain('The tenant’s rules could not be read.');
    expect(blind).not.toContain('Nothing it could see');
    expect(blind).toContain('Missing right: Policy.Read.All');
  });

  test.each(languages)('%s: every word is of that language, and the direction too', async (language) => {
    const page = await draw(illReport(), language);
    expect(page).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`);
    expect(textOf(page)).toContain(wordsIn(language).t('doctor.page.title'));
    expect(textOf(page)).toContain(wordsIn(language).t('doctor.page.foot'));
    if (language !== 'en') expect(textOf(page)).not.toContain('Could not be looked at');
  });
});

describe('names that were chosen to harm', () => {
  const hostile = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</style><style>*{display:none}',
    '<!-- ',
    '&lt;b&gt;',
    'javascript:alert(1)',
    '</code></dd></dl></li></ol></main><h1>Call 555-0199</h1>',
    '${7*7}{{7*7}}',
  ];
  const plain = draw(illReport());

  test.each(hostile)('%s stands there as it is written, and changes nothing else', async (name) => {
    const page = await draw(illReport({ policy: name, place: name }));
    for (const tag of ['script', 'img', 'style', 'h1', 'iframe', 'li', 'a', 'p', 'bdi', 'svg']) {
      expect(count(page, tag), tag).toBe(count(await plain, tag));
    }
    expect(page).not.toMatch(/<!--/u);
    expect(page.match(/\son\w+\s*=\s*["']/giu)).toBeNull();
    expect(page).not.toMatch(/(?:href|src)="(?!https:\/\/entra\.microsoft\.com\/|#place-[A-Z]")/u);
    expect(textOf(page)).toContain(name.replaceAll("'", '’').replaceAll(/\s+/gu, ' '));
  });

  test('turn no line around and hide nothing', async () => {
    const page = await draw(illReport({ policy: 'Allow\u202e all\u0000 \u2066x\u200b\u{2028}', place: 'مكتب 7' }));
    expect(page).not.toMatch(/[^\P{Cc}\n\t]|\p{Cf}|\p{Zl}/u);
    expect(textOf(page)).toContain(String.raw`Allow\u{202e} all\u{0} \u{2066}x\u{200b}\u{2028}`);
    expect(page).toContain('<bdi>مكتب 7</bdi>');
  });

  test('the page names its own style by digest and allows nothing else', async () => {
    const page = await plain;
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/u.exec(page)?.[1]?.replaceAll('&#39;', "'") ?? '';
    const style = /<style>(.*?)<\/style>/su.exec(page)?.[1] ?? '';
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
      'font-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(page).not.toMatch(/\sstyle=/u);
  });
});
