// The keeper of the key host: restarts with patience, ends what hangs or babbles, and tells the desk what it must know.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostProcess } from '../../main/adapters/key-host/host-process.ts';
import { createKeyHostKeyPort } from '../../main/adapters/key-host/key-host-key-port.ts';
import {
  superviseKeyHost,
  type KeyHostEnd,
  type KeyHostSupervisor,
  type KeyHostTrouble,
} from '../../main/adapters/key-host/key-host-supervisor.ts';
import type { KeyFact } from '../../main/ports/key.ts';
import { TRAINING_KEYS, TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { keyHostProtocolVersion } from '../../main/keyhost/life-protocol.ts';
import { creationOptions, openKeyHostDesk } from '../support/key-host-desk.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { clockPortOf } from '../support/manual-clock-port.ts';

/** A process that does what the test says. */
class ScriptedProcess implements HostProcess {
  readonly posted: unknown[] = [];
  /** Whether it answers its start and its pulse by itself. */
  healthy = true;
  killed = false;
  /** Stuck in the kernel: it can't be ended. */
  immortal = false;
  #message: (message: unknown) => void = () => undefined;
  #exit: (code: number | null) => void = () => undefined;

  post(message: unknown): void {
    this.posted.push(message);
    const { channel, body } = message as { channel: string; body: { type?: string; beat?: number } };
    if (!this.healthy || channel !== 'life') return;
    if (body.type === 'start') this.say('life', { type: 'ready' });
    if (body.type === 'ping') this.say('life', { type: 'pong', beat: body.beat });
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#message = listener;
  }

  onExit(listener: (code: number | null) => void): void {
    this.#exit = listener;
  }

  kill(): void {
    this.killed = true;
    if (!this.immortal) this.exit(null);
  }

  exit(code: number | null): void {
    setImmediate(() => this.#exit(code));
  }

  say(channel: string, body: unknown): void {
    setImmediate(() => this.#message({ channel, body }));
  }
}

let clock: ManualClock;
let spawned: ScriptedProcess[];
let prepare: (process: ScriptedProcess) => void;
let troubles: KeyHostTrouble[];
let ends: KeyHostEnd[];
let ups: number;
let host: KeyHostSupervisor;

beforeEach(() => {
  clock = new ManualClock();
  spawned = [];
  prepare = () => undefined;
  troubles = [];
  ends = [];
  ups = 0;
});
afterEach(async () => {
  await clock.runUntil(host.close());
});

async function supervise(startAfter?: Promise<void>): Promise<void> {
  host = superviseKeyHost({
    clock: clockPortOf(clock),
    ...(startAfter === undefined ? {} : { startAfter }),
    start: { links: 'hid', rpId: 'login.microsoft.com' },
    onTrouble: (trouble) => troubles.push(trouble),
    spawn: () => {
      const process = new ScriptedProcess();
      prepare(process);
      spawned.push(process);
      return process;
    },
  });
  host.onDown((end) => ends.push(end));
  host.onUp(() => {
    ups += 1;
  });
  await clock.advance(10);
}

const last = (): ScriptedProcess => {
  const process = spawned.at(-1);
  if (!process) throw new Error('none was started');
  return process;
};

describe('restarts', () => {
  test('the first message says which relying party and which links', async () => {
    await supervise();
    const start = { type: 'start', version: keyHostProtocolVersion, links: 'hid', rpId: 'login.microsoft.com' };
    expect(last().posted[0]).toEqual({ channel: 'life', body: start });
    expect(host.isUp).toBe(true);
  });

  test('a crash is made good at once', async () => {
    await supervise();
    last().exit(139);
    await clock.advance(100);
    expect(spawned.length).toBe(2);
    expect(host.isUp).toBe(true);
    expect({ ends, ups, troubles }).toEqual({ ends: ['crashed'], ups: 2, troubles: [{ trouble: 'exited', exitCode: 139 }] });
  });

  test('a host that keeps falling is tried ever more rarely, but for ever', async () => {
    prepare = (process) => {
      process.healthy = false;
      process.exit(1);
    };
    await supervise();
    await clock.advance(60_000);
    const inFirstMinute = spawned.length;
    expect(inFirstMinute).toBeGreaterThan(5);
    expect(inFirstMinute).toBeLessThan(12);
    await clock.advance(60_000);
    expect(spawned.length - inFirstMinute).toBe(6);
    prepare = () => undefined;
    await clock.advance(10_000);
    expect(host.isUp).toBe(true);
    expect(ends).toEqual([]);
  });

  test('a host that stayed up is forgiven its earlier falls', async () => {
    await supervise();
    for (let fall = 0; fall < 4; fall += 1) {
      last().exit(1);
      await clock.advance(6_000);
    }
    await clock.advance(31_000);
    last().exit(1);
    await clock.advance(100);
    expect(host.isUp).toBe(true);
  });

  test('a platform that can start no process is asked again', async () => {
    let refusals = 2;
    prepare = () => {
      refusals -= 1;
      if (refusals >= 0) throw new Error('no processes left');
    };
    await supervise();
    await clock.advance(1_000);
    expect(host.isUp).toBe(true);
    expect(troubles).toEqual([{ trouble: 'notStarted' }, { trouble: 'notStarted' }]);
  });

  test('after close nothing starts any more', async () => {
    await supervise();
    await clock.runUntil(host.close());
    await clock.advance(60_000);
    expect(spawned.length).toBe(1);
    expect(last().killed).toBe(true);
    expect(ends).toEqual(['closed']);
    expect(clock.pendingWaits).toBe(0);
  });
});

describe('a first start that waits', () => {
  let go: () => void;
  let gone: Promise<void>;
  beforeEach(() => {
    gone = new Promise((resolve) => (go = resolve));
  });

  test('starts when it may, and its time to get ready begins then', async () => {
    await supervise(gone);
    await clock.advance(60_000);
    expect({ spawned: spawned.length, up: host.isUp, troubles }).toEqual({ spawned: 0, up: false, troubles: [] });
    go();
    await clock.advance(10);
    expect({ spawned: spawned.length, up: host.isUp }).toEqual({ spawned: 1, up: true });
  });

  test('has nothing to renew before, and does not start early for it', async () => {
    await supervise(gone);
    await clock.runUntil(host.renew());
    expect(spawned.length).toBe(0);
  });

  test('never comes after a close', async () => {
    await supervise(gone);
    await clock.runUntil(host.close());
    go();
    await clock.advance(1_000);
    expect(spawned.length).toBe(0);
  });
});

describe('the pulse', () => {
  test('a healthy host is left alone for hours', async () => {
    await supervise();
    await clock.advance(3_600_000);
    expect(spawned.length).toBe(1);
    expect(clock.pendingWaits).toBeLessThan(4);
  });

  test('one that never gets ready is ended', async () => {
    prepare = (process) => {
      process.healthy = spawned.length > 0;
    };
    await supervise();
    await clock.advance(5_100);
    expect(spawned[0]?.killed).toBe(true);
    expect(troubles[0]).toEqual({ trouble: 'notReady' });
    expect(host.isUp).toBe(true);
  });

  test('one that hangs is ended and replaced', async () => {
    await supervise();
    last().healthy = false;
    await clock.advance(6_100);
    expect(spawned[0]?.killed).toBe(true);
    expect(troubles[0]).toEqual({ trouble: 'notAnswering' });
    expect(host.isUp).toBe(true);
  });

  test('one that can’t be ended is left behind, and no longer heard', async () => {
    await supervise();
    const stuck = last();
    stuck.healthy = false;
    stuck.immortal = true;
    await clock.advance(8_200);
    expect(host.isUp).toBe(true);
    expect(last()).not.toBe(stuck);
    stuck.say('life', { type: 'sing' });
    stuck.exit(0);
    await clock.advance(100);
    expect(host.isUp).toBe(true);
    expect(spawned.length).toBe(2);
  });

  test('an old answer is no pulse', async () => {
    await supervise();
    last().healthy = false;
    for (let beat = 0; beat < 8; beat += 1) {
      last().say('life', { type: 'pong', beat: 1 });
      await clock.advance(1_000);
    }
    expect(spawned[0]?.killed).toBe(true);
  });
});

describe('what a host says', () => {
  test('that it will not serve this desk: why is told, and it is asked again, ever more rarely', async () => {
    prepare = (process) => {
      process.healthy = false;
      process.say('life', { type: 'refused', because: 'busy', version: keyHostProtocolVersion });
    };
    await supervise();
    await clock.advance(3_000);
    expect(host.isUp).toBe(false);
    expect(troubles.slice(0, 2)).toEqual([
      { trouble: 'refused', because: 'busy', version: keyHostProtocolVersion },
      { trouble: 'exited', exitCode: null },
    ]);
    expect(spawned.length).toBe(4);
    prepare = () => undefined;
    await clock.advance(5_000);
    expect(host.isUp).toBe(true);
  });

  test('more than a desk can listen to: it is ended', async () => {
    await supervise();
    const pong = { type: 'pong', beat: 1 };
    for (let said = 0; said < 1_900; said += 1) last().say('life', pong);
    await clock.advance(1_000);
    expect(troubles).toEqual([]);
    for (let said = 0; said < 2_100; said += 1) last().say('life', pong);
    await clock.advance(10);
    expect(troubles[0]).toEqual({ trouble: 'flooding' });
    expect(spawned[0]?.killed).toBe(true);
  });

  test.each([
    ['life', { type: 'sing' }],
    ['key', { type: 'fact', fact: { type: 'key.hostUp' } }],
    ['key', { type: 'outcome', id: 1, outcome: { ok: false, reason: { code: 'key.invented' } } }],
    ['key', 'babble'],
  ])('nonsense on %s ends it: %j', async (channel, body) => {
    await supervise();
    const keys = createKeyHostKeyPort({ host, clock: clockPortOf(clock), freshHostAfterForget: false });
    for (let time = 0; time < 3; time += 1) last().say(channel, body);
    await clock.advance(100);
    expect(spawned[0]?.killed).toBe(true);
    expect(troubles).toEqual([{ trouble: 'malformed' }, { trouble: 'exited', exitCode: null }]);
    await clock.runUntil(keys.close());
  });

  test('an answer of the wrong shape ends the ceremony and the host', async () => {
    await supervise();
    const keys = createKeyHostKeyPort({ host, clock: clockPortOf(clock), freshHostAfterForget: false });
    const asked = keys.describe({ insertion: 'a'.repeat(22) }, { signal: new AbortController().signal, deadlineMs: 1_000 });
    const request = last().posted.at(-1) as { body: { id: number } };
    last().say('key', { type: 'outcome', id: request.body.id, outcome: { ok: true, value: { model: 'a key' } } });
    expect(await clock.runUntil(asked)).toEqual({ ok: false, reason: { code: 'key.hostDown' } });
    expect(troubles[0]).toEqual({ trouble: 'malformed' });
    await clock.runUntil(keys.close());
  });

  test('a host that lets a deadline pass, and its grace, is ended', async () => {
    await supervise();
    const keys = createKeyHostKeyPort({ host, clock: clockPortOf(clock), freshHostAfterForget: false });
    const asked = keys.describe({ insertion: 'a'.repeat(22) }, { signal: new AbortController().signal, deadlineMs: 1_000 });
    const startedMs = clock.nowMs();
    expect(await clock.runUntil(asked)).toEqual({ ok: false, reason: { code: 'key.hostDown' } });
    expect(clock.nowMs() - startedMs).toBeLessThanOrEqual(5_100);
    expect(spawned[0]?.killed).toBe(true);
    await clock.runUntil(keys.close());
  });
});

describe('what the desk learns', () => {
  test('a fall in the middle of a ceremony: the outcome, the facts, and the key again under a new name', async () => {
    const desk = await openKeyHostDesk();
    const key = await desk.makeKey(TRAINING_KEYS.pinSet);
    const ref = await desk.plug(key);
    const making = desk.keys.makeCredential(ref, creationOptions(), desk.secret(TRAINING_PIN), desk.ceremony());
    await desk.clock.advance(500);
    expect(key.awaitingTouch).toBe(true);
    desk.facts.length = 0;
    desk.killHost();
    expect(await desk.run(making)).toEqual({ ok: false, reason: { code: 'key.hostDown' } });
    await desk.clock.advance(2_000);
    const [down, removed, up, inserted] = desk.facts;
    expect([down, removed, up]).toEqual([{ type: 'key.hostDown' }, { type: 'key.removed', key: ref }, { type: 'key.hostUp' }]);
    expect(inserted).toMatchObject({ type: 'key.inserted' });
    const again = inserted as Extract<KeyFact, { type: 'key.inserted' }>;
    expect(again.key).not.toEqual(ref);
    expect(await desk.run(desk.keys.describe(again.key, desk.ceremony()))).toMatchObject({ ok: true });
    expect(await desk.run(desk.keys.describe(ref, desk.ceremony()))).toMatchObject({ reason: { code: 'key.removed' } });
    desk.troubles.length = 0;
    await desk.close();
  });

  test('while no host is up, everything is answered at once', async () => {
    prepare = (process) => {
      process.healthy = false;
    };
    await supervise();
    const keys = createKeyHostKeyPort({ host, clock: clockPortOf(clock), freshHostAfterForget: false });
    const ceremony = { signal: new AbortController().signal, deadlineMs: 1_000 };
    expect(await keys.describe({ insertion: 'a'.repeat(22) }, ceremony)).toEqual({ ok: false, reason: { code: 'key.hostDown' } });
    await keys.forget();
    await clock.runUntil(keys.close());
  });

  test('a fresh host after every stay, without a word about it', async () => {
    const desk = await openKeyHostDesk({ freshHostAfterForget: true });
    const key = await desk.makeKey(TRAINING_KEYS.pinSet);
    const ref = await desk.plug(key);
    desk.facts.length = 0;
    await desk.run(desk.keys.forget());
    expect(desk.host.isUp).toBe(true);
    await desk.clock.advance(100);
    expect(desk.facts.map(({ type }) => type)).toEqual(['key.removed', 'key.inserted']);
    expect(desk.facts[0]).toEqual({ type: 'key.removed', key: ref });
    await desk.close();
  });

  test('forget is done also when the host can only be ended', async () => {
    await supervise();
    const keys = createKeyHostKeyPort({ host, clock: clockPortOf(clock), freshHostAfterForget: false });
    const forgotten = keys.forget();
    await clock.runUntil(forgotten);
    expect(spawned[0]?.killed).toBe(true);
    await clock.runUntil(keys.close());
  });
});
