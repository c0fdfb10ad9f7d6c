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
/** Milliseconds. */
export type StepTimes = Readonly<Record<Step, number>>;

export const PINGS = 20;
const RP_ID = 'bench.example';
const CLIENT_DATA_HASH = new Uint8Array(32).fill(0x5a);
const call = { signal: new AbortController().signal };

/** Runs every step once, PINGs several times; `around` is told each step and runs it. */
export async function tellStory(
  channel: CtapHidChannel,
  randomBytes: RandomBytes,
  around: (step: Step, work: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  await around('getInfo', () => getInfo(channel, call));
  let token: PinUvAuthToken | undefined;
  await around('PIN token', async () => {
    const secret = await agreeOnSecret(channel, { version: 2, randomBytes }, call);
    const permissions = PIN_UV_PERMISSION.makeCredential | PIN_UV_PERMISSION.getAssertion;
    const pin = new TextEncoder().encode(TRAINING_PIN);
    token = await getPinUvAuthTokenUsingPin(channel, secret, { pin, permissions, rpId: RP_ID }, call);
  });
  const authority = () => {
    if (token === undefined) throw new Error('there is no token');
    return { param: token.authenticate(CLIENT_DATA_HASH), protocol: 2 };
  };
  await around('makeCredential', () => {
    const user = { id: Uint8Array.of(1, 2, 3), name: 'bench@example', displayName: 'Bench' };
    const request = { clientDataHash: CLIENT_DATA_HASH, rp: { id: RP_ID, name: 'Bench' }, user, algorithms: [-7] };
    return makeCredential(channel, { ...request, options: { rk: true }, pinUvAuth: authority() }, call);
  });
  // A token is good for one credential; the one for the proof is not timed.
  const secret = await agreeOnSecret(channel, { version: 2, randomBytes }, call);
  const pin = new TextEncoder().encode(TRAINING_PIN);
  const permissions = PIN_UV_PERMISSION.getAssertion;
  token = await getPinUvAuthTokenUsingPin(channel, secret, { pin, permissions, rpId: RP_ID }, call);
  await around('getAssertion', () =>
    getAssertion(channel, { rpId: RP_ID, clientDataHash: CLIENT_DATA_HASH, pinUvAuth: authority() }, call),
  );
  for (const [step, length] of [
    ['PING of 57 bytes', 57],
    ['PING of 1,024 bytes', 1_024],
  ] as const) {
    await around(step, async () => {
      for (let count = 0; count < PINGS; count += 1) await channel.ping(new Uint8Array(length).fill(count), call);
    });
  }
}
