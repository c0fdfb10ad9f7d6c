// What the desk may know of a key, and the one reason why it can't be used, if there is one.
import { because, type Reason, type ReasonCode } from '../../../contract/reason.ts';
import { formatUuid } from '../../fido/bytes/uuid.ts';
import {
  entraObstacles,
  type EntraObstacle,
  type KeyDescription as Described,
  type PinState,
} from '../../fido/key/key-description.ts';
import { keyModel, type ModelKnowledge } from '../../fido/metadata/key-model.ts';
import type { YubikeyDevice } from '../../fido/metadata/yubikey-device.ts';
import type { KeyDescription } from '../../ports/key.ts';
import type { PluggedInterface } from '../plugged/link-source.ts';

/** A key that gives no number has at most this many tries (CTAP 2.3 §6.5.2.2, pinRetries). */
const mostPinTries = 8;
/** Code points, for keys that have no say in it (CTAP 2.3 §6.4, getInfo 0x0D and 0x1D). */
const pinLengths = { minPinLength: 4, maxPinLength: 63 };

/** `yubikey`: what the maker's own command told; null for other keys. */
export function keyDescription(
  described: Described,
  plugged: PluggedInterface,
  yubikey: YubikeyDevice | null,
  knowledge: ModelKnowledge,
): KeyDescription {
  const info = described.kind === 'ctap2' ? described.info : undefined;
  const aaguid = info === undefined ? null : formatUuid(info.aaguid);
  const { name: model } = keyModel({ ...plugged, aaguid, firmwareVersion: info?.firmwareVersion }, knowledge);
  return {
    model,
    plug: plugged.plug ?? yubikey?.plug ?? 'unknown',
    aaguid,
    firmware: yubikey?.firmware ?? firmwareText(described.device.version) ?? info?.firmwareVersion?.toString() ?? null,
    ...pinFacts(described),
    unusable: unusableBecause(described, model),
  };
}

function pinFacts(described: Described): Pick<KeyDescription, 'pin' | 'tries' | 'minPinLength' | 'maxPinLength'> {
  if (described.kind === 'u2f') return { pin: 'unsupported', tries: null, ...pinLengths };
  const { minPinLength, maxPinLength } = described.info;
  return { ...pinState(described.pin), minPinLength, maxPinLength };
}

function pinState(pin: PinState): Pick<KeyDescription, 'pin' | 'tries'> {
  switch (pin.kind) {
    case 'unsupported':
    case 'none':
      return { pin: pin.kind, tries: null };
    case 'set': {
      const left = pin.retriesLeft;
      return {
        pin: pin.mustChange ? 'mustChange' : 'set',
        tries: left === undefined ? null : { left, of: Math.max(left, mostPinTries) },
      };
    }
    default:
      return pin satisfies never;
  }
}

const obstacleReasons: Readonly<Record<EntraObstacle, ReasonCode>> = {
  noCtap2: 'key.tooOld',
  noFido2Version: 'key.tooOld',
  noResidentKey: 'key.noResidentKeys',
  noPin: 'key.noPinSupport',
  noFingerprint: 'key.noPinSupport',
  noAlgorithm: 'key.noAlgorithm',
  noHmacSecret: 'key.noHmacSecret',
  noPackedAttestation: 'key.tooOld',
  full: 'key.full',
};

/** What no PIN and no patience can change comes first. */
function unusableBecause(described: Described, model: string): Reason | null {
  const [obstacle] = entraObstacles(described);
  if (obstacle) return because(obstacleReasons[obstacle], { statusName: obstacle, model });
  if (described.kind !== 'ctap2') return null;
  // Entra would take it; the desk's own way begins with a PIN.
  if (described.pin.kind === 'unsupported') return because('key.noPinSupport', { statusName: 'noClientPin', model });
  if (described.pin.kind !== 'set') return null;
  if (described.pin.retriesLeft === 0) return because('key.pinLocked', { model });
  return described.pin.replugNeeded ? because('key.pinReplug', { model }) : null;
}

/** CTAPHID device version; the firmware's on the keys of most makers. Null for keys that leave it at zero. */
function firmwareText({
  major,
  minor,
  build,
}: {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
}): string | null {
  return major === 0 && minor === 0 && build === 0 ? null : `${major}.${minor}.${build}`;
}
