// The key host as it ships, bundled by the project's own build, in a process of its own.
import { fork, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';
import type { HostProcess } from '../../main/adapters/key-host/host-process.ts';
import { bundles } from '../../scripts/build/bundles.mjs';
import { cacheFolder, inProject } from '../../scripts/set-up/places.mjs';
import { hostProcessOf } from '../../main/cli/program/child-host.ts';

export interface BundledKeyHost {
  /** The file that runs. */
  readonly file: string;
  /** Starts one. What it writes to its output is added to `output`. */
  spawn(): HostProcess;
  /** All that were started, oldest first. */
  readonly children: readonly ChildProcess[];
  readonly output: readonly string[];
  /** Ends what still runs and removes the bundle. */
  remove(): Promise<void>;
}

/** Bundles `main/keyhost/index.ts` alone. The bundle stays inside the project, where it finds the native packages. */
export async function bundleKeyHost(): Promise<BundledKeyHost> {
  const folder = await bundleOf({ keyhost: 'main/keyhost/index.ts' });
  const file = path.join(folder, 'keyhost.js');
  const children: ChildProcess[] = [];
  const output: string[] = [];
  return {
    file,
    children,
    output,
    spawn: () => {
      const child = fork(file, { serialization: 'advanced', silent: true, execArgv: [] });
      children.push(child);
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
      return hostProcessOf(child);
    },
    remove: async () => {
      for (const child of children) child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Bundles programs for Node as the application's own are, and answers with the folder that holds them. The caller removes it. */
export async function bundleOf(entries: Readonly<Record<string, string>>): Promise<string> {
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(path.join(cacheFolder, 'test-key-host-'));
  const main = bundles(folder).find(({ name }) => name === 'main');
  if (!main) throw new Error('there is no bundle of the main processes');
  const input = Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, inProject(file)]));
  const rolldownOptions = { ...main.config.build?.rolldownOptions, input };
  await build({ ...main.config, build: { ...main.config.build, outDir: folder, rolldownOptions } });
  return folder;
}
