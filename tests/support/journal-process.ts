// The journal writer as a process of its own, to be killed or starved of disk.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { cacheFolder, inProject } from '../../scripts/set-up/places.mjs';

export interface WriterLine {
  readonly acknowledged?: number;
  readonly finished?: number;
  readonly failed?: string;
  readonly name?: string;
}

export interface JournalWriter {
  /** Runs it, telling each line; resolves with the signal or code it ended by. `fileBlocks`: `ulimit -f`, 512-byte or 1-kB blocks. */
  run(options: {
    readonly directory: string;
    readonly times?: number;
    readonly fileBlocks?: number;
    readonly onLine: (line: WriterLine, child: ChildProcess) => void;
  }): Promise<string | number>;
  remove(): Promise<void>;
}

/** Bundled once, inside the project, where it finds the native package. */
export async function journalWriter(): Promise<JournalWriter> {
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(path.join(cacheFolder, 'test-journal-'));
  await build({
    configFile: false,
    logLevel: 'silent',
    root: inProject('.'),
    ssr: { noExternal: true, external: ['libsql'] },
    build: {
      ssr: inProject('tests/support/journal-writer.ts'),
      outDir: folder,
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'writer.mjs' } },
    },
  });
  const writer = path.join(folder, 'writer.mjs');
  return {
    run: ({ directory, times = 1, fileBlocks, onLine }) => {
      const args = [writer, directory, String(times)];
      // A process that ignores SIGXFSZ gets EFBIG from the write instead, as from a quota.
      const child =
        fileBlocks === undefined
          ? spawn(process.execPath, args)
          : spawn('sh', ['-c', `trap '' XFSZ; ulimit -f ${fileBlocks}; exec "$@"`, 'sh', process.execPath, ...args]);
      createInterface({ input: child.stdout }).on('line', (line) => onLine(JSON.parse(line) as WriterLine, child));
      return new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code, signal) => resolve(signal ?? code ?? -1));
      });
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
