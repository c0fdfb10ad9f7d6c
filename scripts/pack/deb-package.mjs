#!/usr/bin/env node
// Makes a Debian package with Debian's own dpkg-deb, behind the command line of fpm, which electron-builder speaks and would
// otherwise download together with a Ruby. Only what electron-builder passes for a deb is understood; anything else stops.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const text = /** @type {const} */ ({ type: 'string' });
const many = /** @type {const} */ ({ type: 'string', multiple: true });
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    s: { ...text, short: 's' },
    t: { ...text, short: 't' },
    d: { ...many, short: 'd' },
    force: { type: 'boolean' },
    architecture: text,
    'after-install': text,
    'after-remove': text,
    description: text,
    version: text,
    package: text,
    name: text,
    maintainer: text,
    vendor: text,
    url: text,
    category: text,
    license: text,
    'deb-priority': text,
    'deb-compression': text,
    'deb-recommends': many,
  },
});
if (values.s !== 'dir' || values.t !== 'deb') throw new Error(`only a folder into a deb, not ${values.s} into ${values.t}`);

const root = await mkdtemp(path.join(tmpdir(), 'firstkey-deb-'));
try {
  await chmod(root, 0o755);
  for (const pair of positionals) await place(pair);
  await settleModes();
  await writeControl();
  const packed = spawnSync('dpkg-deb', ['--root-owner-group', '-Zxz', '-z1', '--build', root, required('package')], {
    stdio: 'inherit',
  });
  process.exitCode = packed.status ?? 1;
} finally {
  await rm(root, { recursive: true, force: true });
}

/** @param {string} pair `source=target`; a source that ends in `/` stands for its content */
async function place(pair) {
  const [source = '', target = ''] = pair.split('=');
  const destination = path.join(root, target);
  await mkdir(path.dirname(destination), { recursive: true });
  await cp(source, destination, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}

/** Whoever builds may have any umask; what is installed is readable for all and writable for root alone. */
async function settleModes() {
  for (const entry of await readdir(root, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const { mode } = await stat(file);
    await chmod(file, entry.isDirectory() || (mode & 0o100) !== 0 ? 0o755 : 0o644);
  }
}

/** The control files of deb-control(5), deb-md5sums(5), deb-postinst(5) and deb-postrm(5). */
async function writeControl() {
  const { installedKiB, checksums } = await measure();
  const [synopsis = '', ...rest] = required('description').split('\n');
  const fields = {
    Package: required('name'),
    Version: required('version'),
    Architecture: required('architecture'),
    Maintainer: required('maintainer'),
    'Installed-Size': String(installedKiB),
    Section: values.category ?? 'misc',
    Priority: values['deb-priority'] ?? 'optional',
    Homepage: values.url,
    Depends: values.d?.join(', '),
    Recommends: values['deb-recommends']?.join(', '),
    Description: [synopsis.trim() || required('name'), ...rest.map((line) => ` ${line.trim() || '.'}`)].join('\n'),
  };
  const control = Object.entries(fields).flatMap(([name, value]) => (value ? [`${name}: ${value}\n`] : []));
  const folder = path.join(root, 'DEBIAN');
  await mkdir(folder);
  await writeFile(path.join(folder, 'control'), control.join(''));
  await writeFile(path.join(folder, 'md5sums'), checksums);
  for (const [option, script] of /** @type {const} */ ([
    ['after-install', 'postinst'],
    ['after-remove', 'postrm'],
  ])) {
    const source = values[option];
    if (source === undefined) continue;
    await cp(source, path.join(folder, script));
    await chmod(path.join(folder, script), 0o755);
  }
}

/** @returns {Promise<{ installedKiB: number, checksums: string }>} of everything placed so far */
async function measure() {
  let bytes = 0;
  let checksums = '';
  for (const entry of await readdir(root, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    bytes += (await stat(file)).size;
    checksums += `${createHash('md5')
      .update(await readFile(file))
      .digest('hex')}  ${path.relative(root, file)}\n`;
  }
  return { installedKiB: Math.ceil(bytes / 1024), checksums };
}

/** @param {'package' | 'name' | 'version' | 'architecture' | 'maintainer' | 'description'} name @returns {string} */
function required(name) {
  const value = values[name];
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
}
