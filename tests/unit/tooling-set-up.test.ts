// The parts of the set-up that run before anything is installed: a mistake here shows on fresh machines only.

import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { extractFile, listPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asarArchive } from '../../scripts/set-up/asar-archive.mjs';
import { factoryFuses, readFuses, writeFuses } from '../../scripts/set-up/fuses.mjs';
import { nodeVersionProblem } from '../../scripts/set-up/node-version.mjs';
import { packagesProblem } from '../../scripts/set-up/packages.mjs';
import { inProject } from '../../scripts/set-up/places.mjs';
import { needs } from '../../scripts/set-up/system-packages.mjs';
import { extractTarEntry } from '../../scripts/set-up/tar-entry.mjs';
import { electronFileOf } from '../../scripts/set-up/training-runtime.mjs';
import { extractZipEntries } from '../../scripts/set-up/zip-entries.mjs';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'firstkey-set-up-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

describe('the Node gate', () => {
  test.each(['20.19.0', '20.20.2', '22.0.0', '100.0.0'])('%s passes', (version) => {
    expect(nodeVersionProblem(version, '>=20.19')).toBeNull();
  });
  test.each(['20.18.3', '18.20.4', '9.99.9'])('%s gets a sentence with both versions', (version) => {
    expect(nodeVersionProblem(version, '>=20.19')).toMatch(new RegExp(`>=20\\.19.*${version.replaceAll('.', String.raw`\.`)}`));
  });
});

test('every command checks Node before it loads anything that an old one could not read', async () => {
  const { scripts } = JSON.parse(await readFile(inProject('package.json'), 'utf8'));
  const commands = Object.values<string>(scripts).map((line) => /^node (scripts\/[a-z-]+\.mjs)/.exec(line)?.[1] ?? line);
  expect(commands.length).toBeGreaterThan(0);
  for (const command of new Set(commands)) {
    const text = await readFile(inProject(command), 'utf8');
    const imported = [...text.matchAll(/^import .*?'([^']+)';$/gm)].map((match) => match[1]);
    expect(imported, command).toEqual(['./set-up/node-version.mjs']);
    expect(text, command).toMatch(/^requireSupportedNode\(\);$/m);
  }
});

describe('whether the packages are those of the lock', () => {
  const wanted = {
    packages: {
      '': { version: '1.0.0' },
      'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
      'node_modules/b-win32': { version: '2.0.0', integrity: 'sha512-b', optional: true },
    },
  };
  test('all installed, other platforms left out', () => {
    expect(packagesProblem(wanted, { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } } })).toBeNull();
  });
  test.each([
    ['nothing installed', null, /not installed yet/],
    ['one missing', { packages: {} }, /node_modules\/a is missing/],
    ['another version', { packages: { 'node_modules/a': { version: '0.9.0', integrity: 'sha512-a' } } }, /changed in the lock/],
    ['another content', { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-x' } } }, /changed in the lock/],
    [
      'one too many',
      { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' }, 'node_modules/c': { version: '1.0.0' } } },
      /c is no longer in the lock/,
    ],
  ])('%s is seen', (_what, installed, problem) => {
    expect(packagesProblem(wanted, installed)).toMatch(problem);
  });
});

describe('archives', () => {
  test('one file comes out of a packed package, whole, past larger and empty neighbours', async () => {
    const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
    const archive = path.join(folder, 'package.tgz');
    await writeFile(
      archive,
      gzipSync(tar({ 'package/empty': Buffer.alloc(0), 'package/large': Buffer.alloc(300_001, 7), 'package/wanted': content })),
    );
    await extractTarEntry(archive, 'package/wanted', path.join(folder, 'wanted'));
    expect((await readFile(path.join(folder, 'wanted'))).equals(content)).toBe(true);
    await expect(extractTarEntry(archive, 'package/other', path.join(folder, 'other'))).rejects.toThrow(
      'package/other is not in the archive',
    );
  });

  test('an archive that ends too early is not taken for a whole one', async () => {
    const archive = path.join(folder, 'short.tgz');
    const whole = tar({ 'package/wanted': Buffer.alloc(5000, 1) });
    await writeFile(archive, gzipSync(whole.subarray(0, 2000)));
    await expect(extractTarEntry(archive, 'package/wanted', path.join(folder, 'short'))).rejects.toThrow(/ends inside/);
  });

  test('chosen files come out of a zip with their modes, the others stay in', async () => {
    const archive = path.join(folder, 'some.zip');
    await writeFile(
      archive,
      zip([
        { name: 'top/', content: '', mode: 0o755 },
        { name: 'top/program', content: 'x'.repeat(5000), mode: 0o755 },
        { name: 'top/deep/text', content: 'words', mode: 0o644, stored: true },
        { name: 'top/secret', content: 'no', mode: 0o644 },
        { name: 'top/empty', content: '', mode: 0o644 },
      ]),
    );
    const target = path.join(folder, 'unzipped');
    const written = await extractZipEntries(
      archive,
      (name) => (name.endsWith('secret') ? null : name.replace('top/', '')),
      target,
    );
    expect(written).toBe(3);
    expect((await readdir(target, { recursive: true })).toSorted()).toEqual(['deep', 'deep/text', 'empty', 'program']);
    expect(await readFile(path.join(target, 'program'), 'utf8')).toBe('x'.repeat(5000));
    expect(await readFile(path.join(target, 'deep/text'), 'utf8')).toBe('words');
    expect((await stat(path.join(target, 'program'))).mode & 0o777).toBe(0o755);
  });

  test('a zip entry can not be written outside its folder', async () => {
    const archive = path.join(folder, 'evil.zip');
    await writeFile(archive, zip([{ name: '../evil', content: 'x', mode: 0o644 }]));
    await expect(extractZipEntries(archive, (name) => name, path.join(folder, 'safe'))).rejects.toThrow(/would leave the folder/);
  });

  test("our application archive is one that Electron's own tool reads", async () => {
    const archive = path.join(folder, 'default_app.asar');
    await writeFile(
      archive,
      asarArchive({ 'package.json': Buffer.from('{"main":"main.mjs"}'), 'main.mjs': Buffer.from('// é\n') }),
    );
    expect(listPackage(archive, { isPack: false }).toSorted()).toEqual(['/main.mjs', '/package.json']);
    expect(extractFile(archive, 'main.mjs').toString()).toBe('// é\n');
  });
});

describe('the training runtime', () => {
  test.each([
    ['Cypress/Cypress', 'electron'],
    ['Cypress/icudtl.dat', 'icudtl.dat'],
    ['Cypress/locales/nl.pak', 'locales/nl.pak'],
    ['Cypress/LICENSE.electron.txt', 'LICENSE'],
    ['Cypress/browser_v8_context_snapshot.bin', null],
    ['Cypress/resources/app-update.yml', null],
    ['Cypress/resources/app/index.js', null],
    ['Cypress/locales/deeper/x.pak', null],
    ['Other/icudtl.dat', null],
  ])('%s becomes %s', (name, target) => {
    expect(electronFileOf(name)).toBe(target);
  });
});

describe('fuses', () => {
  const wire = (length: number): Buffer =>
    Buffer.concat([
      Buffer.alloc(1000, 1),
      Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
      Buffer.of(1, length),
      Buffer.alloc(length, 0x30),
      Buffer.alloc(50, 2),
    ]);

  test('what is written is what is read, and nothing else changes', async () => {
    const binary = path.join(folder, 'electron-8');
    await writeFile(binary, wire(8));
    const before = createHash('sha256')
      .update((await readFile(binary)).subarray(0, 1000))
      .digest('hex');
    await writeFuses(binary, factoryFuses);
    const { wasmTrapHandlers: _newer, ...eight } = factoryFuses;
    expect(await readFuses(binary)).toEqual(eight);
    expect(
      createHash('sha256')
        .update((await readFile(binary)).subarray(0, 1000))
        .digest('hex'),
    ).toBe(before);
  });

  test('a fuse that nobody decided, or that is new, stops the work', async () => {
    const binary = path.join(folder, 'electron-9');
    await writeFile(binary, wire(9));
    const { runAsNode: _undecided, ...others } = factoryFuses;
    await expect(writeFuses(binary, others)).rejects.toThrow(/nobody has decided the fuse runAsNode/);
    await writeFile(binary, wire(10));
    await expect(writeFuses(binary, factoryFuses)).rejects.toThrow(/fuse number 10, which is new/);
    await writeFile(binary, Buffer.alloc(100));
    await expect(readFuses(binary)).rejects.toThrow(/has no fuses/);
  });
});

test('every system package is named once, with Debian names', () => {
  const names = Object.values(needs).flatMap((some) => some.map(({ debian }) => debian));
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[a-z0-9][a-z0-9+.-]+$/.test(name))).toEqual([]);
});

/** A tar archive (POSIX ustar) of regular files. */
function tar(files: Record<string, Buffer>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, content]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('0', 156);
    header.write('ustar\0', 257);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

interface ZipFile {
  readonly name: string;
  readonly content: string;
  readonly mode: number;
  readonly stored?: boolean;
}

/** A zip archive as Unix programs write it, without the check sums that our reader does not use. */
function zip(files: readonly ZipFile[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content, mode, stored } of files) {
    const packed = stored ? Buffer.from(content) : deflateRawSync(content);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(name.length, 26);
    header.writeUInt16LE(3, 28);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(stored ? 0 : 8, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE((0o100000 | mode) * 0x10000, 38);
    entry.writeUInt32LE(offset, 42);
    local.push(header, Buffer.from(name), Buffer.from('xyz'), packed);
    central.push(entry, Buffer.from(name));
    offset += 30 + name.length + 3 + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}
