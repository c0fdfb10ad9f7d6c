// What the key bench times, through our client: the steps of a registration and its proof, and two sizes of PING.
import type { CtapHidChannel } from '../../main/fido/hid/channel.ts';
import { agreeOnSecret, getPinUvAuthTokenUsingPin, PIN_UV_PERMISSION } from '../../main/fido/ctap/client-pin.ts';
import { getAssertion } from '../../main/fido/ctap/get-assertion.ts';
import { getInfo } from '../../main/fido/ctap/get-info.ts';
import { makeCredential } from '../../main/fido/ctap/make-credential.ts';
import type { PinUvAuthToken } from '../../main/fido/ctap/pin-uv-protocol.ts';
import type { RandomBytes } from '../../main/fido/surroundings.ts';
import { TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';

export const STEPS = [
  'getInfo',
  'PIN token',
  'makeCredential',
  'getAssertion',
  'PING of 57 bytes',
  'PING of 1,024 bytes',
] as const;
export type Step = (typeof STEPS)[number];
/** What is said to the key in each step; a story is all of them in this order, as often as one likes. */
const RP_ID = 'bench.example';
const CLIENT_DATA_HASH = new Uint8Array(32).fill(0x5a);
const USER = { id: Uint8Array.of(1, 2, 3), name: 'bench@example', displayName: 'Bench' };
const BOTH = PIN_UV_PERMISSION.makeCredential | PIN_UV_PERMISSION.getAssertion;
const call = { signal: new AbortController().signal };

/** One key's story, as long as it is told. The person at the key is somebody else. */
export class KeyStory {
  readonly #channel: CtapHidChannel;
  readonly #randomBytes: RandomBytes;
  #token: PinUvAuthToken | undefined;
  #pings = 0;

  constructor(channel: CtapHidChannel, randomBytes: RandomBytes) {
    this.#channel = channel;
    this.#randomBytes = randomBytes;
  }

  /** What has to be said before a step and does not count: a token is good for one credential, so the proof needs another. */
  async prepare(step: Step): Promise<void> {
    if (step === 'getAssertion') await this.#fetchToken(PIN_UV_PERMISSION.getAssertion);
  }

  /** The step itself, without anything that a person would do. */
  async tell(step: Step): Promise<void> {
    switch (step) {
      case 'getInfo':
        await getInfo(this.#channel, call);
        return;
      case 'PIN token':
        return this.#fetchToken(BOTH);
      case 'makeCredential': {
        const request = { clientDataHash: CLIENT_DATA_HASH, rp: { id: RP_ID, name: 'Bench' }, user: USER, algorithms: [-7] };
        await makeCredential(this.#channel, { ...request, options: { rk: true }, pinUvAuth: this.#authority() }, call);
        return;
      }
      case 'getAssertion': {
        const request = { rpId: RP_ID, clientDataHash: CLIENT_DATA_HASH };
        await getAssertion(this.#channel, { ...request, pinUvAuth: this.#authority() }, call);
        return;
      }
      case 'PING of 57 bytes':
        return this.#ping(57);
      case 'PING of 1,024 bytes':
        return this.#ping(1_024);
      default:
        return step satisfies never;
    }
  }

  async #fetchToken(permissions: number): Promise<void> {
    const secret = await agreeOnSecret(this.#channel, { version: 2, randomBytes: this.#randomBytes }, call);
    const pin = new TextEncoder().encode(TRAINING_PIN);
    this.#token = await getPinUvAuthTokenUsingPin(this.#channel, secret, { pin, permissions, rpId: RP_ID }, call);
  }

  #authority() {
    if (this.#token === undefined) throw new Error('there is no token');
    return { param: this.#token.authenticate(CLIENT_DATA_HASH), protocol: 2 };
  }

  #ping(length: number): Promise<void> {
    this.#pings += 1;
    return this.#channel.ping(new Uint8Array(length).fill(this.#pings), call);
  }
}
