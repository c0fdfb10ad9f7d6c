// Odd ways of real keys that a client must live with. A quirk is data of a model; each names what it does and where it
// was seen, so that none outlives its reason.

export interface QuirkRecord {
  readonly does: string;
  /** Products or firmware, with the public place that reports it. */
  readonly seen: string;
}

export const KEY_QUIRKS = {
  'unsorted-info': {
    does: 'getInfo answers with map keys in the wrong order',
    seen: 'Solo 1, Nitrokey FIDO2, GoTrust Idem Card (python-fido2#93, nitrokey-fido2-firmware#73, libfido2#40)',
  },
  'non-boolean-option': {
    does: 'getInfo options hold a number besides booleans',
    seen: 'keys with a defaultCredProtect option (handled in Chromium device/fido)',
  },
  'vendor-commands-beyond-double': {
    does: 'getInfo lists vendor prototype commands above 2^53',
    seen: 'any key that uses field 0x15, which is uint64 by CTAP 2.1 §6.4',
  },
  'fields-of-tomorrow': {
    does: 'getInfo has members, and an option, that no specification names yet',
    seen: 'keys newer than their client: fields 0x17 to 0x1F came with CTAP 2.2 and 2.3 (CTAP 2.3 §6.4 has platforms ignore others)',
  },
  'pin-invalid-while-change-forced': {
    does: 'says 0x31 PIN_INVALID, not 0x37, to the right PIN while forcePINChange is set',
    seen: 'OpenSK, pico-fido (libwebauthn#256)',
  },
  'counts-down-while-blocked': {
    does: 'takes a try for every PIN given after 0x34, even the right one',
    seen: 'pico-fido 6',
  },
  'keeps-key-agreement': {
    does: 'keeps its key agreement key after a wrong PIN',
    seen: 'CanoKey',
  },
  'no-power-cycle-state': {
    does: 'leaves powerCycleState out of getPINRetries',
    seen: 'CanoKey',
  },
  'negative-retries-without-pin': {
    does: 'answers getPINRetries with a negative number while no PIN is set',
    seen: 'CanoKey',
  },
  'ignores-cancel': {
    does: 'goes on waiting for the touch after CTAPHID_CANCEL',
    seen: 'early Solo 2 and Nitrokey 3 firmware (fido-authenticator#13, teleport#16575)',
  },
  'answers-any-channel': {
    does: 'answers on channels it never gave out',
    seen: 'CanoKey, pico-fido',
  },
  'counts-pin-bytes': {
    does: 'measures the minimum PIN length in bytes instead of code points',
    seen: 'CanoKey',
  },
  'refuses-large-user': {
    does: 'answers vendor status 0xF1 to a user name or display name above 64 bytes',
    seen: 'Titan Security Key v2 (systemd#43212, webauthn-interop#26)',
  },
  'refuses-descriptor-extras': {
    does: 'answers 0x12 to credential descriptors with members besides id and type',
    seen: 'HyperFIDO (flynn/u2f#14)',
  },
  'wants-user-name': {
    does: 'answers 0x14 to makeCredential without user.name',
    seen: 'CTAP 2.0 keys (Chromium device/fido, authenticator-rs#231)',
  },
  'no-credentials-by-pin': {
    does: 'grants no mc or ga permission for a PIN (noMcGaPermissionsWithClientPin), status 0x40',
    seen: 'ATKey cards (Authnkey#56, libwebauthn#256)',
  },
  'forgets-token-after-probe': {
    does: 'drops the PIN token after a getAssertion with up:false',
    seen: 'FIDO2Applet#34',
  },
  'late-reset-says-pin-blocked': {
    does: 'answers 0x34 instead of 0x30 to a late reset',
    seen: 'YubiKey firmware before 5.5 (yubikey-manager)',
  },
  'set-pin-again-not-allowed': {
    does: 'answers 0x30, not 0x33, to setPIN while a PIN is set',
    seen: 'pico-fido 6',
  },
  'touch-test-says-auth-invalid': {
    does: 'answers 0x33 to the touch test with an empty pinUvAuthParam, PIN or no PIN',
    seen: 'pico-fido 6',
  },
  'unknown-sub-command-succeeds': {
    does: 'answers 0x00 and nothing more to clientPIN sub-commands it does not know',
    seen: 'CanoKey',
  },
  'names-no-single-credential': {
    does: 'leaves the credential out of an assertion when the allow list had one entry',
    seen: 'allowed by CTAP 2.0 §5.2 and kept by CTAP 2.3 §6.2.2',
  },
  'wants-token-for-config': {
    does: 'wants a PIN token for authenticatorConfig although no PIN is set',
    seen: 'pico-fido 6; OpenSK takes the command without',
  },
  'forgets-enterprise-attestation': {
    does: 'answers 0x00 to enableEnterpriseAttestation and stays without',
    seen: 'pico-fido 6',
  },
  'lists-sites-without-hash': {
    does: 'leaves rpIDHash out when it lists sites',
    seen: 'keys with the preview of credential management (keyroost guards against it)',
  },
  'no-reset-window': {
    does: 'accepts reset at any time after power-up',
    seen: 'pico-fido 6',
  },
  'reset-blocked': {
    does: 'refuses every reset with 0x30, because another of its applications shares the PIN',
    seen: 'YubiKey Bio, Multi-protocol edition (yubikey-manager, reset_blocked)',
  },
  'chokes-on-ctap2': {
    does: 'says that it speaks CTAP 2 and answers nothing any more once it is asked to, until it is plugged in again',
    seen: 'U2F Zero, Nitrokey FIDO U2F (Chromium, kForceU2fCompatibilitySet)',
  },
  'wants-uv-for-hmac-secret': {
    does: 'answers 0x33 to hmac-secret under PIN/UV protocol two when nobody was verified',
    seen: 'Token2 T2F2, older firmware (python-fido2#192)',
  },
  'leaves-after-reset': {
    does: 'drops off the bus after a reset and comes back as a new device',
    seen: 'several keys, noted in yubikey-manager and keyroost',
  },
  'empty-map-answers': {
    does: 'answers commands without a result with an empty map after the status',
    seen: 'keys that Chromium accepts beside YubiKeys, which send the status alone',
  },
  'short-pin-token': {
    does: 'gives a 16-byte PIN token under protocol one',
    seen: 'CTAP 2.0 keys; CTAP 2.0 §5.5.4 allows any multiple of 16',
  },
} as const satisfies Record<string, QuirkRecord>;

export type KeyQuirk = keyof typeof KEY_QUIRKS;
