// What the desk asks of Microsoft, counted: from the first touch to the wipe, and while it waits for somebody's phone.
import { createGraphDirectory } from '../../main/adapters/directory-graph/graph-directory.ts';
import { sessionHttp } from '../../main/adapters/http-session/session-http.ts';
import { defaultSettings } from '../../main/adapters/settings-file/settings-schema.ts';
import { watchPhone } from '../../main/conductor/phone-watch.ts';
import { DeskClock } from '../support/desk-clock.ts';
import { settle } from '../support/manual-clock.ts';
import { signedIn, twinStand } from '../support/twin-stand.ts';
import { WholeDesk } from '../support/whole-desk.ts';
import { seedTenant, type TenantSize } from './directory-tenant.ts';

const MINUTE_MS = 60_000;
const STEP_MS = 20;
const LOOK_WITHIN_MS = 10_000;

/**
 * `METHOD /path` of every request of one registration on the whole desk. With a sign-in of its own (`knows`) it has read the
 * tenant's rules by then.
 */
export async function registrationRequests(size: TenantSize, knows: boolean): Promise<readonly string[]> {
  const asked: string[] = [];
  const desk = await WholeDesk.open({
    knows,
    scene: ({ stage, tenant }) => seedTenant(stage, tenant.domain, size),
    beforeHttp: (_count, { method, url }) => asked.push(`${method} ${new URL(url).pathname}`),
  });
  try {
    asked.length = 0; // what a desk in service has read long before
    await desk.toKey();
    await desk.freshKeyWorks();
    desk.press({ type: 'continue' });
    await desk.until('done');
    desk.press({ type: 'finish' });
    await desk.until('attract');
  } finally {
    await desk.close();
  }
  if (desk.bugs.length > 0) throw new Error('the desk had a bug', { cause: desk.bugs[0] });
  return asked;
}

export interface PhoneMinute {
  /** How long each answer takes. */
  readonly answerMs: number;
  readonly requests: number;
  /** From one request to the next. */
  readonly leastApartMs: number;
  readonly meanApartMs: number;
}

/** The desk's watch for a phone that does not come, over a minute of a clock that is moved by hand. */
export async function phoneMinute(answerMs: number): Promise<PhoneMinute> {
  const stand = await twinStand();
  const { accessToken } = await signedIn(stand, stand.twin.stage.issuePass({ user: stand.upn }));
  const clock = new DeskClock();
  const atMs: number[] = [];
  let working = 0;
  const http = sessionHttp(async (request) => {
    atMs.push(clock.nowMs());
    await clock.wait(answerMs, request.signal);
    working += 1;
    try {
      const response = await stand.twin.handle(request);
      if (!response.ok) throw new Error(`the list of phones was answered with ${response.status}`);
      return response;
    } finally {
      working -= 1;
    }
  });
  const directory = createGraphDirectory({
    settings: defaultSettings,
    http,
    tokens: { accessToken: () => Promise.resolve({ ok: true, value: accessToken } as const) },
    clock,
    random: stand.randomBytes,
  });
  const startedMs = clock.nowMs();
  const tell = () => {
    throw new Error('a phone came');
  };
  const onBug = (bug: unknown) => {
    throw bug;
  };
  const stop = watchPhone({ clock, directory, known: [], deadlineMs: LOOK_WITHIN_MS, tell, onBug });
  try {
    while (clock.nowMs() - startedMs < MINUTE_MS - STEP_MS) {
      await clock.advance(STEP_MS);
      // Signatures are verified on threads of their own; the clock must not run ahead of them.
      while (working > 0) await settle();
      await settle();
    }
  } finally {
    stop();
  }
  const apartMs = atMs.slice(1).map((at, index) => at - (atMs[index] ?? at));
  if (apartMs.length === 0) throw new Error('the phone was looked for only once');
  const meanApartMs = apartMs.reduce((sum, ms) => sum + ms, 0) / apartMs.length;
  return { answerMs, requests: atMs.length, leastApartMs: Math.min(...apartMs), meanApartMs };
}
