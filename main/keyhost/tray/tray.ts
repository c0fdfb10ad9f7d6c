// The training tray: virtual keys on a virtual bus, with the hand that plugs, pulls and touches them.
import type { PracticeKey, PracticeTouch } from '../../../contract/practice.ts';
import type { Surroundings } from '../../fido/surroundings.ts';
import type { Touch } from '../../simulator/key/key-model.ts';
import { trainingAttestation, type TrainingAttestation } from '../../simulator/key/training-attestation.ts';
import { createVirtualKey, type VirtualKey } from '../../simulator/key/virtual-key.ts';
import { VirtualUsb } from '../../simulator/key/virtual-usb.ts';
import type { HostPort } from '../host-port.ts';
import type { LinkSource } from '../plugged/link-source.ts';
import { otherFinger, trayKeyKinds, type TrayKeyKind } from './tray-keys.ts';
import { trayRequestSchema, type TrayDeed, type TrayMessage } from './tray-protocol.ts';

interface TrayKey {
  readonly kind: TrayKeyKind;
  readonly slot: number;
  key: VirtualKey;
}

/** Longer than a key waits for that was told to want a long touch (CTAP 2.3 §6.11.5). */
const longTouchMs = 6_000;

const touches: Readonly<Record<PracticeTouch, Touch>> = {
  finger: {},
  tooFast: { flaw: 'too-fast' },
  otherFinger: { finger: otherFinger },
  long: { heldMs: longTouchMs },
};

export class Tray {
  readonly #bus: VirtualUsb;
  readonly #surroundings: Surroundings;
  readonly #attestation: TrainingAttestation;
  readonly #keys: readonly TrayKey[];
  readonly #listeners = new Set<() => void>();

  private constructor(surroundings: Surroundings, attestation: TrainingAttestation, keys: readonly TrayKey[]) {
    this.#surroundings = surroundings;
    this.#attestation = attestation;
    this.#keys = keys;
    this.#bus = new VirtualUsb(surroundings.clock);
    for (const { key } of keys) this.#listenTo(key);
    this.#bus.watch(() => this.#changed());
  }

  /** Lays out every kind of key, factory fresh, with certificates of one new root. */
  static async layOut(surroundings: Surroundings): Promise<Tray> {
    const attestation = await trainingAttestation(surroundings);
    const keys = await Promise.all(
      trayKeyKinds.map(async (kind, index) => ({
        kind,
        slot: index + 1,
        key: await createVirtualKey(kind.model, surroundings, { attestation, memory: kind.memory }),
      })),
    );
    return new Tray(surroundings, attestation, keys);
  }

  /** DER, for a twin that is to trust these keys. */
  get roots(): readonly Uint8Array[] {
    return [this.#attestation.rootCertificateDer];
  }

  get faces(): readonly PracticeKey[] {
    return this.#keys.map(({ kind, key }) => ({
      ...kind.face,
      state: key.awaitingTouch ? 'blinking' : key.isPowered ? 'plugged' : 'inTray',
    }));
  }

  /** The bus as the key host sees it. */
  get links(): LinkSource {
    return this.#bus;
  }

  /** Serves one practice desk. The result stops it. */
  serve(port: HostPort): () => void {
    const post = (message: TrayMessage) => port.post(message);
    const tellKeys = () => post({ type: 'keys', keys: this.faces.map((face) => ({ ...face, touches: [...face.touches] })) });
    const stopListening = port.onMessage((body) => {
      const parsed = trayRequestSchema.safeParse(body);
      if (!parsed.success) return;
      const request = parsed.data;
      if (request.verb === 'open') {
        this.#listeners.add(tellKeys);
        post({ type: 'roots', roots: this.roots.map((root) => Uint8Array.from(root)) });
        tellKeys();
        return;
      }
      void this.#handle(request).then((taken) => post({ type: 'answer', id: request.id, taken }));
    });
    return () => {
      this.#listeners.delete(tellKeys);
      stopListening();
    };
  }

  close(): void {
    this.#bus.close();
    this.#listeners.clear();
  }

  async #handle(deed: TrayDeed): Promise<boolean> {
    const trayKey = this.#keys.find(({ kind }) => kind.face.id === deed.keyId);
    if (!trayKey) return false;
    switch (deed.verb) {
      case 'plugIn':
        return this.#plugIn(trayKey);
      case 'takeOut':
        return this.#takeOut(trayKey);
      case 'touch':
        return trayKey.key.touch(touches[deed.how]);
      case 'renew':
        return await this.#renew(trayKey);
      default:
        return deed satisfies never;
    }
  }

  #plugIn({ key, slot }: TrayKey): boolean {
    if (key.isPowered) return false;
    this.#bus.plug(key, slot);
    return true;
  }

  #takeOut({ key }: TrayKey): boolean {
    if (!key.isPowered) return false;
    this.#bus.unplug(key);
    return true;
  }

  async #renew(trayKey: TrayKey): Promise<boolean> {
    const { model, memory } = trayKey.kind;
    const renewed = await createVirtualKey(model, this.#surroundings, { attestation: this.#attestation, memory });
    this.#takeOut(trayKey);
    trayKey.key = renewed;
    this.#listenTo(renewed);
    this.#changed();
    return true;
  }

  #listenTo(key: VirtualKey): void {
    key.onAwaitingTouch(() => this.#changed());
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
