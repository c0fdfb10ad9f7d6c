// Everything that can go wrong on the wire, at every command of a registration: our client ends in bounded time with a
// typed error or goes on, and after it the key can be used again on the same link.
import { describe, expect, test } from 'vitest';
import { CtapStatusError } from '../../main/fido/ctap/status.ts';
import { CtapHidError, KeyNotAnswering } from '../../main/fido/hid/errors.ts';
import { PacketLinkClosed } from '../../main/fido/hid/packet-link.ts';
import { ProtocolViolation } from '../../main/fido/protocol-violation.ts';
import type { KeyFault, MalformedCbor, PlannedFault } from '../../main/simulator/key/key-fault-plan.ts';
import { MODERN_KEY, TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { keyBench, type KeyBench } from '../support/key-bench.ts';
import { checkMade, make, openClient, valueOf } from '../support/key-client.ts';

const COMMANDS = {
  getInfo: { ctapCommand: 0x04 },
  getPinRetries: { ctapCommand: 0x06, subCommand: 1 },
  getKeyAgreement: { ctapCommand: 0x06, subCommand: 2 },
  getToken: { ctapCommand: 0x06, subCommand: 9 },
  makeCredential: { ctapCommand: 0x01 },
} as const;
type CommandName = keyof typeof COMMANDS;
const NAMES = Object.keys(COMMANDS) as CommandName[];

/** Longest a registration with one fault may take: keep-alives without end are given up after two minutes. */
const LIMIT_MS = 150_000;

const TYPED = [ProtocolViolation, CtapHidError, KeyNotAnswering, CtapStatusError, PacketLinkClosed];

async function start(...faults: readonly PlannedFault[]) {
  const bench = await keyBench({ model: MODERN_KEY, memory: { pin: TRAINING_PIN } });
  bench.key.autoTouch(100);
  const client = await openClient(bench, bench.link);
  bench.key.faults.plan(...faults);
  return { ...bench, client };
}

type Ending = 'made' | 'refused' | Error;

async function registration({ client, clock }: Awaited<ReturnType<typeof start>>): Promise<{ ending: Ending; tookMs: number }> {
  const startedMs = clock.nowMs();
  const ending = await make(client, TRAINING_PIN).then(
    (outcome): Ending => {
      if (outcome.ok) checkMade(outcome.value);
      return outcome.ok ? 'made' : 'refused';
    },
    (error: Error) => error,
  );
  return { ending, tookMs: clock.nowMs() - startedMs };
}

/** After whatever happened: no wait is left behind, and a registration on the same link succeeds. */
async function expectUsable(bench: Awaited<ReturnType<typeof start>>): Promise<void> {
  bench.key.faults.clear();
  checkMade(valueOf(await make(bench.client, TRAINING_PIN)));
  await expectQuiet(bench);
}

async function expectQuiet({ client, clock }: Pick<KeyBench, 'clock'> & { client: Awaited<ReturnType<typeof openClient>> }) {
  await client.run(client.channel.close());
  expect(clock.pendingWaits).toBe(0);
}

/** The ending in words a test can compare: a typed error by its class, anything else as what it is. */
function nameOf(ending: Ending): string {
  if (typeof ending === 'string') return ending;
  return TYPED.some((type) => ending instanceof type) ? 'typed error' : `untyped: ${ending.message}`;
}

/** Tries left are only told, so a key that tells nonsense or refuses is lived with; and their answer fits into 20 bytes. */
function isSurvived(name: CommandName, fault: KeyFault): boolean {
  if (name !== 'getPinRetries') return false;
  switch (fault.kind) {
    case 'status':
      return true;
    case 'short-report':
      return fault.bytes === 20;
    case 'malformed-cbor':
      return fault.how === 'wrong-types';
    default:
      return false;
  }
}

describe.each(NAMES)('at %s', (name) => {
  const on = COMMANDS[name];

  test.each<[string, KeyFault]>([
    ['a foreign frame before the answer', { kind: 'foreign-frame', index: 0 }],
    ['a foreign frame inside the answer', { kind: 'foreign-frame', index: 1 }],
    ['an answer that takes its time', { kind: 'delay', index: 0, delayMs: 2_500 }],
  ])('%s does no harm', async (_, fault) => {
    const bench = await start({ on, fault });
    expect(await registration(bench)).toMatchObject({ ending: 'made' });
    expect(bench.key.faults.waiting).toBe(0);
    await expectQuiet(bench);
  });

  test.each<[string, number]>([
    ['BUSY', 0x06],
    ['INVALID_SEQ', 0x04],
    ['MSG_TIMEOUT', 0x05],
    ['LOCK_REQUIRED', 0x0a],
    ['INVALID_CHANNEL', 0x0b],
  ])('one %s is retried', async (_, code) => {
    const bench = await start({ on, fault: { kind: 'hid-error', code } });
    expect(await registration(bench)).toMatchObject({ ending: 'made' });
    await expectQuiet(bench);
  });

  test('BUSY without end is given up within seconds', async () => {
    const bench = await start({ on, times: 1_000, fault: { kind: 'hid-error', code: 0x06 } });
    const { ending, tookMs } = await registration(bench);
    expect(ending).toBeInstanceOf(CtapHidError);
    expect(tookMs).toBeLessThan(15_000);
    await expectUsable(bench);
  });

  test.each<[string, KeyFault]>([
    ['the first report is lost', { kind: 'drop-report', index: 0 }],
    ['silence', { kind: 'silent' }],
    ['keep-alives without end', { kind: 'endless-keepalive', status: 1 }],
    ['keep-alives of an unknown kind without end', { kind: 'endless-keepalive', status: 77 }],
    ['an answer on another channel', { kind: 'wrong-channel' }],
    ['an answer to another command', { kind: 'wrong-command' }],
    ['a claimed length of 65535', { kind: 'claimed-length', bytes: 65_535 }],
    ['a claimed length of 0', { kind: 'claimed-length', bytes: 0 }],
    ['a report of 3 bytes', { kind: 'short-report', index: 0, bytes: 3 }],
    ['a report of 20 bytes', { kind: 'short-report', index: 0, bytes: 20 }],
    ['an unknown HID error', { kind: 'hid-error', code: 0x7f }],
    ['a vendor status', { kind: 'status', status: 0xf3 }],
  ])('%s: a typed error in bounded time, and the key is usable again', async (_, fault) => {
    const bench = await start({ on, fault });
    const { ending, tookMs } = await registration(bench);
    expect(nameOf(ending)).toBe(isSurvived(name, fault) ? 'made' : 'typed error');
    expect(tookMs).toBeLessThan(LIMIT_MS);
    expect(bench.key.faults.waiting).toBe(0);
    await expectUsable(bench);
  });

  test.each<MalformedCbor>([
    'truncated',
    'duplicate-key',
    'indefinite-length',
    'depth-bomb',
    'huge-length',
    'huge-count',
    'float',
    'tag',
    'not-a-map',
    'wrong-types',
  ])('CBOR that is %s is a ProtocolViolation', async (how) => {
    const fault = { kind: 'malformed-cbor', how } as const;
    const bench = await start({ on, fault });
    const { ending } = await registration(bench);
    expect(ending === 'made' || ending instanceof ProtocolViolation).toBe(true);
    expect(nameOf(ending)).toBe(isSurvived(name, fault) ? 'made' : 'typed error');
    await expectUsable(bench);
  });
});

describe('in the long answer of makeCredential', () => {
  test.each([1, 2, 5])('report %i lost, twice or out of sequence', async (index) => {
    for (const kind of ['drop-report', 'repeat-report', 'wrong-sequence'] as const) {
      const bench = await start({ on: COMMANDS.makeCredential, fault: { kind, index } });
      const { ending, tookMs } = await registration(bench);
      expect(nameOf(ending)).toBe('typed error');
      expect(tookMs).toBeLessThan(10_000);
      await expectUsable(bench);
    }
  });
});

describe('while opening a channel', () => {
  async function opening(...faults: readonly PlannedFault[]) {
    const bench = await keyBench({ model: MODERN_KEY, memory: {} });
    bench.key.faults.plan(...faults.map((fault) => ({ on: { hidCommand: 0x06 }, ...fault })));
    const startedMs = bench.clock.nowMs();
    const ending = await openClient(bench, bench.link).catch((error: Error) => error);
    return { ending, tookMs: bench.clock.nowMs() - startedMs };
  }

  test.each<[string, KeyFault]>([
    ['a lost answer', { kind: 'drop-report', index: 0 }],
    ['another program’s INIT answer', { kind: 'wrong-nonce' }],
    ['a foreign frame', { kind: 'foreign-frame', index: 0 }],
    ['BUSY', { kind: 'hid-error', code: 0x06 }],
    ['a slow answer', { kind: 'delay', index: 0, delayMs: 2_000 }],
  ])('%s is lived with', async (_, fault) => {
    const { ending } = await opening({ fault });
    expect(ending).not.toBeInstanceOf(Error);
  });

  test.each<[string, KeyFault]>([
    ['no answer at all', { kind: 'silent' }],
    ['never our nonce', { kind: 'wrong-nonce' }],
    ['BUSY for ever', { kind: 'hid-error', code: 0x06 }],
    ['a claimed length of 3', { kind: 'claimed-length', bytes: 3 }],
  ])('%s: a typed error within ten seconds', async (_, fault) => {
    const { ending, tookMs } = await opening({ fault, times: 1_000 });
    expect(nameOf(ending as Error)).toBe('typed error');
    expect(tookMs).toBeLessThan(10_000);
  });
});
