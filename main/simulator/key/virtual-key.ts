// A security key made of code: what a real one does from the USB plug inwards, with a finger that others move.
import type { Surroundings } from '../../fido/surroundings.ts';
import { answerRequest } from './ctap/authenticator.ts';
import { rpIdHash } from './credentials/authenticator-data.ts';
import { KeyMemory } from './credentials/key-memory.ts';
import { U2fMemory } from './credentials/u2f-memory.ts';
import { KeySession, type CommandContext } from './ctap/key-session.ts';
import { sameBytes } from './ctap/same-bytes.ts';
import { HidDevice } from './hid/hid-device.ts';
import { U2fMessages, type U2fSigner } from './hid/u2f-messages.ts';
import { FaultInjector } from './key-faults.ts';
import type { Ctap2Model, FactoryMemory, KeyModel, Touch } from './key-model.ts';
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
  return new VirtualKey(model, surroundings, await leavesFor(model, surroundings, options.attestation), options);
}

/** The certificates one key carries. */
interface KeyLeaves {
  readonly model: AttestationLeaf | undefined;
  readonly enterprise: AttestationLeaf | undefined;
  readonly u2f: AttestationLeaf | undefined;
}

/** What a person with a key manager would see; no secrets. */
export interface KeyInspection {
  readonly isPinSet: boolean;
  readonly pinRetriesLeft: number;
  readonly uvRetriesLeft: number;
  readonly forcePinChange: boolean;
  readonly minPinLength: number;
  readonly alwaysUv: boolean;
  /** Names of the fingers' templates; `undefined` where a finger has none. */
  readonly fingerNames: readonly (string | undefined)[];
  readonly credentialIds: readonly Uint8Array[];
  /** Registrations over U2F. */
  readonly u2fRegistrations: number;
}

export class VirtualKey {
  readonly model: KeyModel;
  /** What shall go wrong next. */
  readonly faults = new FaultInjector();
  readonly #surroundings: Surroundings;
  readonly #leaves: KeyLeaves;
  readonly #strictCbor: boolean;
  readonly #presence: UserPresence;
  readonly #u2f = new U2fMemory();
  readonly #memory: KeyMemory | undefined;
  readonly #listeners = new Set<(event: VirtualKeyEvent) => void>();
  #wrongPinsInARow: number;
  #powered: { readonly device: HidDevice; readonly off: AbortController } | undefined;

  constructor(model: KeyModel, surroundings: Surroundings, leaves: KeyLeaves, options: VirtualKeyOptions) {
    this.model = model;
    this.#surroundings = surroundings;
    this.#leaves = leaves;
    this.#strictCbor = options.strictCbor ?? true;
    this.#presence = new UserPresence(surroundings.clock);
    this.#presence.onChange(() => this.#powered?.device.presenceChanged());
    this.#memory = model.ctap2 && new KeyMemory(model.ctap2, options.memory ?? {}, this.#u2f, surroundings.randomBytes);
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
  touch(touch: Touch = {}): boolean {
    return this.#presence.touch(touch);
  }

  /** Touch by itself so long after the light starts blinking, from the next time on; the last touch repeats. */
  autoTouch(afterMs: number | 'never', touches?: readonly Touch[]): void {
    this.#presence.autoTouch(afterMs, touches);
  }

  onEvent(listener: (event: VirtualKeyEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  get inspection(): KeyInspection {
    const memory = this.#memory;
    return {
      isPinSet: memory?.pin !== undefined,
      pinRetriesLeft: memory?.pinRetriesLeft ?? 0,
      uvRetriesLeft: memory?.uvRetriesLeft ?? 0,
      forcePinChange: memory?.forcePinChange ?? false,
      minPinLength: memory?.minPinLength ?? 0,
      alwaysUv: memory?.alwaysUv ?? false,
      fingerNames: memory?.templates.map(({ name }) => name) ?? [],
      credentialIds: memory?.credentials.map(({ id }) => id) ?? [],
      u2fRegistrations: this.#u2f.registrations.length,
    };
  }

  /** Called by a bus. A key has one plug. */
  powerUp(port: UsbPort): PoweredKey {
    if (this.#powered !== undefined) throw new Error(`${this.model.name} is plugged in already`);
    const off = new AbortController();
    const session = this.model.ctap2 && this.#newSession(this.model.ctap2);
    const u2f = this.#newU2f(off.signal);
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
      answerU2f: (message) => {
        if (u2f === undefined) throw new Error('a key without U2F gets no U2F messages');
        return u2f.answer(message);
      },
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

  #newU2f(power: AbortSignal): U2fMessages | undefined {
    const attestation = this.#leaves.u2f;
    if (attestation === undefined) return undefined;
    const { clock, randomBytes } = this.#surroundings;
    return new U2fMessages({
      memory: this.#u2f,
      attestation,
      presence: this.#presence,
      clock,
      randomBytes,
      power,
      isAllowed: () => this.#memory?.alwaysUv !== true,
      credentialFor: (keyHandle, application) => this.#credentialFor(keyHandle, application),
    });
  }

  /** Credentials of CTAP 2 answer U2F too, unless they ask for verification or can't sign as U2F does (CTAP 2.3 §10.3). */
  #credentialFor(keyHandle: Uint8Array, application: Uint8Array): U2fSigner | undefined {
    return this.#memory?.credentials.find(
      (known) =>
        sameBytes(known.id, keyHandle) &&
        sameBytes(rpIdHash(known.rpId), application) &&
        known.algorithm === -7 &&
        known.credProtect !== 3,
    );
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
    const touch = async (timeoutMs = ctap2.touchTimeoutMs): Promise<TouchOutcome> => {
      const askedMs = clock.nowMs();
      const outcome = await this.#presence.ask(timeoutMs, AbortSignal.any([cancelled, over]));
      touchWaitMs += clock.nowMs() - askedMs;
      return outcome;
    };
    const context: CommandContext = {
      model: this.model,
      ctap2,
      memory: this.#memory,
      session,
      surroundings: this.#surroundings,
      attestation: this.#leaves.model,
      enterpriseAttestation: this.#leaves.enterprise,
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

async function leavesFor(
  { hid, ctap2 }: KeyModel,
  surroundings: Surroundings,
  shared: TrainingAttestation | undefined,
): Promise<KeyLeaves> {
  const isOwn = shared === undefined || ctap2?.attestation === 'unknown-root-certificate';
  const issuer = isOwn ? await trainingAttestation(surroundings) : shared;
  const serial = ctap2?.enterpriseAttestation?.serialNumber;
  return {
    model: ctap2 && (await modelLeaf(issuer, ctap2)),
    enterprise: serial === undefined ? undefined : await issuer.leafFor(ctap2?.aaguid, { serialNumber: Buffer.from(serial) }),
    u2f: hid.u2f ? await issuer.leafFor(undefined) : undefined,
  };
}

/** The certificate a model's attestation style asks for. */
async function modelLeaf(
  issuer: TrainingAttestation,
  { aaguid, attestation: style }: Ctap2Model,
): Promise<AttestationLeaf | undefined> {
  switch (style) {
    case 'none':
    case 'packed-self':
      return undefined;
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
