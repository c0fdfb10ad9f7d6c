// Fingerprints on a key: enrolled with a word on every touch, listed, named, removed. Source: CTAP 2.3 §6.7, §6.12 (preview).
import {
  cancelCurrentEnrollment,
  enrollBegin,
  enrollCaptureNextSample,
  enumerateEnrollments,
  getFingerprintSensorInfo,
  removeEnrollment,
  setFriendlyName,
  type BioAuthority,
  type BioCommand,
  type Fingerprint,
  type FingerprintSensor,
  type SampleAnswer,
} from '../ctap/bio-enrollment.ts';
import { PIN_UV_PERMISSION } from '../ctap/client-pin.ts';
import type { AuthenticatorInfo } from '../ctap/get-info.ts';
import { CTAP_STATUS, CtapStatusError, isStatus } from '../ctap/status.ts';
import type { HidCall } from '../hid/channel.ts';
import { ProtocolViolation } from '../protocol-violation.ts';
import { cutToBytes } from '../key/credential-request.ts';
import { bioCommand } from './key-features.ts';
import type { KeyOperations, OperationCall, Turn } from '../key/operation.ts';
import { done, refused, type KeyOutcome } from '../key/outcome.ts';
import type { TokenWish, Verification } from '../key/pin-ceremony.ts';

export interface EnrolmentCall extends OperationCall {
  /** Called after every touch, the last one included. */
  readonly onSample?: (sample: SampleAnswer) => void;
}

/** More touches than anybody gives for one finger; a hostile key must not keep a person at it. */
const MAX_SAMPLES = 100;
/** Touches that did not come, in a row, before the person counts as gone. */
const MAX_IDLE_SAMPLES = 3;
/** What keys take where they do not say (CTAP 2.3 §6.7, maxTemplateFriendlyName). */
const DEFAULT_NAME_BYTES = 64;
/** Signs of life after which a key that should only drop an enrolment is left alone; keys send about ten a second. */
const MAX_CANCEL_KEEPALIVES = 30;

/** Keys without a sensor refuse with `notOffered`. Each method but `sensor` wants the person verified. */
export class Fingerprints {
  readonly #operations: KeyOperations;

  constructor(operations: KeyOperations) {
    this.#operations = operations;
  }

  /** What kind of sensor there is. */
  sensor(call: OperationCall): Promise<KeyOutcome<FingerprintSensor>> {
    return this.#operations.operation(call, async ({ info, hidCall }) => {
      const command = bioCommand(info);
      if (command === undefined) return refused({ kind: 'notOffered', feature: 'fingerprints' });
      return done(await getFingerprintSensorInfo(this.#operations.channel, command, hidCall));
    });
  }

  /** All that are enrolled; empty when there are none. */
  list(verification: Verification, call: OperationCall): Promise<KeyOutcome<readonly Fingerprint[]>> {
    return this.#managed(verification, call, async (authority, { hidCall }) => {
      try {
        return done(await enumerateEnrollments(this.#operations.channel, authority, hidCall));
      } catch (error) {
        if (isNone(error)) return done([]);
        throw error;
      }
    });
  }

  /**
   * Enrols one finger, touch by touch. When the signal aborts or anything fails on the way, the key is told to forget
   * what it had begun. A name that the key won't take leaves the finger enrolled without one.
   */
  enrol(name: string | undefined, verification: Verification, call: EnrolmentCall): Promise<KeyOutcome<Fingerprint>> {
    return this.#managed(verification, call, async (authority, { hidCall }) => {
      const templateId = await this.#capture(authority, call, hidCall);
      if (templateId === undefined) return refused({ kind: 'touchTimeout' });
      const taken = name === undefined || name === '' ? undefined : await this.#name(authority, templateId, name, hidCall);
      return done({ templateId, name: taken });
    });
  }

  /** `noFingerprint` for an id the key does not hold. Names are cut to what the key takes. */
  rename(
    { templateId, name }: { readonly templateId: Uint8Array; readonly name: string },
    verification: Verification,
    call: OperationCall,
  ): Promise<KeyOutcome<null>> {
    return this.#managed(verification, call, async (authority, { hidCall }) => {
      const cut = await this.#cutName(authority.command, name, hidCall);
      return unlessNone(() => setFriendlyName(this.#operations.channel, authority, { templateId, name: cut }, hidCall));
    });
  }

  /** `noFingerprint` for an id the key does not hold. */
  remove(templateId: Uint8Array, verification: Verification, call: OperationCall): Promise<KeyOutcome<null>> {
    return this.#managed(verification, call, (authority, { hidCall }) =>
      unlessNone(() => removeEnrollment(this.#operations.channel, authority, templateId, hidCall)),
    );
  }

  #managed<T>(
    verification: Verification,
    call: OperationCall,
    run: (authority: BioAuthority, turn: Turn) => Promise<KeyOutcome<T>>,
  ): Promise<KeyOutcome<T>> {
    const wish = (info: AuthenticatorInfo): KeyOutcome<TokenWish> =>
      bioCommand(info) === undefined
        ? refused({ kind: 'notOffered', feature: 'fingerprints' })
        : done({ permissions: PIN_UV_PERMISSION.bioEnrollment, verification });
    return this.#operations.authorised(call, wish, (token, turn) =>
      run({ command: bioCommand(turn.info) ?? 'bioEnrollment', token }, turn),
    );
  }

  /** The finished template; `undefined` when the person stopped touching. */
  async #capture(authority: BioAuthority, { onSample }: EnrolmentCall, hidCall: HidCall): Promise<Uint8Array | undefined> {
    const { channel } = this.#operations;
    // A capture sent twice would wait for a touch that was already given.
    const once = { ...hidCall, resend: false };
    let complete = false;
    try {
      const { templateId, ...first } = await enrollBegin(channel, authority, once);
      let sample: SampleAnswer = first;
      let idle = 0;
      for (let count = 1; ; count += 1) {
        onSample?.(sample);
        complete = sample.remainingSamples === 0;
        if (complete) return templateId;
        idle = sample.status === 'noActivity' ? idle + 1 : 0;
        if (idle === MAX_IDLE_SAMPLES) return undefined;
        if (count === MAX_SAMPLES) throw new ProtocolViolation('bioEnrollment answer', `${count} samples and no end`);
        sample = await enrollCaptureNextSample(channel, authority, templateId, once);
      }
    } finally {
      if (!complete) await this.#forget(authority.command);
    }
  }

  /** Best effort, with an end of its own: the caller's signal may be what stopped the enrolment. */
  async #forget(command: BioCommand): Promise<void> {
    const stop = new AbortController();
    let keepalives = 0;
    const onKeepalive = (): void => {
      keepalives += 1;
      if (keepalives >= MAX_CANCEL_KEEPALIVES) stop.abort();
    };
    try {
      await cancelCurrentEnrollment(this.#operations.channel, command, { signal: stop.signal, onKeepalive });
    } catch {
      // What ended the enrolment is what the caller is told; a key forgets a half one by itself at the next begin.
    }
  }

  /** The name as the key took it; `undefined` when it took none. */
  async #name(authority: BioAuthority, templateId: Uint8Array, name: string, hidCall: HidCall): Promise<string | undefined> {
    try {
      const cut = await this.#cutName(authority.command, name, hidCall);
      if (cut === '') return undefined;
      await setFriendlyName(this.#operations.channel, authority, { templateId, name: cut }, hidCall);
      return cut;
    } catch (error) {
      if (error instanceof CtapStatusError) return undefined;
      throw error;
    }
  }

  async #cutName(command: BioCommand, name: string, hidCall: HidCall): Promise<string> {
    return cutToBytes(name, (await this.#maxNameBytes(command, hidCall)) ?? DEFAULT_NAME_BYTES);
  }

  async #maxNameBytes(command: BioCommand, hidCall: HidCall): Promise<number | undefined> {
    try {
      return (await getFingerprintSensorInfo(this.#operations.channel, command, hidCall)).maxNameBytes;
    } catch (error) {
      if (error instanceof CtapStatusError) return undefined; // not every preview key describes its sensor
      throw error;
    }
  }
}

/** By which keys say that there is no (such) fingerprint: one status by the specification, another on some. */
function isNone(error: unknown): boolean {
  return isStatus(error, CTAP_STATUS.INVALID_OPTION) || isStatus(error, CTAP_STATUS.NO_CREDENTIALS);
}

async function unlessNone(act: () => Promise<void>): Promise<KeyOutcome<null>> {
  try {
    await act();
    return done(null);
  } catch (error) {
    if (isNone(error)) return refused({ kind: 'noFingerprint' });
    throw error;
  }
}
