// What the desk's knowledge of a tenant costs: rules, a person, the plan and the doctor before a twin with very many people, beside
// the same questions without our client and beside tenants with few. In processor time of this process, which other
// load on the machine does not enter. Then what a registration and a minute of waiting for the phone ask of Microsoft.
//   node directory.js <rounds>
import { examine } from '../../main/doctor/examine.ts';
import { gather } from '../../main/doctor/gather.ts';
import type { Call } from '../../main/ports/directory.ts';
import type { Outcome } from '../../main/ports/outcome.ts';
import type { TenantRules } from '../../main/ports/tenant.ts';
import { planJourney } from '../../main/session/planner/planner.ts';
import { deskFacts } from '../support/session-samples.ts';
import { atOffice } from '../support/tenant-samples.ts';
import { phoneMinute, registrationRequests } from './directory-requests.ts';
import { askRaw, benchTenant, type BenchTenant, type Exchange, type TenantSize } from './directory-tenant.ts';

/** Milliseconds of the processor for one time, one value a round. */
type Costs = Record<string, number[]>;
type Piece = readonly [name: string, run: () => unknown];
interface Asked {
  readonly requests: number;
  /** Of the answers. */
  readonly bytes: number;
  /** Null where several things wait at once: a clock without pauses can't tell how long the longest took. */
  readonly pausedMs: number | null;
}

const sizes = {
  large: { people: 100_000, policies: 200 },
  fewPeople: { people: 10, policies: 200 },
  small: { people: 10, policies: 3 },
} as const satisfies Record<string, TenantSize>;
const [rounds = '9'] = process.argv.slice(2);
const WARM_UP_MS = 300;
const MEASURE_MS = 40;

const call = (): Call => ({ signal: new AbortController().signal, deadlineMs: 60_000 });

const costs: Costs = {};
const pieces: Piece[] = [];
const asked: Record<string, Record<string, Asked>> = {};
for (const [name, size] of Object.entries(sizes)) {
  const prepared = await prepare(await benchTenant(size), size);
  asked[name] = prepared.asked;
  for (const [what, run] of name === 'small' ? prepared.pieces : [...prepared.pieces, ...prepared.peers])
    pieces.push([`${name}: ${what}`, run]);
}
const times = new Map<string, number>();
for (const [name, run] of pieces) times.set(name, await timesIn(run));
for (let round = 0; round < Number(rounds); round += 1) {
  // Whoever comes first pays for what the one before left behind.
  for (const [name, run] of round % 2 === 0 ? pieces : pieces.toReversed())
    (costs[name] ??= []).push(await costOf(run, times.get(name) ?? 1));
}
const result = {
  sizes,
  costs,
  asked,
  registration: {
    alone: await registrationRequests(sizes.large, false),
    withStation: await registrationRequests(sizes.large, true),
  },
  phone: [await phoneMinute(0), await phoneMinute(100)],
};
export type DirectoryBenchResult = typeof result;
process.stdout.write(`${JSON.stringify(result)}\n`);

/** Asks once for everything, makes sure that the answer is the whole one, and names what is to be measured and its peers. */
async function prepare(bench: BenchTenant, size: TenantSize) {
  const { tenant, stand, clock, doctor } = bench;
  const first = {
    rules: async () => whole(valueOf(await tenant.rules(call())), size),
    person: async () => valueOf(await tenant.person(stand.upn, call())),
    doctor: async () => {
      const evidence = await gather(doctor, stand.upn, new AbortController().signal);
      if (!evidence.rules?.ok || !evidence.person?.whatIf?.ok || evidence.hosts.some(({ reason }) => reason !== null))
        throw new Error('the doctor was not told everything');
      whole(evidence.rules.value, size);
      return evidence;
    },
  };
  const rules = await first.rules();
  const person = await first.person();
  const evidence = await first.doctor();
  const exchanges = {
    rules: await bench.recorded(first.rules),
    person: await bench.recorded(first.person),
    doctor: await bench.recorded(first.doctor),
  };
  const input = {
    devices: ['windows', 'iphone'],
    passUse: 'several',
    pass: null,
    rules,
    person,
    place: atOffice,
    key: null,
    desk: deskFacts,
    underWay: null,
    nowMs: clock.wallMs(),
  } as const;
  const ruled = bench.answeredAsBefore(exchanges.rules);
  const looked = bench.answeredAsBefore(exchanges.person);
  const asking: readonly Piece[] = [
    ['rules', first.rules],
    ['person', first.person],
    ['plan', () => planJourney(input)],
    ['doctor', async () => examine(await first.doctor())],
  ];
  const peers: readonly Piece[] = [
    ['rules, raw', () => askRaw(bench, exchanges.rules)],
    ['rules, answered as before', async () => whole(valueOf(await ruled.rules(call())), size)],
    ['rules, parsed', () => parseAll(exchanges.rules)],
    ['person, raw', () => askRaw(bench, exchanges.person)],
    ['person, answered as before', async () => valueOf(await looked.person(stand.upn, call()))],
    ['person, parsed', () => parseAll(exchanges.person)],
    ['rules, written', () => JSON.stringify(rules)],
    ['doctor, raw', () => askRaw(bench, exchanges.doctor)],
    ['examine', () => examine(evidence)],
    ['evidence, written', () => JSON.stringify(evidence)],
  ];
  const told = async (name: keyof typeof first): Promise<Asked> => {
    // Long after anybody asked: a question in line behind another is not what is to be told.
    await new Promise<void>((resolve) => void clock.after(5_000, resolve));
    const beforeMs = clock.pausedMs;
    await first[name]();
    const bytes = exchanges[name].reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    return { requests: exchanges[name].length, bytes, pausedMs: name === 'doctor' ? null : clock.pausedMs - beforeMs };
  };
  return {
    pieces: asking,
    peers,
    asked: { rules: await told('rules'), person: await told('person'), doctor: await told('doctor') },
  };
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.reason)}`);
  return outcome.value;
}

/** @throws when a part of them is not known, or a policy is missing. */
function whole(rules: TenantRules, { policies }: TenantSize): TenantRules {
  const { accessPolicies, strengths, locations, premium, methods } = rules;
  const parts = [accessPolicies, strengths, locations, premium, methods.passkeys, methods.pass, methods.authenticator];
  if (parts.some(({ known }) => !known)) throw new Error('a part of the rules is unknown');
  if (accessPolicies.known && accessPolicies.value.length !== policies) throw new Error('not every policy came');
  return rules;
}

function parseAll(exchanges: readonly Exchange[]): unknown {
  return exchanges.map(({ text }): unknown => JSON.parse(text));
}

/** How often it fits into the time a measurement takes, once it is warm. */
async function timesIn(run: () => unknown): Promise<number> {
  const startedMs = performance.now();
  for (let done = 0; done < 3 || performance.now() - startedMs < WARM_UP_MS; done += 1) await run();
  return Math.max(1, Math.ceil(MEASURE_MS / (await costOf(run, 5))));
}

/** User and system time of the process, its threads included. */
async function costOf(run: () => unknown, count: number): Promise<number> {
  const before = process.cpuUsage();
  for (let done = 0; done < count; done += 1) await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / count;
}
