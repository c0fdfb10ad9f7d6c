import { CtapHidChannel } from '../../main/fido/hid/channel.ts';
import type { PacketLink } from '../../main/fido/hid/packet-link.ts';
import { SecurityKey } from '../../main/fido/key/security-key.ts';
import type { Surroundings } from '../../main/fido/surroundings.ts';
import { encodeClientData, hashClientData } from '../../main/fido/webauthn/client-data.ts';
import { checkCreatedCredential } from '../../main/fido/webauthn/created-credential.ts';

/** Gives a new key its PIN and makes one credential on it; says what came of it in one line. */
export async function setUpKey(link: PacketLink, surroundings: Surroundings, pin: string): Promise<string> {
  const signal = AbortSignal.timeout(120_000); // for all of it; also any other signal
  const channel = await CtapHidChannel.open(link, surroundings, { signal });
  try {
    const key = new SecurityKey(channel, surroundings);
    const call = { signal, onProgress: (step: string) => void (step === 'touchNeeded' && console.info('Touch the key.')) };

    const description = await key.describe(call);
    if (description.kind === 'u2f') return 'too old: U2F only';

    const pinBytes = new TextEncoder().encode(pin.normalize('NFC'));
    if (description.pin.kind === 'none') {
      const set = await key.setPin(pinBytes, call);
      if (!set.ok) return `PIN not set: ${set.refusal.kind}`;
    }

    const clientData = encodeClientData({
      type: 'webauthn.create',
      challengeB64u: 'c2VydmVyLWNoYWxsZW5nZQ', // the server's, as it came
      origin: 'https://login.example',
      crossOrigin: false,
    });
    const made = await key.makeCredential(
      {
        clientDataHash: hashClientData(clientData),
        rp: { id: 'login.example', name: 'Example' },
        user: { id: Uint8Array.of(1, 2, 3), name: 'lina@login.example', displayName: 'Lina' },
        algorithms: [-7], // ES256
        excludeCredentialIds: [], // of any length
        hmacSecret: false,
        credProtect: null,
      },
      pinBytes,
      call,
    );
    pinBytes.fill(0);
    if (!made.ok) return `nothing made: ${made.refusal.kind}`;

    const expected = { rpId: 'login.example', aaguid: description.info.aaguid, algorithms: [-7] };
    const checked = checkCreatedCredential(made.value.authenticatorData, expected);
    return checked.ok ? `made, by algorithm ${checked.value.publicKey.alg}` : `not as asked: ${checked.failure.check}`;
  } finally {
    await channel.close(); // cancels what runs, waits for the key, closes the link
  }
}
