// One seed, one key: the same requests bring the same bytes, whoever asks and whenever.
import { expect, test } from 'vitest';
import { KEY_KINDS, type KeyKindName } from '../../main/simulator/key/key-kinds.ts';
import { trainingAttestation } from '../../main/simulator/key/training-attestation.ts';
import { createVirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { VirtualUsb } from '../../main/simulator/key/virtual-usb.ts';
import { creation, requestOf } from '../support/managed-key.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { canonical, HID, RawHost } from '../support/raw-host.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';

const RP = 'login.example';
const HASH = new Uint8Array(32).fill(0xcd);
const SIGN = 0x03;

/** Every byte the key says in one fixed conversation, certificates made new each time. */
async function conversation(name: KeyKindName, seed: string): Promise<string> {
  const { model, memory } = KEY_KINDS[name];
  const clock = new ManualClock();
  const randomBytes = seededRandomBytes(seed);
  const attestation = await trainingAttestation({ randomBytes });
  const key = await createVirtualKey(model, { clock, randomBytes }, { attestation, memory });
  key.autoTouch(10);
  const usb = new VirtualUsb(clock);
  const link = await usb.open(usb.plug(key).path);
  const host = new RawHost(link, clock);
  const heard: string[] = [];
  const hear = (label: string, bytes: Uint8Array) => heard.push(`${label} ${Buffer.from(bytes).toString('hex')}`);
  const ask = async (command: number, payload: Uint8Array) => {
    await host.send(command, payload);
    let message = await host.nextMessage();
    while (message.command === HID.keepalive) message = await host.nextMessage();
    hear(String(command), message.payload);
    return message.payload;
  };
  hear('init', await host.init());
  if (model.ctap2 !== undefined) {
    await ask(HID.cbor, Uint8Array.of(0x04));
    await ask(HID.cbor, bytesOf(0x06, requestOf([1, 1], [2, 2])));
    for (const alg of [-7, -8]) {
      const algorithms = [
        new Map<string, unknown>([
          ['alg', alg],
          ['type', 'public-key'],
        ]),
      ];
      await ask(
        HID.cbor,
        bytesOf(
          0x01,
          creation(RP, [
            [4, algorithms],
            [6, { 'hmac-secret': true }],
            [7, { rk: true }],
          ]),
        ),
      );
    }
    await ask(HID.cbor, bytesOf(0x02, requestOf([1, RP], [2, HASH])));
    await ask(HID.cbor, Uint8Array.of(0x08));
  }
  if (model.hid.u2f) {
    const data = new Uint8Array(64).fill(5);
    const register = Uint8Array.of(0, 1, 0, 0, 0, 0, 64, ...data, 0, 0);
    await ask(HID.msg, register);
    await clock.advance(100);
    const registered = await ask(HID.msg, register);
    const handle = registered.slice(67, 131);
    await ask(HID.msg, Uint8Array.of(0, 2, SIGN, 0, 0, 0, 129, ...data, 64, ...handle, 0, 0));
    await clock.advance(100);
    await ask(HID.msg, Uint8Array.of(0, 2, SIGN, 0, 0, 0, 129, ...data, 64, ...handle, 0, 0));
  }
  return heard.join('\n');
}

const bytesOf = (command: number, parameters: ReadonlyMap<number, unknown>) => Uint8Array.of(command, ...canonical(parameters));

test.each(Object.keys(KEY_KINDS) as KeyKindName[])('%s', async (name) => {
  const [first, second, other] = [
    await conversation(name, 'one'),
    await conversation(name, 'one'),
    await conversation(name, 'two'),
  ];
  expect(second).toBe(first);
  expect(other).not.toBe(first);
});
