// Builds the test host, starts it in a real window and hands out its pages.
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { bundles } from '../../scripts/build/bundles.mjs';
import { resolveElectron } from '../../scripts/set-up/electron-runtime.mjs';
import { cacheFolder, inProject } from '../../scripts/set-up/places.mjs';
import type { ShellHost } from './shell-host.ts';

export interface ShellDesk {
  readonly app: ElectronApplication;
  /** Where the built host lies. */
  readonly folder: string;
  readonly kiosk: Page;
  /** @throws {Error} where there is no practice desk */
  practice(): Page;
  /** Runs inside the main process; `run` must not use anything from outside itself. */
  host<Result, Argument = null>(
    run: (host: ShellHost, argument: Argument) => Result | Promise<Result>,
    argument?: Argument,
  ): Promise<Result>;
  /** The page in the sign-in view, once it shows `address`. */
  signInPage(address: string): Promise<Page>;
  /** Red, green and blue of the screen itself, whichever view drew them. */
  screenPixel(x: number, y: number): Promise<readonly number[]>;
  /** Asks until `run` gives true, ten seconds at most unless told otherwise. */
  until(what: string, run: () => Promise<boolean>, limitMs?: number): Promise<void>;
  close(): Promise<void>;
}

const folder = path.join(cacheFolder, 'shell-host');
let built: Promise<void> | null = null;

export interface ShellDeskOptions {
  /** The window's size; null: what the world calls for. */
  readonly frame?: string | null;
  readonly world?: 'training' | 'rehearsal';
  /** The sign-in view uses the network instead of the host's site, through the proxy at this address. */
  readonly networkProxy?: string;
}

export async function startShellDesk({
  frame = '1366x768',
  world = 'training',
  networkProxy,
}: ShellDeskOptions = {}): Promise<ShellDesk> {
  await (built ??= buildHost());
  const electron = await resolveElectron();
  const data = await mkdtemp(path.join(tmpdir(), 'firstkey-shell-'));
  // Where Playwright looks for Electron; started that way, the application waits until its driver is there.
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = electron.folder;
  const app = await _electron.launch({
    args: [folder, '--world=training', `--data=${data}`, ...(frame === null ? [] : [`--frame=${frame}`])],
    env: {
      ...definedOnly(process.env),
      SHELL_HOST_WORLD: world,
      SHELL_HOST_NETWORK: networkProxy === undefined ? 'no' : 'yes',
      ...proxied(networkProxy),
    },
  });
  const pageAt = (address: string) =>
    waitFor(`a page at ${address}`, () => Promise.resolve(app.windows().find((page) => page.url() === address)));
  const host: ShellDesk['host'] = (run, argument) =>
    app.evaluate(
      (_electronModule, { source, given }) => {
        const { shellHost } = globalThis as unknown as { readonly shellHost: ShellHost };
        return (0, eval)(`(${source})`)(shellHost, given);
      },
      { source: String(run), given: argument ?? null },
    );
  await waitFor('the shell', () => app.evaluate(() => ('shellHost' in globalThis ? true : undefined)));
  const kiosk = await pageAt('app://kiosk/');
  const practice = world === 'training' ? await pageAt('app://practice/') : null;
  return {
    app,
    folder,
    kiosk,
    practice() {
      if (!practice) throw new Error('this desk has no practice desk');
      return practice;
    },
    host,
    signInPage: pageAt,
    screenPixel: (x, y) =>
      app.evaluate(
        async ({ desktopCapturer, screen }, at) => {
          const { width, height } = screen.getPrimaryDisplay().size;
          const [source] = await desktopCapturer.getSources({ types: ['screen'], thumbnailSize: { width, height } });
          const offset = (at.y * width + at.x) * 4;
          return [...(source?.thumbnail.toBitmap().subarray(offset, offset + 3) ?? [])].toReversed();
        },
        { x, y },
      ),
    until: async (what, run, limitMs) => void (await waitFor(what, async () => (await run()) || undefined, limitMs)),
    async close() {
      // Playwright asks the application to quit, which here only asks the desk; so the desk is told first.
      const gone = new Promise((resolve) => app.process().once('exit', resolve));
      await host((shellHost) => void setTimeout(() => void shellHost.shell.quit(0), 0));
      await gone;
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function waitFor<T>(what: string, look: () => Promise<T | undefined>, limitMs = 10_000): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > endMs) throw new Error(`still waiting for ${what} after ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The host's main module and pages of its own, with the desk's real preloads. */
async function buildHost(): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const all = bundles(folder);
  for (const preload of all.filter(({ name }) => name.startsWith('preload/'))) await build(preload.config);
  const main = all.find(({ name }) => name === 'main')?.config;
  if (!main) throw new Error('there is no main bundle to build the host like');
  await build({
    ...main,
    build: {
      ...main.build,
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { input: inProject('tests/support/shell-host.ts'), output: { format: 'es', entryFileNames: 'main.js' } },
    },
  });
  await cp(inProject('tests/support/shell-pages'), path.join(folder, 'pages'), { recursive: true });
  await writeFile(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'firstkey-shell-host', type: 'module', main: 'main.js' }),
  );
}

function definedOnly(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** Where Chromium on Linux looks for the system's proxy. */
function proxied(address: string | undefined): Record<string, string> {
  return address === undefined ? {} : { http_proxy: address, https_proxy: address, no_proxy: '' };
}
