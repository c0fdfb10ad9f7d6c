// The key host: takes verbs, runs them one at a time per key, and tells what is plugged in. It knows one relying party,
// made known at its start, and signs for nothing but that one's registrations and sign-ins. Care of a key is a conversation of its
// own, for whoever has the token that the host was started with.
import { because, type Reason } from '../../contract/reason.ts';
import type { ModelKnowledge } from '../fido/metadata/key-model.ts';
import type { Surroundings } from '../fido/surroundings.ts';
import { Allowance } from './allowance.ts';
import { CareDoor } from './care/care-door.ts';
import { CareMemory } from './care/care-memory.ts';
import { performCare } from './care/perform-care.ts';
import {
  carePins,
  careRequestSchema,
  type CareCeremonyRequest,
  type CareMessage,
  type CareSelectRequest,
} from './care/protocol.ts';
import type { HostPort } from './host-port.ts';
import type { HostTrust } from './trust/host-trust.ts';
import { Insertions } from './plugged/insertions.ts';
import type { LinkSource } from './plugged/link-source.ts';
import { OpenedKey } from './plugged/opened-key.ts';
import { performCeremony } from './ceremony/perform-ceremony.ts';
import { keyRequestSchema, type CeremonyRequest, type SelectRequest } from './protocol.ts';
import { SignInMemory } from './ceremony/sign-in-memory.ts';
import { StayMemory } from './ceremony/stay-memory.ts';
import { TrustGate } from './trust/trust-gate.ts';
import { VerbChannel } from './verb-channel.ts';

export interface KeyHostOptions {
  /** The key channel. */
  readonly port: HostPort;
  /** The care channel, and SHA-256 of the token that its requests must bring; with null none is the right one. */
  readonly care: { readonly port: HostPort; readonly tokenSha256: Uint8Array | null };
  readonly links: LinkSource;
  readonly surroundings: Surroundings;
  /** The one relying party; requests for any other are refused. */
  readonly rpId: string;
  readonly trust: Pick<HostTrust, 'circumstances' | 'refresh'>;
}

export interface RunningKeyHost {
  /** Ends every ceremony, closes every link, forgets everything. */
  close(): Promise<void>;
}

/** All keys together: ten of them, each as fast as hands are. What one key is spared is in key-limits.ts. */
const ceremonyTimes = 120;
const pinTimes = 60;
const allowanceWithinMs = 10_000;

export function runKeyHost(options: KeyHostOptions): RunningKeyHost {
  return new KeyHost(options);
}

interface Conversation {
  insertionsChanged(): void;
  close(): Promise<void>;
}

class KeyHost implements RunningKeyHost {
  readonly #surroundings: Surroundings;
  readonly #insertions: Insertions<OpenedKey>;
  readonly #conversations: Conversation[] = [];
  readonly #ceremonyAllowance: Allowance;
  readonly #pinAllowance: Allowance;

  constructor({ port, care, links, surroundings, rpId, trust }: KeyHostOptions) {
    this.#surroundings = surroundings;
    this.#ceremonyAllowance = new Allowance(surroundings.clock, ceremonyTimes, allowanceWithinMs);
    this.#pinAllowance = new Allowance(surroundings.clock, pinTimes, allowanceWithinMs);
    this.#insertions = new Insertions({
      links,
      surroundings,
      connect: (link, plugged, signal) => OpenedKey.connect(link, plugged, surroundings, signal),
      onChange: () => {
        for (const conversation of this.#conversations) conversation.insertionsChanged();
      },
    });
    this.#conversations.push(this.#serveKeys(port, rpId, trust), this.#serveCare(care, trust.circumstances));
  }

  async close(): Promise<void> {
    await Promise.all(this.#conversations.map((conversation) => conversation.close()));
    await this.#insertions.close();
  }

  #serveKeys(port: HostPort, rpId: string, trust: KeyHostOptions['trust']): Conversation {
    const memory = new StayMemory();
    const gate = new TrustGate(trust.circumstances);
    const signIns = new SignInMemory(this.#surroundings.clock);
    const circumstances = { surroundings: this.#surroundings, rpId, memory, signIns, gate, knowledge: trust.circumstances };
    return new VerbChannel<CeremonyRequest, SelectRequest>({
      ...this.#common(port),
      read: (message) => keyRequestSchema.safeParse(message).data ?? null,
      refusal: (request) => refusalOfSite(request, rpId),
      pinsOf,
      perform: (request, key, call, insertion) =>
        performCeremony(request, key, { ...circumstances, call, insertion: insertion.id }),
      onForget: () => {
        memory.forget();
        signIns.forget();
        gate.forget();
        // Between two people is the time for it.
        void trust.refresh();
      },
    });
  }

  #serveCare({ port, tokenSha256 }: KeyHostOptions['care'], knowledge: () => ModelKnowledge): Conversation {
    const memory = new CareMemory();
    const door = new CareDoor(this.#surroundings.clock, tokenSha256);
    const post = (message: CareMessage) => port.post(message);
    return new VerbChannel<CareCeremonyRequest, CareSelectRequest>({
      ...this.#common(port),
      read: (message) => careRequestSchema.safeParse(message).data ?? null,
      refusal: ({ token }) => door.refusal(token),
      pinsOf: carePins,
      secretsOf: ({ token }) => [token],
      perform: (request, key, call, insertion) =>
        performCare(request, key, {
          call,
          insertion,
          memory,
          knowledge,
          onSample: (sample) => post({ type: 'sample', id: request.id, sample }),
        }),
      onForget: () => memory.forget(),
    });
  }

  #common(port: HostPort) {
    return {
      port,
      clock: this.#surroundings.clock,
      insertions: this.#insertions,
      takeAllowance: ({ hasPin }: { readonly hasPin: boolean }) =>
        this.#ceremonyAllowance.take() && (!hasPin || this.#pinAllowance.take()),
    };
  }
}

function refusalOfSite(request: CeremonyRequest | SelectRequest, rpId: string): Reason | null {
  const isOther = request.verb === 'makeCredential' && request.options.rp.id !== rpId;
  return isOther ? because('key.refused', { statusName: 'rpIdNotAllowed' }) : null;
}

function pinsOf(request: CeremonyRequest): readonly Uint8Array[] {
  switch (request.verb) {
    case 'describe':
    case 'releaseSignIn':
      return [];
    case 'changePin':
      return [request.oldPin, request.newPin];
    case 'setPin':
    case 'makeCredential':
    case 'prove':
    case 'signIn':
    case 'otherAccounts':
    case 'discard':
      return [request.pin];
    default:
      return request satisfies never;
  }
}
