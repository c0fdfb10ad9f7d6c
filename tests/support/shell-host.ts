// A main process of nothing but the shell, for tests: it writes down what comes out and lets a test push what goes in.
import { app } from 'electron';
import path from 'node:path';
import type { Said } from '../../contract/intent.ts';
import type { PracticeIntent } from '../../contract/practice.ts';
import type { ClockPort } from '../../main/ports/clock.ts';
import type { Keystroke } from '../../main/ports/keyboard.ts';
import type { PageFact } from '../../main/ports/page.ts';
import type { DeskNotice } from '../../main/ports/notice.ts';
import type { RendererGone } from '../../main/shell/notices.ts';
import { openShell } from '../../main/shell/open-shell.ts';
import { pageCredential } from '../../main/compose/page-credential.ts';
import type { Shell } from '../../main/shell/shell.ts';
import { publicCloudHosts } from '../../main/shell/sign-in-site.ts';
import { beginStartUp, type StartUp } from '../../main/shell/start-up.ts';
import { practicePicture, snapshotOf } from './shell-pictures.ts';

/** One answer of the site that stands for Microsoft's; HTML unless the headers say otherwise. */
export interface SiteAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ShellHost {
  readonly shell: Shell;
  readonly facts: PageFact[];
  readonly notices: DeskNotice[];
  readonly said: Said[];
  readonly practised: PracticeIntent[];
  readonly strokes: Keystroke[];
  readonly gone: RendererGone[];
  /** By `METHOD address`; what is not there is a plain page. */
  readonly answers: Record<string, SiteAnswer>;
  /** What the site was asked, as `METHOD address language`. */
  readonly asked: string[];
  activity: number;
  ready: boolean;
  closeAsked: number;
  releaseKeys: (() => void) | null;
  snapshotOf: typeof snapshotOf;
}

const clock: ClockPort = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

// The window of the other worlds, without their adapters.
const windowWorld = process.env['SHELL_HOST_WORLD'] === 'rehearsal' ? 'rehearsal' : 'training';
// The sign-in view on the machine's own network, as in the field.
const onNetwork = process.env['SHELL_HOST_NETWORK'] === 'yes';
const startUp = beginStartUp('training');
if (startUp) {
  void app.whenReady().then(async () => {
    Object.assign(globalThis, { shellHost: await host(startUp) });
  });
}

async function host({ frame, face }: StartUp): Promise<ShellHost> {
  const answers: Record<string, SiteAnswer> = {};
  const asked: string[] = [];
  const shell = await openShell({
    world: windowWorld,
    clock,
    frame,
    face,
    withPractice: windowWorld === 'training',
    pagesFolder: path.join(import.meta.dirname, 'pages'),
    preloadFolder: path.join(import.meta.dirname, 'preload'),
    signIn: {
      hosts: publicCloudHosts,
      openSite: onNetwork
        ? null
        : () => ({
            handle: (request) => Promise.resolve(answer(answers, asked, request)),
            forget: () => Promise.resolve([]),
          }),
    },
    passkeys: {
      rpId: 'login.microsoft.com',
      offeredOn: ['mysignins.microsoft.com'],
      credentialFor: (given) => Promise.resolve(pageCredential(given)),
    },
  });
  const made: ShellHost = {
    shell,
    facts: [],
    notices: [],
    said: [],
    practised: [],
    strokes: [],
    gone: [],
    answers,
    asked,
    activity: 0,
    ready: false,
    closeAsked: 0,
    releaseKeys: null,
    snapshotOf,
  };
  shell.page.watch((fact) => made.facts.push(fact));
  shell.onNotice((notice) => made.notices.push(notice));
  shell.onRendererGone((gone) => made.gone.push(gone));
  shell.onReady(() => (made.ready = true));
  shell.onCloseAsked(() => (made.closeAsked += 1));
  shell.keyboard.onActivity(() => (made.activity += 1));
  shell.kioskDoor.open({
    hello: () => snapshotOf(1),
    say(said) {
      made.said.push(said);
      return { taken: true };
    },
  });
  if (windowWorld === 'training') {
    shell.openPractice().open({
      hello: () => practicePicture,
      say(intent) {
        made.practised.push(intent);
        return { taken: true };
      },
    });
  }
  return made;
}

function answer(answers: Readonly<Record<string, SiteAnswer>>, asked: string[], request: Request): Response {
  asked.push(`${request.method} ${request.url} ${request.headers.get('accept-language') ?? '-'}`);
  const {
    status = 200,
    headers = {},
    body = '<!doctype html><title>Plain</title><p>Plain page',
  } = answers[`${request.method} ${request.url}`] ?? {};
  return new Response(status === 204 || (status >= 300 && status < 400) ? null : body, {
    status,
    headers: { 'content-type': 'text/html', ...headers },
  });
}
