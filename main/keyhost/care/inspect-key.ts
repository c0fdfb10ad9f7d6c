// Everything a key tells without a PIN and without a touch, and what it is to be known by afterwards.
import type { AuthenticatorInfo } from '../../fido/ctap/get-info.ts';
import { keyFeatures } from '../../fido/care/key-features.ts';
import type { KeyLikeness } from '../../fido/care/key-likeness.ts';
import type { KeyFeature } from '../../fido/key/outcome.ts';
import type { OperationCall } from '../../fido/key/operation.ts';
import type { ModelKnowledge } from '../../fido/metadata/key-model.ts';
import { verifiesByItself } from '../../fido/key/key-description.ts';
import { isResetBlocked, type YubikeyDevice } from '../../fido/metadata/yubikey-device.ts';
import type { KeyCareOffer, KeyInspection, MakerFacts } from '../../ports/key-care.ts';
import type { Outcome } from '../../ports/outcome.ts';
import { keyDescription } from '../ceremony/describe-key.ts';
import type { OpenedKey } from '../plugged/opened-key.ts';
import { reasonOfRefusal } from '../ceremony/reasons.ts';

/** CTAP 2.3 §6.4: a key that does not say takes messages of this length. */
const u2fMessageBytes = 1_024;
/** Lists of a key that go on longer are cut: they are for people to read. */
const mostWords = 64;

/** `remember` gets what tells this key from others, when it tells enough for that. */
export async function inspectKey(
  opened: OpenedKey,
  call: OperationCall,
  knowledge: ModelKnowledge,
  remember: (likeness: KeyLikeness) => void,
): Promise<Outcome<KeyInspection>> {
  const { key, plugged } = opened;
  const described = await key.describe(call);
  const { vendorId, productId } = plugged;
  const yubikey = await opened.yubikey(call);
  const common = {
    description: keyDescription(described, plugged, yubikey, knowledge),
    vendorId,
    productId,
    resetWindowMs: opened.quirks.resetWindowMs,
    maker: yubikey && makerFacts(yubikey),
  };
  if (described.kind === 'u2f') {
    const versions = described.u2fVersion === undefined ? [] : [described.u2fVersion];
    return { ok: true, value: { ...common, ...nothingTold, versions } };
  }
  const likeness = await key.likeness(call, (hidCall) => opened.readSerial(hidCall), opened.usbSerial);
  if (!likeness.ok) return { ok: false, reason: reasonOfRefusal(likeness.refusal, 'inspect') };
  remember(likeness.value);
  const { info } = described;
  const hasSensor = info.options.get('uv') === true;
  const sensor = hasSensor ? await key.sensorRetries(call) : null;
  return {
    ok: true,
    value: {
      ...common,
      serial: likeness.value.serial ?? likeness.value.usbSerial ?? null,
      versions: info.versions.slice(0, mostWords),
      extensions: info.extensions.slice(0, mostWords),
      options: Object.fromEntries([...info.options].slice(0, mostWords)),
      algorithms: (info.algorithms ?? []).slice(0, mostWords),
      transports: (info.transports ?? []).slice(0, mostWords),
      pinUvProtocols: (info.pinUvAuthProtocols ?? []).slice(0, mostWords),
      maxMessageBytes: info.maxMsgSize,
      accountsLeft: info.remainingDiscoverableCredentials ?? null,
      sensorTriesLeft: sensor?.ok ? (sensor.value ?? null) : null,
      mustChangePin: info.forcePinChange,
      longTouchForReset: info.longTouchForReset,
      offers: offersOf(info, yubikey),
    },
  };
}

function makerFacts({ form, isFips, partNumber, enabledOverUsb, resetBlocked, pinComplexity }: YubikeyDevice): MakerFacts {
  return { form, isFips, partNumber, enabledOverUsb, resetBlocked, refusesEasyPins: pinComplexity };
}

const nothingTold = {
  serial: null,
  extensions: [],
  options: {},
  algorithms: [],
  transports: [],
  pinUvProtocols: [],
  maxMessageBytes: u2fMessageBytes,
  accountsLeft: null,
  sensorTriesLeft: null,
  mustChangePin: false,
  longTouchForReset: false,
  offers: [],
} as const;

const featureOffers: readonly (readonly [KeyFeature, KeyCareOffer])[] = [
  ['credentialManagement', 'accounts'],
  ['fingerprints', 'fingerprints'],
  ['minPinLength', 'minPinLength'],
  ['alwaysUv', 'alwaysUv'],
  ['enterpriseAttestation', 'enterpriseAttestation'],
  ['longTouchForReset', 'longTouchReset'],
];

/** What a key tells nobody whom it hasn't verified (CTAP 2.3 §6.7, §6.8). */
const behindPin: readonly KeyCareOffer[] = ['accounts', 'fingerprints'];

/** What the key announces; whether it keeps its word shows when it is asked. */
function offersOf(info: AuthenticatorInfo, yubikey: YubikeyDevice | null): readonly KeyCareOffer[] {
  const pinSet = info.options.get('clientPin');
  const features = keyFeatures(info);
  const isUnlockable = pinSet === true || verifiesByItself(info);
  return [
    ...(pinSet === undefined ? [] : [pinSet ? ('changePin' as const) : ('setPin' as const)]),
    ...featureOffers
      .filter(([feature, offer]) => features.has(feature) && (isUnlockable || !behindPin.includes(offer)))
      .map(([, offer]) => offer),
    ...(info.transportsForReset?.includes('usb') === false || (yubikey && isResetBlocked(yubikey)) ? [] : ['reset' as const]),
  ];
}
