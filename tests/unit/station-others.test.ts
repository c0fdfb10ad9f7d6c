// What Windows and macOS are handed, as far as it can be judged without them: files that parse, in the form that the published
// schemas ask for, and one list of walls that the files, the guide and the doctor share.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { DOMParser } from '@xmldom/xmldom';
import { describe, expect, test } from 'vitest';
import { wallNames } from '../../contract/walls.ts';
import { inProject } from '../../scripts/set-up/places.mjs';

const read = (name: string): Promise<string> => readFile(inProject('assets/station', name), 'utf8');

/** Rejects at the first thing that isn't well-formed. */
async function parsed(name: string): Promise<Element> {
  const text = await read(name);
  const complain = (level: string, problem: unknown): never => {
    throw new Error(`${name}: ${level}: ${String(problem)}`);
  };
  const document: Document = new DOMParser({ errorHandler: complain }).parseFromString(text, 'text/xml');
  return document.documentElement;
}

const childrenOf = (element: Element): readonly Element[] =>
  Array.from(element.childNodes).filter((node: Node): node is Element => node.nodeType === 1);
const named = (element: Element, name: string): readonly Element[] =>
  childrenOf(element).filter(({ localName }) => localName === name);
function only(element: Element, ...way: readonly string[]): Element {
  return way.reduce((at, name) => {
    const found = named(at, name);
    if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} of ${name} in ${at.localName}`);
    return found[0];
  }, element);
}
const names = (element: Element): readonly string[] => childrenOf(element).map(({ localName }) => localName);
const guid = /^\{[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\}$/;
const program = '%ProgramFiles%\\firstkey\\firstkey.exe';

describe('Shell Launcher', () => {
  const main = 'http://schemas.microsoft.com/ShellLauncher/2018/Configuration';
  const added = 'http://schemas.microsoft.com/ShellLauncher/2019/Configuration';

  test('is told of one profile, in the order of its schema', async () => {
    const root = await parsed('windows/shell-launcher.xml');
    expect([root.localName, root.namespaceURI]).toEqual(['ShellLauncherConfiguration', main]);
    expect(names(root)).toEqual(['Profiles', 'Configs']);
    expect(names(only(root, 'Profiles'))).toEqual(['DefaultProfile', 'Profile']);
    expect(names(only(root, 'Configs', 'Config'))).toEqual(['AutoLogonAccount', 'Profile']);
    const profile = only(root, 'Profiles', 'Profile');
    expect(profile.getAttribute('Id')).toMatch(guid);
    expect(only(root, 'Configs', 'Config', 'Profile').getAttribute('Id')).toBe(profile.getAttribute('Id'));
  });

  test('starts the desk with no argument, and starts it again whatever ends it', async () => {
    const shell = only(await parsed('windows/shell-launcher.xml'), 'Profiles', 'Profile', 'Shell');
    expect(shell.getAttribute('Shell')).toBe(program);
    expect(shell.getAttributeNS(added, 'AppType')).toBe('Desktop');
    expect(only(shell, 'DefaultAction').getAttribute('Action')).toBe('RestartShell');
  });
});

describe('Assigned Access', () => {
  test('allows the desk alone, in the order of its schema', async () => {
    const root = await parsed('windows/assigned-access.xml');
    expect([root.localName, root.namespaceURI]).toEqual([
      'AssignedAccessConfiguration',
      'http://schemas.microsoft.com/AssignedAccess/2017/config',
    ]);
    expect(names(root)).toEqual(['Profiles', 'Configs']);
    const profile = only(root, 'Profiles', 'Profile');
    expect(names(profile)).toEqual(['AllAppsList', 'FileExplorerNamespaceRestrictions', 'StartPins', 'Taskbar']);
    expect(profile.getAttribute('Id')).toMatch(guid);
    const app = only(profile, 'AllAppsList', 'AllowedApps', 'App');
    expect(app.getAttribute('DesktopAppPath')).toBe(program);
    expect(app.getAttributeNS('http://schemas.microsoft.com/AssignedAccess/201810/config', 'AutoLaunch')).toBe('true');
    expect(only(profile, 'Taskbar').getAttribute('ShowTaskbar')).toBe('false');
    expect(JSON.parse(only(profile, 'StartPins').textContent ?? '')).toEqual({ pinnedList: [] });
    const config = only(root, 'Configs', 'Config');
    expect(names(config)).toEqual(['AutoLogonAccount', 'DefaultProfile']);
    expect(only(config, 'DefaultProfile').getAttribute('Id')).toBe(profile.getAttribute('Id'));
  });
});

describe('AppLocker', () => {
  test('has each kind of rule once, enforced, with ids of their own', async () => {
    const root = await parsed('windows/applocker.xml');
    expect([root.localName, root.getAttribute('Version')]).toEqual(['AppLockerPolicy', '1']);
    const collections = childrenOf(root);
    expect(collections.map((each) => each.getAttribute('Type'))).toEqual(['Exe', 'Msi', 'Script']);
    expect(collections.every((each) => each.getAttribute('EnforcementMode') === 'Enabled')).toBe(true);
    const rules = collections.flatMap(childrenOf);
    const ids = rules.map((rule) => rule.getAttribute('Id'));
    expect(new Set(ids).size).toBe(ids.length);
    for (const rule of rules) {
      expect(rule.localName).toBe('FilePathRule');
      expect(names(rule).join(' ')).toMatch(/^Conditions(?: Exceptions)?$/);
      for (const needed of ['Id', 'Name', 'Description', 'UserOrGroupSid', 'Action'])
        expect(rule.hasAttribute(needed)).toBe(true);
    }
  });

  test('lets everybody start the desk and Windows, without shells and script hosts, and nothing else', async () => {
    const everybody = named(only(await parsed('windows/applocker.xml')), 'RuleCollection')
      .flatMap(childrenOf)
      .filter((rule) => rule.getAttribute('UserOrGroupSid') === 'S-1-1-0');
    const paths = (rule: Element, part: string): readonly (string | null)[] =>
      named(rule, part)
        .flatMap(childrenOf)
        .map((condition) => condition.getAttribute('Path'));
    expect(everybody.flatMap((rule) => paths(rule, 'Conditions'))).toEqual(['%PROGRAMFILES%\\firstkey\\*', '%WINDIR%\\*']);
    const shut = everybody.flatMap((rule) => paths(rule, 'Exceptions'));
    for (const name of ['explorer.exe', 'cmd.exe', 'WindowsPowerShell\\*', 'mshta.exe', 'wscript.exe', 'Taskmgr.exe', 'Temp\\*'])
      expect(
        shut.some((each) => each?.endsWith(`\\${name}`)),
        name,
      ).toBe(true);
    // What the doctor asks has to start.
    for (const name of ['reg.exe', 'sc.exe', 'whoami.exe', 'tasklist.exe'])
      expect(
        shut.some((each) => each?.endsWith(`\\${name}`)),
        name,
      ).toBe(false);
  });
});

describe('Windows’ policies', () => {
  interface Policy {
    readonly hive: string;
    readonly key: string;
    readonly name: string;
    readonly value: number;
    readonly why: string;
    readonly csp: string | null;
  }

  test('are a list in which each stands once, with a reason and a place in Intune or none', async () => {
    const { policies } = JSON.parse(await read('windows/policies.json')) as { policies: readonly Policy[] };
    expect(new Set(policies.map(({ key, name }) => `${key}\\${name}`)).size).toBe(policies.length);
    for (const { hive, name, value, why, csp } of policies) {
      expect(['HKLM', 'KIOSK'], name).toContain(hive);
      expect(Number.isInteger(value), name).toBe(true);
      expect(why.length, name).toBeGreaterThan(10);
      if (csp !== null) expect(csp, name).toMatch(/^\.\/(?:Device|User)\/Vendor\/MSFT\/Policy\/Config\/\w+\/\w+$/);
    }
    const page = await readFile(inProject('docs/operations.md'), 'utf8');
    expect(page).toContain(`0 of ${policies.length} policies are not so`);
  });

  test('are what the doctor reads back', async () => {
    const list = await read('windows/policies.json');
    const walls = await readFile(inProject('main/adapters/walls-system/windows-walls.ts'), 'utf8');
    const asked = [...walls.matchAll(/'(\w+)', [01]\]/g)].map(([, name]) => name ?? '');
    expect(asked.length).toBeGreaterThan(8);
    // These two are not values that a policy file sets: AppLocker's own, and device installation's.
    const elsewhere = ['EnforcementMode', 'DenyUnspecified'];
    expect(asked.filter((name) => !elsewhere.includes(name) && !list.includes(`"${name}"`))).toEqual([]);
  });
});

describe('PowerShell', () => {
  test('is strict, stops at errors, and has its braces and quotation marks in pairs', async () => {
    const scripts = (await readdir(inProject('assets/station/windows'))).filter((name) => name.endsWith('.ps1'));
    expect(scripts.length).toBe(4);
    for (const name of scripts) {
      const text = await read(path.join('windows', name));
      expect(text, name).toContain('Set-StrictMode -Version 3');
      expect(text, name).toContain("$ErrorActionPreference = 'Stop'");
      const code = text
        .split('\n')
        .map((line) => line.replace(/^\s*#.*$/, ''))
        .join('\n')
        .replaceAll(/'(?:[^'\n]|'')*'/g, "''")
        .replaceAll(/"(?:[^"`\n]|`.|"")*"/g, (quoted) => quoted.replaceAll(/[^(){}[\]]/g, ''));
      for (const [open, close] of ['{}', '()', '[]'].map((pair) => [...pair])) {
        const count = (sign = ''): number => code.split(sign).length;
        expect(count(open), `${name} ${open}`).toBe(count(close));
      }
      expect(code.replaceAll("''", ''), name).not.toMatch(/['"]/);
      // Nothing that runs text as code.
      expect(text, name).not.toMatch(/Invoke-Expression|\biex\b|-EncodedCommand/i);
    }
  });
});

type Plist = string | number | boolean | readonly Plist[] | { readonly [key: string]: Plist };

/** The parts of Apple's property lists that are used here. */
function plistValue(element: Element): Plist {
  switch (element.localName) {
    case 'string':
      return element.textContent ?? '';
    case 'integer':
      return Number(element.textContent);
    case 'true':
    case 'false':
      return element.localName === 'true';
    case 'array':
      return childrenOf(element).map(plistValue);
    case 'dict': {
      const parts = childrenOf(element);
      const pairs: [string, Plist][] = [];
      for (let at = 0; at < parts.length; at += 2) {
        const [key, value] = parts.slice(at, at + 2);
        if (key?.localName !== 'key' || value === undefined) throw new Error('a dict is keys and values in turn');
        pairs.push([key.textContent ?? '', plistValue(value)]);
      }
      if (new Set(pairs.map(([key]) => key)).size !== pairs.length) throw new Error('a key stands twice');
      return Object.fromEntries(pairs);
    }
    default:
      throw new Error(`no ${element.localName} in a property list`);
  }
}

async function plist(name: string): Promise<Record<string, Plist>> {
  const [content] = childrenOf(await parsed(name));
  if (content === undefined) throw new Error(`${name} is empty`);
  return plistValue(content) as Record<string, Plist>;
}

describe('macOS', () => {
  test('is given an agent that keeps the desk alive, without arguments and without core files', async () => {
    expect(await plist('macos/firstkey.desk.plist')).toMatchObject({
      Label: 'firstkey.desk',
      ProgramArguments: [expect.stringMatching(/^\/Applications\/.*\.app\/Contents\/MacOS\/\w+$/)],
      RunAtLoad: true,
      KeepAlive: true,
      LimitLoadToSessionType: 'Aqua',
      HardResourceLimits: { Core: 0 },
    });
  });

  test('is given a profile whose payloads have the members that every payload needs', async () => {
    const profile = await plist('macos/firstkey.mobileconfig');
    const payloads = profile['PayloadContent'] as readonly Record<string, Plist>[];
    const all = [profile, ...payloads];
    for (const payload of all) {
      expect(payload['PayloadUUID']).toMatch(/^[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}$/);
      expect(payload['PayloadVersion']).toBe(1);
      expect(String(payload['PayloadIdentifier'])).toMatch(/^firstkey\.desk\.profile/);
    }
    for (const own of ['PayloadUUID', 'PayloadIdentifier']) expect(new Set(all.map((each) => each[own])).size).toBe(all.length);
    expect(profile).toMatchObject({ PayloadType: 'Configuration', PayloadScope: 'System', PayloadRemovalDisallowed: true });
    expect(payloads.map((each) => each['PayloadType'])).toEqual([
      'com.apple.applicationaccess',
      'com.apple.loginwindow',
      '.GlobalPreferences',
      'com.apple.screensaver',
    ]);
  });

  test('sets what the doctor reads back', async () => {
    const profile = JSON.stringify(await plist('macos/firstkey.mobileconfig'));
    const walls = await readFile(inProject('main/adapters/walls-system/macos-walls.ts'), 'utf8');
    const asked = [...walls.matchAll(/(?<=[{,] )(\w+): (true|false)\b/g)].map(([, name, value]) => `"${name}":${value}`);
    expect(asked.length).toBeGreaterThan(4);
    expect(asked.filter((each) => !profile.includes(each))).toEqual([]);
  });
});

describe('docs/operations.md', () => {
  test('lists every wall, and every file of a station has its place there or in the set-up', async () => {
    const page = await readFile(inProject('docs/operations.md'), 'utf8');
    for (const wall of wallNames) expect(page).toContain(`| \`wall.${wall}\` |`);
    for (const system of ['windows', 'macos']) {
      const files = (await readdir(inProject('assets/station', system))).filter((name) => !name.startsWith('key-service'));
      expect(files.filter((name) => !page.includes(name))).toEqual([]);
    }
    const setUp = await read('linux/set-up');
    const scripts = ['set-up', 'screen-session', 'screen-client', 'out-of-service', 'openbox.xml'];
    const linux = (await readdir(inProject('assets/station/linux'))).filter((name) => !scripts.includes(name));
    expect(linux.filter((name) => !setUp.includes(name))).toEqual([]);
  });
});
