// Every fault by name, at every kind of answer our client asks for: it goes on where it may, otherwise it ends with a typed
// error in bounded time, and the key can be used again on the same link.
import { expect, test } from 'vitest';
import { CtapStatusError } from '../../main/fido/ctap/status.ts';
import { CtapHidError, KeyNotAnswering } from '../../main/fido/hid/errors.ts';
import { PacketLinkClosed } from '../../main/fido/hid/packet-link.ts';
import type { KeyOutcome } from '../../main/fido/key/outcome.ts';
import { ProtocolViolation } from '../../main/fido/protocol-violation.ts';
import { ENROLLED_FINGER, KEY_KINDS } from '../../main/simulator/key/key-kinds.ts';
import type { PlannedFault } from '../../main/simulator/key/key-fault-plan.ts';
import { NAMED_FAULTS, type FaultName, type NamedFault } from '../../main/simulator/key/named-faults.ts';
import { TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { keyBench } from '../support/key-bench.ts';
import { assertAll, make, openClient, pinBytes, type KeyClient } from '../support/key-client.ts';

/** Longest one operation with one fault may take: keep-alives without end are given up after two minutes. */
const LIMIT_MS = 150_000;
/** Longest an open may take. */
const OPEN_LIMIT_MS = 10_000;
const TYPED = [ProtocolViolation, CtapHidError, KeyNotAnswering, CtapStatusError, PacketLinkClosed];

interface Operation {
  readonly on: NonNullable<PlannedFault['on']>;
  readonly run: (client: KeyClient) => Promise<KeyOutcome<unknown>>;
  /** How many the answer has at least: a report that isn't there can't be spoiled. */
  readonly reports: number;
}

const OPERATIONS = {
  getInfo: {
    on: { ctapCommand: 0x04 },
    run: async ({ key, call, run }) => ({ ok: true, value: await run(key.describe(call)) }),
    reports: 4,
  },
  getKeyAgreement: { on: { ctapCommand: 0x06, subCommand: 2 }, run: (client) => make(client, TRAINING_PIN), reports: 2 },
  getToken: { on: { ctapCommand: 0x06, subCommand: 9 }, run: (client) => make(client, TRAINING_PIN), reports: 1 },
  makeCredential: { on: { ctapCommand: 0x01 }, run: (client) => make(client, TRAINING_PIN), reports: 3 },
  getAssertion: { on: { ctapCommand: 0x02 }, run: (client) => assertAll(client, TRAINING_PIN), reports: 3 },
  enumerateCredentials: {
    on: { ctapCommand: 0x0a, subCommand: 4 },
    run: ({ key, call, run }) => run(key.credentials.list(pinBytes(TRAINING_PIN), call)),
    reports: 3,
  },
  enumerateFingerprints: {
    on: { ctapCommand: 0x09 },
    run: ({ key, call, run }) => run(key.fingerprints.list(pinBytes(TRAINING_PIN), call)),
    reports: 1,
  },
} as const satisfies Record<string, Operation>;
type OperationName = keyof typeof OPERATIONS;

/**
 * Where an answer may be spoiled and still say all that is needed: short ones don't reach the byte too many, getInfo may
 * have bytes behind it, and a list of fingers that isn't there is an empty one.
 */
const SURVIVED: readonly `${FaultName} at ${OperationName}`[] = [
  'report-too-long at getToken',
  'report-too-long at enumerateFingerprints',
  'cbor-trailing-bytes at getInfo',
  'cbor-missing at enumerateFingerprints',
  'cbor-empty-map at enumerateFingerprints',
  'cbor-wrong-types at enumerateFingerprints',
  'cbor-text-keys at enumerateFingerprints',
  'cbor-other-command at enumerateFingerprints',
  'cbor-oversized at enumerateFingerprints',
  'cbor-undefined at enumerateFingerprints',
];

async function start() {
  const bench = await keyBench({ ...KEY_KINDS.fingerprint, memory: { pin: TRAINING_PIN, fingers: [ENROLLED_FINGER] } });
  bench.key.autoTouch(50);
  const client = await openClient(bench, bench.link);
  return { ...bench, client };
}

const faultNames = Object.keys(NAMED_FAULTS) as FaultName[];
const faultOf = (name: FaultName): NamedFault => NAMED_FAULTS[name];
const cborFaults = faultNames.filter((name) => faultOf(name).inInit === undefined);

/** The reports an answer needs for a fault to change it. */
function reportsNeeded({ fault }: NamedFault): number {
  if (!('index' in fault) || fault.index === 0) return 1;
  return fault.kind === 'repeat-report' || fault.kind === 'swap-reports' ? fault.index + 2 : fault.index + 1;
}

function endingOf(outcome: KeyOutcome<unknown> | Error): string {
  if (!(outcome instanceof Error)) return outcome.ok ? 'goes on' : `refused: ${outcome.refusal.kind}`;
  if (outcome instanceof PacketLinkClosed) return 'the key is gone';
  return TYPED.some((type) => outcome instanceof type) ? 'typed error' : `untyped: ${outcome.stack ?? outcome.message}`;
}

const EXPECTED = { none: 'goes on', answer: 'typed error', next: 'either', key: 'the key is gone' } as const;

test.each(cborFaults)('%s', { timeout: 60_000 }, async (name) => {
  const named = faultOf(name);
  const endings: Record<string, string> = {};
  const expected: Record<string, string> = {};
  for (const [operationName, operation] of Object.entries(OPERATIONS) as [OperationName, Operation][]) {
    if (reportsNeeded(named) > operation.reports) continue;
    const bench = await start();
    const { key, clock, client } = bench;
    valueOf(await make(client, TRAINING_PIN));
    key.faults.plan({ on: operation.on, fault: named.fault });
    const startedMs = clock.nowMs();
    const ending = await operation.run(client).catch((error: Error) => error);
    expect(clock.nowMs() - startedMs).toBeLessThan(LIMIT_MS);
    expect(key.faults.waiting).toBe(0);
    endings[operationName] = endingOf(ending);
    expected[operationName] = SURVIVED.includes(`${name} at ${operationName}`) ? 'goes on' : EXPECTED[named.harm];
    if (named.harm === 'next') {
      expect(['goes on', 'typed error']).toContain(endings[operationName]);
      expected[operationName] = endings[operationName] ?? '';
    }
    // What met the leftovers may be lost with them; the client gets into step again by itself.
    if (named.harm === 'next' && endings[operationName] === 'goes on') await operation.run(client).catch(() => undefined);
    if (named.harm !== 'key') expect(endingOf(await operation.run(client))).toBe('goes on');
    await client.run(client.channel.close());
    expect(clock.pendingWaits).toBe(0);
  }
  expect(endings).toEqual(expected);
});

test.each(faultNames.filter((name) => faultOf(name).inInit))('%s', async (name) => {
  const named = faultOf(name);
  const bench = await keyBench(KEY_KINDS.modern);
  // Something that never ends well must last; something that is lived with happens once.
  bench.key.faults.plan({ on: { hidCommand: 0x06 }, fault: named.fault, times: named.harm === 'none' ? 1 : 1_000 });
  const startedMs = bench.clock.nowMs();
  const ending = await openClient(bench, bench.link).then(
    (): KeyOutcome<null> => ({ ok: true, value: null }),
    (error: Error) => error,
  );
  expect(endingOf(ending)).toBe(EXPECTED[named.harm]);
  expect(bench.clock.nowMs() - startedMs).toBeLessThan(OPEN_LIMIT_MS);
});

function valueOf(outcome: KeyOutcome<unknown>): void {
  if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.kind}`);
}
