// A desk with a key host in the same process: the real host, the real adapter, virtual keys, and time in the test's hand.
// What crosses between them is cloned, as between processes, and kept for tests that search it.
import { createHash } from 'node:crypto';
import { createKeyHostCarePort } from '../../main/adapters/key-host/key-host-care-port.ts';
import { createKeyHostKeyPort } from '../../main/adapters/key-host/key-host-key-port.ts';
import {
  superviseKeyHost,
  type KeyHostSupervisor,
  type KeyHostTrouble,
} from '../../main/adapters/key-host/key-host-supervisor.ts';
import type { HostProcess } from '../../main/adapters/key-host/host-process.ts';
import { SecretCells } from '../../main/conductor/secret-cells.ts';
import type { Surroundings } from '../../main/fido/surroundings.ts';
import type { HostPort } from '../../main/keyhost/host-port.ts';
import type { TrustSources } from '../../main/keyhost/trust/host-trust.ts';
import type { KeyHostStart } from '../../main/keyhost/life-protocol.ts';
import type { LinkSource } from '../../main/keyhost/plugged/link-source.ts';
import { serveKeyHost, type ServeKeyHostOptions } from '../../main/keyhost/serve-key-host.ts';
import type { Ceremony, CreationOptions, KeyFact, KeyPort, KeyRef } from '../../main/ports/key.ts';
import type { KeyCarePort } from '../../main/ports/key-care.ts';
import type { Secret } from '../../main/ports/secret.ts';
import { trainingAttestation } from '../../main/simulator/key/training-attestation.ts';
import type { TrainingKey } from '../../main/simulator/key/training-keys.ts';
import { createVirtualKey, type VirtualKey, type VirtualKeyOptions } from '../../main/simulator/key/virtual-key.ts';
import { VirtualUsb } from '../../main/simulator/key/virtual-usb.ts';
import { ManualClock } from './manual-clock.ts';
import { clockPortOf } from './manual-clock-port.ts';
import { seededRandomBytes } from './seeded-random.ts';

/** A machine without metadata. */
export const trustsAnybody: TrustSources = { wallMs: () => 0, readKept: () => Promise.resolve(null) };

export const RP_ID = 'login.microsoft.com';

export interface CrossedMessage {
  readonly towards: 'host' | 'desk';
  readonly message: unknown;
}

export interface KeyHostDesk {
  readonly clock: ManualClock;
  readonly usb: VirtualUsb;
  /** DER, for a twin that is to trust the keys. */
  readonly attestationRoots: readonly Uint8Array[];
  readonly host: KeyHostSupervisor;
  readonly keys: KeyPort;
  readonly care: KeyCarePort;
  /** Every fact told so far. */
  readonly facts: KeyFact[];
  /** What went wrong with the host; whoever expects some takes them out, or closing complains. */
  readonly troubles: KeyHostTrouble[];
  /** Every message in either direction, as it crossed. */
  readonly crossed: CrossedMessage[];
  /** The very objects both sides hold: what was posted by the desk, and what was delivered to the host. */
  readonly kept: unknown[];
  makeKey(key: TrainingKey, options?: Omit<VirtualKeyOptions, 'memory' | 'attestation'>): Promise<VirtualKey>;
  /** Plugs a key in and answers with the name of this insertion. */
  plug(key: VirtualKey): Promise<KeyRef>;
  secret(pin: string): Secret;
  ceremony(overrides?: Partial<Ceremony>): Ceremony;
  /** Lets time pass until `work` is done. */
  run<T>(work: Promise<T>): Promise<T>;
  /** Puts a message on the pipe as it is. */
  sayRaw(message: unknown): void;
  /** Ends the host's process without a word. */
  killHost(): void;
  close(): Promise<void>;
}

export interface KeyHostDeskOptions {
  readonly links?: (usb: VirtualUsb) => LinkSource;
  readonly freshHostAfterForget?: boolean;
  readonly seed?: string;
  /** What the host is told of the right to care for keys. */
  readonly mayCare?: boolean;
  /** The token the care port brings. */
  readonly careToken?: string;
  /** Which keys the host is told to trust, and what it knows. */
  readonly trust?: Pick<KeyHostStart, 'trust' | 'metadata'>;
  readonly trustSources?: TrustSources;
  /** What the host was set up for, as a service is. */
  readonly offered?: KeyHostStart;
}

const CARE_TOKEN = 'a token of thirty-two characters';

export async function openKeyHostDesk({
  links = (usb) => usb,
  freshHostAfterForget = false,
  seed = 'key-host',
  mayCare = true,
  careToken = CARE_TOKEN,
  trust = {},
  trustSources = trustsAnybody,
  offered,
}: KeyHostDeskOptions = {}): Promise<KeyHostDesk> {
  const clock = new ManualClock();
  const surroundings: Surroundings = { clock, randomBytes: seededRandomBytes(seed) };
  const attestation = await trainingAttestation(surroundings);
  const usb = new VirtualUsb(clock);
  const crossed: KeyHostDesk['crossed'] = [];
  const kept: unknown[] = [];
  const troubles: KeyHostTrouble[] = [];
  const facts: KeyFact[] = [];
  const cells = new SecretCells();
  const clockPort = clockPortOf(clock);
  let running: HostProcess | undefined;
  const host = superviseKeyHost({
    clock: clockPort,
    start: {
      links: 'virtual',
      rpId: RP_ID,
      ...trust,
      ...(mayCare && { careTokenSha256B64u: createHash('sha256').update(CARE_TOKEN).digest('base64url') }),
    },
    onTrouble: (trouble) => troubles.push(trouble),
    spawn: () => {
      running = spawnInProcess(surroundings, { links: links(usb), trustSources, ...(offered && { offered }) }, { crossed, kept });
      return running;
    },
  });
  const keys = createKeyHostKeyPort({ host, clock: clockPort, freshHostAfterForget });
  const care = createKeyHostCarePort({ host, clock: clockPort, token: cells.put(new TextEncoder().encode(careToken)) });
  keys.watch((fact) => facts.push(fact));
  await clock.runUntil(new Promise<void>((resolve) => host.onUp(resolve)));
  const run = <T>(work: Promise<T>) => clock.runUntil(work);
  return {
    clock,
    usb,
    attestationRoots: [attestation.rootCertificateDer],
    host,
    keys,
    care,
    facts,
    troubles,
    crossed,
    kept,
    run,
    makeKey: (key, options = {}) => createVirtualKey(key.model, surroundings, { ...options, memory: key.memory, attestation }),
    plug: async (key) => {
      const known = new Set(facts.flatMap((fact) => (fact.type === 'key.inserted' ? [fact.key.insertion] : [])));
      const inserted = new Promise<KeyRef>((resolve) => {
        const stop = keys.watch((fact) => {
          if (fact.type !== 'key.inserted' || known.has(fact.key.insertion)) return;
          stop();
          resolve(fact.key);
        });
      });
      usb.plug(key);
      return await run(inserted);
    },
    secret: (pin) => cells.put(new TextEncoder().encode(pin)),
    ceremony: (overrides = {}) => ({ signal: new AbortController().signal, deadlineMs: 60_000, ...overrides }),
    sayRaw: (message) => running?.post(message),
    killHost: () => running?.kill(),
    close: async () => {
      await run(keys.close());
      usb.close();
      if (troubles.length > 0) throw new Error(`the key host was in trouble: ${JSON.stringify(troubles)}`);
    },
  };
}

/** What Graph asks for, in the form the port takes; every member can be another. */
export function creationOptions(overrides: Partial<CreationOptions> = {}): CreationOptions {
  return {
    rp: { id: RP_ID, name: 'Microsoft' },
    user: { idB64u: 'T2JqZWN0IGlkIG9mIGEgcGVyc29u', name: 'noor@firstkey.example', displayName: 'Noor' },
    challengeB64u: 'Y2hhbGxlbmdlIG9mIHRoZSBkaXJlY3Rvcnk',
    algorithms: [-7, -257],
    excludeCredentialIdsB64u: [],
    hmacCreateSecret: true,
    credentialProtection: { level: 1, enforced: true },
    expiresAtMs: Number.MAX_SAFE_INTEGER,
    ...overrides,
  };
}

/** A key host behind the same face as a process; killing it cuts the pipe and leaves the rest to its keys. */
function spawnInProcess(
  surroundings: Surroundings,
  { links, ...serving }: { readonly links: LinkSource } & Pick<ServeKeyHostOptions, 'trustSources' | 'offered'>,
  { crossed, kept }: Pick<KeyHostDesk, 'crossed' | 'kept'>,
): HostProcess {
  const towardsHost = new Set<(message: unknown) => void>();
  let towardsDesk: (message: unknown) => void = () => undefined;
  let tellExit: (code: number | null) => void = () => undefined;
  let alive = true;
  const cross = (towards: 'host' | 'desk', message: unknown) => {
    if (!alive) return;
    // A host wipes what it was sent, so the note and the delivery are two clones.
    crossed.push({ towards, message: structuredClone(message) });
    const delivered: unknown = structuredClone(message);
    if (towards === 'host') kept.push(message, delivered);
    queueMicrotask(() => {
      if (!alive) return;
      if (towards === 'desk') towardsDesk(delivered);
      else for (const listener of [...towardsHost]) listener(delivered);
    });
  };
  const end = (code: number | null) => {
    if (!alive) return;
    alive = false;
    towardsHost.clear();
    void host.then((running) => running.close()).catch(() => undefined);
    queueMicrotask(() => tellExit(code));
  };
  const pipe: HostPort = {
    post: (message) => cross('desk', message),
    onMessage: (listener) => {
      towardsHost.add(listener);
      return () => towardsHost.delete(listener);
    },
  };
  const host = serveKeyHost({ pipe, surroundings, openLinks: async () => ({ links }), ...serving });
  host.catch(() => end(1));
  return {
    post: (message) => cross('host', message),
    onMessage: (listener) => {
      towardsDesk = listener;
    },
    onExit: (listener) => {
      tellExit = listener;
    },
    kill: () => end(null),
  };
}
