// What can be known about packages without making one: the configuration, the fuses, the icons, and Debian's package form.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FuseV1Options } from '@electron/fuses';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { iconFiles } from '../../scripts/assets/icon-files.mjs';
import { afterPack, fusesKeptAsBuilt } from '../../scripts/pack/after-pack.mjs';
import { runtimeConfiguration } from '../../scripts/pack/training-package.mjs';
import { factoryFuses, fuseNames, writeFuses } from '../../scripts/set-up/fuses.mjs';
import { inProject } from '../../scripts/set-up/places.mjs';
import { needs } from '../../scripts/set-up/system-packages.mjs';
import { trainingRuntimeMarker } from '../../scripts/set-up/training-runtime.mjs';

interface BuilderConfiguration {
  readonly electronFuses: Record<string, boolean>;
  readonly deb: { readonly depends: readonly string[]; readonly fpm: readonly string[] };
  readonly [option: string]: unknown;
}

// electron-builder keeps its reader and its schema check in the package it is made of.
const requireOfBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
const builder: {
  getConfig(folder: string, file: null, options: null): Promise<BuilderConfiguration>;
  validateConfiguration(configuration: object, logger: { isEnabled: boolean; add(): void }): Promise<void>;
} = requireOfBuilder('app-builder-lib/out/util/config/config.js');

let folder: string;
let configuration: BuilderConfiguration;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'firstkey-pack-'));
  configuration = await builder.getConfig(inProject(), null, null);
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

describe('electron-builder.yml', () => {
  const logger = { isEnabled: false, add: () => {} };

  test('is what electron-builder understands, for every platform', async () => {
    expect(configuration).toMatchObject({
      win: { target: ['nsis', 'msi'] },
      mac: { target: 'dmg' },
      linux: { target: ['deb', 'AppImage'] },
    });
    await expect(builder.validateConfiguration(configuration, logger)).resolves.toBeUndefined();
  });

  test('would be refused with a misspelt option', async () => {
    const misspelt = { ...configuration, electronFuse: configuration.electronFuses };
    await expect(builder.validateConfiguration(misspelt, logger)).rejects.toThrow(/electronFuse/);
  });

  test('decides every fuse that there is, and closes every one that opens the desk', () => {
    const known = Object.values(FuseV1Options).filter((name) => typeof name === 'string');
    const decided = new Set(
      [...Object.keys(configuration.electronFuses), ...Object.keys(fusesKeptAsBuilt)].map((name) => name.toLowerCase()),
    );
    expect(known.length).toBeGreaterThan(0);
    expect(known.filter((name) => !decided.has(name.toLowerCase()))).toEqual([]);
    expect(fuseNames.filter((name) => !decided.has(name.toLowerCase()))).toEqual([]);
    expect(configuration.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  test('asks Debian for the libraries that the set-up installs', () => {
    expect(configuration.deb.depends).toEqual(needs.window.map(({ debian }) => debian));
  });
});

describe('what a Debian package brings beside the application', () => {
  test('is there, and goes where the system or an administrator looks for it', () => {
    const places = configuration.deb.fpm.map((pair) => pair.split('='));
    expect(places.map(([, target]) => target)).toEqual([
      '/usr/lib/udev/rules.d/71-firstkey-keys.rules',
      '/usr/share/firstkey/station',
    ]);
    for (const [source = ''] of places) expect(existsSync(inProject(source)), source).toBe(true);
  });
});

describe('after packing', () => {
  interface Packed {
    readonly artifactName: string;
    readonly fuses?: Buffer;
    readonly decided?: Record<string, boolean>;
  }

  /** A folder as electron-builder hands it over, with nothing but what the hook looks at. */
  async function packed({ artifactName, fuses = wire(8), decided }: Packed): Promise<Parameters<typeof afterPack>[0]> {
    const appOutDir = await mkdtemp(path.join(folder, 'app-'));
    await mkdir(path.join(appOutDir, 'resources'));
    await writeFile(path.join(appOutDir, 'resources/default_app.asar'), 'a way in');
    await writeFile(path.join(appOutDir, 'firstkey'), fuses);
    await writeFuses(path.join(appOutDir, 'firstkey'), factoryFuses);
    const packager = {
      appInfo: { productFilename: 'Firstkey' },
      config: { executableName: 'firstkey', artifactName, electronFuses: decided ?? configuration.electronFuses },
      getResourcesDir: (place: string) => path.join(place, 'resources'),
    };
    return { appOutDir, electronPlatformName: 'linux', packager } as unknown as Parameters<typeof afterPack>[0];
  }

  function wire(length: number): Buffer {
    return Buffer.concat([Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'), Buffer.of(1, length), Buffer.alloc(length, 0x30)]);
  }

  test("Electron's own start page is gone", async () => {
    const context = await packed({ artifactName: 'firstkey.deb', fuses: wire(9) });
    await afterPack(context);
    expect(existsSync(path.join(context.appOutDir, 'resources/default_app.asar'))).toBe(false);
  });

  test('a fuse that the configuration forgot stops the package', async () => {
    const { runAsNode: _forgotten, ...decided } = configuration.electronFuses;
    await expect(afterPack(await packed({ artifactName: 'firstkey.deb', decided }))).rejects.toThrow(/runAsNode/);
  });

  test('a training runtime can only be packed under a name that says so', async () => {
    const training = { executable: '', folder: '/runtime', version: '33.2.1', trainingOnly: true, extraArguments: [] };
    const named = runtimeConfiguration(training);
    expect(named).toMatchObject({ electronVersion: '33.2.1', deb: { packageName: 'firstkey-training-only' } });
    expect(runtimeConfiguration({ ...training, trainingOnly: false })).toEqual({ electronDist: '/runtime' });
    for (const [artifactName, allowed] of [
      ['firstkey-1.deb', false],
      [String(named.artifactName), true],
    ] as const) {
      const context = await packed({ artifactName });
      await writeFile(path.join(context.appOutDir, trainingRuntimeMarker), '');
      if (allowed) await expect(afterPack(context)).resolves.toBeUndefined();
      else await expect(afterPack(context)).rejects.toThrow(/training only/);
    }
  });
});

describe('icons', () => {
  const drawnNow = iconFiles();

  test('the files in assets are the mark as it is drawn now', async () => {
    for (const [name, drawn] of Object.entries(drawnNow)) {
      const kept = await readFile(inProject('assets', name));
      // Compressed pictures may differ between versions of zlib; what they show may not.
      if (name.endsWith('.png')) expect(PNG.sync.read(kept).data.equals(PNG.sync.read(drawn).data), name).toBe(true);
      else expect(kept.subarray(0, 4).equals(drawn.subarray(0, 4)), name).toBe(true);
    }
  });

  test('the mark is petrol with a white key on it, and nothing in the corners', () => {
    const { data, width } = PNG.sync.read(drawnNow['icons/512x512.png'] ?? Buffer.alloc(0));
    const at = (x: number, y: number): number[] => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
    const toPixel = width / 52;
    expect(width).toBe(512);
    expect(at(1, 1)[3]).toBe(0);
    expect(at(Math.round(5 * toPixel), 256)).toEqual([0x0b, 0x59, 0x60, 255]);
    expect(at(Math.round(25 * toPixel), Math.round(17.5 * toPixel))).toEqual([0x0b, 0x59, 0x60, 255]);
    expect(at(Math.round(25 * toPixel), Math.round(10 * toPixel))).toEqual([255, 255, 255, 255]);
    expect(at(Math.round(33 * toPixel), Math.round(40 * toPixel))).toEqual([255, 255, 255, 255]);
    expect(at(Math.round(33 * toPixel), Math.round(32 * toPixel))).toEqual([0x0b, 0x59, 0x60, 255]);
  });
});

describe.runIf(existsSync('/usr/bin/dpkg-deb'))('a Debian package', () => {
  const commandLine = (target: string, source: string, script: string): string[] => [
    ...['-s', 'dir', '--force', '-t', 'deb', '-d', 'libnss3', '-d', 'libgtk-3-0', '--deb-compression', 'xz'],
    ...[
      '--architecture',
      'amd64',
      '--after-install',
      script,
      '--description',
      'The desk\n Two words\n\nand more',
      '--version',
      '1.2.3',
    ],
    ...[
      '--package',
      target,
      '--name',
      'firstkey',
      '--maintainer',
      'Some One <one@firstkey.example>',
      '--url',
      'https://firstkey.example',
    ],
    ...['--category', 'misc', '--deb-priority', 'optional', `${source}/=/opt/Firstkey`],
    ...configuration.deb.fpm.map((pair) => inProject(pair)),
  ];

  test('holds the files, the fields and the scripts it was given', async () => {
    const source = path.join(folder, 'app');
    await mkdir(path.join(source, 'resources'), { recursive: true });
    await writeFile(path.join(source, 'firstkey'), 'program');
    await chmod(path.join(source, 'firstkey'), 0o755);
    await writeFile(path.join(source, 'resources/app.asar'), 'archive');
    // As a builder with another umask leaves it.
    await chmod(path.join(source, 'resources/app.asar'), 0o660);
    await writeFile(path.join(folder, 'postinst'), '#!/bin/sh\n');
    const target = path.join(folder, 'firstkey.deb');

    const made = spawnSync(process.execPath, [
      inProject('scripts/pack/deb-package.mjs'),
      ...commandLine(target, source, path.join(folder, 'postinst')),
    ]);
    expect(made.stderr.toString()).toBe('');
    expect(made.status).toBe(0);

    const fields = spawnSync('dpkg-deb', ['--field', target], { encoding: 'utf8' }).stdout;
    expect(fields).toContain('Package: firstkey\n');
    expect(fields).toContain('Depends: libnss3, libgtk-3-0\n');
    expect(fields).toContain('Description: The desk\n Two words\n .\n and more\n');
    const list = spawnSync('dpkg-deb', ['--contents', target], { encoding: 'utf8' }).stdout;
    expect(list).toMatch(/^-rwxr-xr-x root\/root +7 .* \.\/opt\/Firstkey\/firstkey$/m);
    expect(list).toMatch(/^-rw-r--r-- root\/root +7 .* \.\/opt\/Firstkey\/resources\/app\.asar$/m);
    expect(spawnSync('dpkg-deb', ['--info', target, 'postinst'], { encoding: 'utf8' }).stdout).toBe('#!/bin/sh\n');
    const payload = list.split('\n').filter((line) => /^-.* \.\/usr\//.test(line));
    expect(payload.length).toBeGreaterThan(20);
    // Programs stay programs, and nothing may be changed by anybody but root.
    for (const program of ['set-up', 'screen-session', 'screen-client', 'out-of-service'])
      expect(list).toMatch(new RegExp(`^-rwxr-xr-x root/root .* \\./usr/share/firstkey/station/${program}$`, 'm'));
    expect(list).toMatch(/^-rw-r--r-- root\/root .* \.\/usr\/share\/firstkey\/station\/firstkey-screen\.service$/m);
    expect(list).toMatch(/^-rw-r--r-- root\/root .* \.\/usr\/lib\/udev\/rules\.d\/71-firstkey-keys\.rules$/m);
    expect(list).not.toMatch(/^[-d].{4}w|^[-d].{7}w/m);
    const sums = spawnSync('dpkg-deb', ['--info', target, 'md5sums'], { encoding: 'utf8' }).stdout;
    expect(sums.trim().split('\n')).toHaveLength(2 + payload.length);
  });

  test('is not made from a command line that is only half understood', () => {
    const script = inProject('scripts/pack/deb-package.mjs');
    expect(spawnSync(process.execPath, [script, '-s', 'dir', '-t', 'rpm']).status).not.toBe(0);
    expect(spawnSync(process.execPath, [script, '-s', 'dir', '-t', 'deb', '--rpm-os', 'linux']).status).not.toBe(0);
  });
});
