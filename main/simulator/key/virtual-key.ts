// A security key made of code: what a real one does from the USB plug inwards, with a finger that others move.
import type { Surroundings } from '../../fido/surroundings.ts';
import { answerRequest } from './ctap/authenticator.ts';
import { KeyMemory } from './credentials/key-memory.ts';
import { KeySession, type CommandContext } from './ctap/key-session.ts';
import { HidDevice } from './hid/hid-device.ts';
import { FaultInjector } from './key-faults.ts';
import type { Ctap2Model, FactoryMemory, KeyModel } from './key-model.ts';
import { trainingAttestation, type AttestationLeaf, type TrainingAttestation } from './training-attestation.ts';
import { UserPresence, type TouchOutcome } from './user-presence.ts';

export interface VirtualKeyOptions {
  /** Whose certificates the key carries; its own new root unless told. The twin must trust the same root. */
  readonly attestation?: TrainingAttestation;
  readonly memory?: FactoryMemory;
  /** Refuse requests that aren't canonical CBOR, with 0x12. True unless told. */
  readonly strictCbor?: boolean;
}

/** What happened inside, for reports and measurements. Never holds PINs, keys or message content. */
export type VirtualKeyEvent =
  | { readonly kind: 'winked' }
  | {
      readonly kind: 'answered';
      readonly ctapCommand: number;
      readonly status: number;
      readonly requestBytes: number;
      readonly answerBytes: number;
      /** From the whole request to the whole answer, by the key's clock. */
      readonly tookMs: number;
      readonly touchWaitMs: number;
    };

/** The plug side: what the bus hands to a key when it gets power. */
export interface UsbPort {
  readonly deliver: (report: Uint8Array) => void;
  /** A fault pulls the key out, now. */
  readonly vanish: () => void;
  /** The key leaves by itself and comes back as a new device. */
  readonly reenumerate: () => void;
}

export interface PoweredKey {
  receive(report: Uint8Array): void;
  powerDown(): void;
}

/** Makes a key, without power. Async because certificates are signed. */
export async function createVirtualKey(
  model: KeyModel,
  surroundings: Surroundings,
  options: VirtualKeyOptions = {},
): Promise<VirtualKey> {
  const leaf = model.ctap2 && (await leafFor(model.ctap2, surroundings, options.attestation));
  return new VirtualKey(model, surroundings, leaf, options);
}

export class VirtualKey {
  readonly model: KeyModel;
  /** What shall go wrong next. */
  readonly faults = new FaultInjector();
  readonly #surroundings: Surroundings;
  readonly #leaf: AttestationLeaf | undefined;
  readonly #strictCbor: boolean;
  readonly #presence: UserPresence;
  readonly #memory: KeyMemory | undefined;
  readonly #listeners = new Set<(event: VirtualKeyEvent) => void>();
  #wrongPinsInARow: number;
  #powered: { readonly device: HidDevice; readonly off: AbortController } | undefined;

  constructor(model: KeyModel, surroundings: Surroundings, leaf: AttestationLeaf | undefined, options: VirtualKeyOptions) {
    this.model = model;
    this.#surroundings = surroundings;
    this.#leaf = leaf;
    this.#strictCbor = options.strictCbor ?? true;
    this.#presence = new UserPresence(surroundings.clock);
    this.#presence.onChange(() => this.#powered?.device.presenceChanged());
    this.#memory = model.ctap2 && new KeyMemory(model.ctap2, options.memory ?? {}, surroundings.randomBytes);
    this.#wrongPinsInARow = options.memory?.wrongPinsInARow ?? 0;
  }

  get isPowered(): boolean {
    return this.#powered !== undefined;
  }

  /** The light blinks. */
  get awaitingTouch(): boolean {
    return this.#presence.awaiting;
  }

  /** Told whenever the light starts or stops blinking; answers with the way to stop listening. */
  onAwaitingTouch(listener: (awaiting: boolean) => void): () => void {
    return this.#presence.onChange(listener);
  }

  /** A finger, now. False when the key wasn't waiting for one. */
  touch(): boolean {
    return this.#presence.touch();
  }

  /** Touch by itself so long after the light starts blinking, from the next time on. */
  autoTouch(afterMs: number | 'never'): void {
    this.#presence.autoTouch(afterMs);
  }

  onEvent(listener: (event: VirtualKeyEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Discoverable credentials and PIN state as a person with a key manager would see them; no secrets. */
  get inspection(): { readonly isPinSet: boolean; readonly pinRetriesLeft: number; readonly credentialIds: Uint8Array[] } {
    const memory = this.#memory;
    return {
      isPinSet: memory?.pin !== undefined,
      pinRetriesLeft: memory?.pinRetriesLeft ?? 0,
      credentialIds: memory?.credentials.map(({ id }) => id) ?? [],
    };
  }

  /** Called by a bus. A key has one plug. */
  powerUp(port: UsbPort): PoweredKey {
    if (this.#powered !== undefined) throw new Error(`${this.model.name} is plugged in already`);
    const off = new AbortController();
    const session = this.model.ctap2 && this.#newSession(this.model.ctap2);
    const device = new HidDevice({
      model: this.model,
      surroundings: this.#surroundings,
      faults: this.faults,
      power: off.signal,
      send: port.deliver,
      vanish: port.vanish,
      reenumerate: port.reenumerate,
      isTouchAwaited: () => this.#presence.awaiting,
      answer: (request, cancelled, over) => this.#answer(session, request, cancelled, over),
      winked: () => this.#tell({ kind: 'winked' }),
    });
    const powered = { device, off };
    this.#powered = powered;
    return {
      receive: (report) => device.receive(report),
      powerDown: () => {
        if (this.#powered !== powered) return;
        this.#powered = undefined;
        off.abort(new Error('the key lost its power'));
      },
    };
  }

  #newSession(ctap2: Ctap2Model): KeySession {
    const session = new KeySession(this.model, ctap2, this.#surroundings, this.#wrongPinsInARow);
    this.#wrongPinsInARow = 0;
    return session;
  }

  /** The answer nobody waits for any more is empty: the command then did not run, or ended at the touch. */
  async #answer(
    session: KeySession | undefined,
    request: Uint8Array,
    cancelled: AbortSignal,
    over: AbortSignal,
  ): Promise<Uint8Array> {
    const { ctap2 } = this.model;
    if (ctap2 === undefined || session === undefined || this.#memory === undefined) {
      throw new Error('a key without CTAP 2 gets no CBOR');
    }
    const { clock } = this.#surroundings;
    const startedMs = clock.nowMs();
    let touchWaitMs = 0;
    const touch = async (): Promise<TouchOutcome> => {
      const askedMs = clock.nowMs();
      const outcome = await this.#presence.ask(ctap2.touchTimeoutMs, AbortSignal.any([cancelled, over]));
      touchWaitMs += clock.nowMs() - askedMs;
      return outcome;
    };
    const context: CommandContext = {
      model: this.model,
      ctap2,
      memory: this.#memory,
      session,
      surroundings: this.#surroundings,
      attestation: this.#leaf,
      touch,
    };
    if (ctap2.thinkingMs > 0) await clock.wait(ctap2.thinkingMs, over).catch(() => undefined);
    if (over.aborted) return new Uint8Array(0);
    const answer = await answerRequest(context, request, { strictCbor: this.#strictCbor });
    const [ctapCommand = 0, status = 0] = [request[0], answer[0]];
    this.#tell({
      kind: 'answered',
      ctapCommand,
      status,
      requestBytes: request.length,
      answerBytes: answer.length,
      tookMs: clock.nowMs() - startedMs,
      touchWaitMs,
    });
    return answer;
  }

  #tell(event: VirtualKeyEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

/** The certificate a model's attestation style asks for. */
async function leafFor(
  { aaguid, attestation: style }: Ctap2Model,
  surroundings: Surroundings,
  shared: TrainingAttestation | undefined,
): Promise<AttestationLeaf | undefined> {
  if (style === 'none' || style === 'packed-self') return undefined;
  const issuer = shared === undefined || style === 'unknown-root-certificate' ? await trainingAttestation(surroundings) : shared;
  switch (style) {
    case 'expired-certificate':
      return issuer.leafFor(aaguid, { validUntil: new Date('2021-01-01T00:00:00Z') });
    case 'foreign-aaguid-certificate':
      return issuer.leafFor(aaguid, { aaguidInCertificate: new Uint8Array(16).fill(0xfe) });
    case 'packed-certificate':
    case 'unknown-root-certificate':
    case 'broken-signature':
      return issuer.leafFor(aaguid);
    default: {
      const never: never = style;
      throw new Error(`unknown style ${String(never)}`);
    }
  }
}
