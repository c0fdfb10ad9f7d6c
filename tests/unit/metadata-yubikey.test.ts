// The vendor command, byte for byte, against a key that is written by hand.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CtapHidChannel } from '../../main/fido/hid/channel.ts';
import { KeyNotAnswering } from '../../main/fido/hid/errors.ts';
import { isYubikeyWithoutFido, keyQuirkRows, keyQuirks } from '../../main/fido/metadata/key-quirks.ts';
import { readYubikeyDevice, type YubikeyDevice } from '../../main/fido/metadata/yubikey-device.ts';
import { ScriptedLink } from '../support/fido-scripted-link.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { seededRandomBytes } from '../support/seeded-random.ts';

const INIT = 0x06;
const ERROR = 0x3f;
const YUBICO = { vendorId: 0x1050 };
const CHANNEL = 0x0a0b0c0d;

type Page = readonly (readonly [tag: number, ...value: number[]])[];
const pageOf = (page: Page): number[] => {
  const fields = page.flatMap(([tag, ...value]) => [tag, value.length, ...value]);
  return [fields.length, ...fields];
};

interface Stand {
  readonly device: YubikeyDevice | null;
  /** What was asked after INIT. */
  readonly asked: readonly string[];
}

async function read(
  answers: readonly (readonly number[] | 'refused')[],
  {
    version = [5, 7, 1],
    usb = YUBICO,
  }: { readonly version?: readonly number[]; readonly usb?: { readonly vendorId: number } } = {},
): Promise<Stand> {
  const asked: string[] = [];
  const link = new ScriptedLink(({ command, message }, from) => {
    if (command === INIT) {
      from.answer(0xffffffff, INIT, Uint8Array.of(...message, 0x0a, 0x0b, 0x0c, 0x0d, 2, ...version, 0x05));
      return;
    }
    const answer = answers[asked.length];
    asked.push(`${command.toString(16)} ${Buffer.from(message).toString('hex')}`);
    if (answer === 'refused') from.answer(CHANNEL, ERROR, Uint8Array.of(0x01));
    else from.answer(CHANNEL, command, Uint8Array.from(answer ?? []));
  });
  const surroundings = { clock: new ManualClock(), randomBytes: seededRandomBytes('yubikey') };
  const signal = new AbortController().signal;
  const channel = await CtapHidChannel.open(link, surroundings, { signal });
  const device = await readYubikeyDevice(channel, usb, { signal });
  return { device, asked };
}

const five: Page = [
  [0x01, 0x02, 0x3f],
  [0x03, 0x02, 0x03],
  [0x02, 0x01, 0x02, 0x03, 0x04],
  [0x04, 0x03],
  [0x05, 5, 7, 1],
  [0x0a, 0],
  [0x16, 1],
  [0x18, 0, 0],
];

describe('a YubiKey tells', () => {
  test('serial, firmware, form and what is switched on', async () => {
    const { device, asked } = await read([pageOf(five)]);
    expect(asked).toEqual(['42 00']);
    expect(device).toEqual({
      serial: 0x01020304,
      firmware: '5.7.1',
      form: 'keychain',
      plug: 'usb-c',
      isSecurityKey: false,
      isFips: false,
      partNumber: null,
      supportedOverUsb: ['otp', 'u2f', 'openPgp', 'piv', 'oath', 'fido2'],
      enabledOverUsb: ['otp', 'u2f', 'fido2'],
      resetBlocked: [],
      pinComplexity: true,
      isLocked: false,
    });
  });

  test('the rest on further pages, while it says that there is more', async () => {
    const { device, asked } = await read([
      pageOf([...five, [0x10, 1]]),
      pageOf([
        [0x13, ...Buffer.from('5080100000125')],
        [0x10, 0],
      ]),
    ]);
    expect(asked).toEqual(['42 00', '42 01']);
    expect(device).toMatchObject({ serial: 0x01020304, partNumber: '5080100000125' });
  });

  test('in the Security Key series no serial; in FIPS and Bio keys what they are', async () => {
    expect(
      (
        await read([
          pageOf([
            [0x01, 0x02, 0x02],
            [0x04, 0x41],
          ]),
        ])
      ).device,
    ).toMatchObject({
      serial: null,
      form: 'keychain',
      plug: 'usb-a',
      isSecurityKey: true,
      isFips: false,
      firmware: '5.7.1',
      pinComplexity: null,
      enabledOverUsb: null,
    });
    expect(
      (
        await read([
          pageOf([
            [0x04, 0x87],
            [0x18, 0x02, 0x00],
            [0x0a, 1],
          ]),
        ])
      ).device,
    ).toMatchObject({
      form: 'bio',
      plug: 'usb-c',
      isFips: true,
      resetBlocked: ['fido2'],
      isLocked: true,
    });
    expect((await read([pageOf([[0x04, 0x0e]])])).device).toMatchObject({ form: null, plug: null });
  });

  test('in the 4 series what is switched on wrongly, so that it is not believed', async () => {
    const { device } = await read(
      [
        pageOf([
          [0x01, 0x3f],
          [0x03, 0x3f],
          [0x05, 4, 2, 4],
        ]),
      ],
      { version: [4, 2, 4] },
    );
    expect(device).toMatchObject({ firmware: '4.2.4', supportedOverUsb: null, enabledOverUsb: null });
  });
});

describe('nothing is sent', () => {
  test('to keys of other vendors, even where they would answer', async () => {
    expect(await read([pageOf(five)], { usb: { vendorId: 0x2e8a } })).toEqual({ device: null, asked: [] });
  });

  test.each([[[3, 4, 0]], [[4, 0, 9]]])('to firmware %j, which does not know the question', async (version) => {
    expect(await read([pageOf(five)], { version })).toEqual({ device: null, asked: [] });
  });
});

describe('what is not needed never stands in the way', () => {
  test('a key that refuses tells nothing', async () => {
    expect((await read(['refused'])).device).toBeNull();
    expect((await read([pageOf([...five, [0x10, 1]]), 'refused'])).device).toBeNull();
  });

  test.each<[string, number[]]>([
    ['nothing at all', []],
    ['a length that is wrong', [9, 0x04, 1, 3]],
    ['a field cut short', [2, 0x04, 3]],
    ['a field without a length', [1, 0x04]],
  ])('%s is not read', async (_what, answer) => {
    expect((await read([answer])).device).toBeNull();
  });

  test('a key that never says "that was all" is asked eight times and no more', async () => {
    const { device, asked } = await read(Array.from({ length: 20 }, () => pageOf([[0x10, 1]])));
    expect(device).toBeNull();
    expect(asked).toEqual(Array.from({ length: 8 }, (_, page) => `42 0${page}`));
  });

  test('no answer of any kind makes it stumble', async () => {
    const signal = new AbortController().signal;
    const told = fc.array(fc.uint8Array({ maxLength: 80 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(told, async (answers) => {
        const framed = answers.map((answer) => Uint8Array.of(answer.length, ...answer));
        let asked = 0;
        const channel = {
          device: { version: { major: 5, minor: 4, build: 3 } },
          transact: () => Promise.resolve(framed[asked++ % framed.length] ?? new Uint8Array(0)),
        };
        const device = await readYubikeyDevice(channel, YUBICO, { signal });
        expect(asked).toBeLessThanOrEqual(8);
        if (device !== null) expect(device.serial ?? 1).toBeGreaterThan(0);
      }),
    );
  });

  test('a part number is text, or it is none', async () => {
    expect((await read([pageOf([[0x13, 0x1b, 0x5b, 0x41]])])).device?.partNumber).toBeNull();
  });

  test('a key that falls silent is reported as such', async () => {
    const silent = {
      device: { version: { major: 5, minor: 7, build: 1 } },
      transact: () => Promise.reject(new KeyNotAnswering('silent', 0x42, 3000)),
    };
    await expect(readYubikeyDevice(silent, YUBICO, { signal: new AbortController().signal })).rejects.toThrow(KeyNotAnswering);
  });
});

describe('quirks', () => {
  const quirks = (vendorId: number, productId: number, [major, minor]: readonly [number, number] = [1, 0]) =>
    keyQuirks({ vendorId, productId, version: { major, minor } });
  const standard = { neverAskInfo: false, resetWindowMs: 10_000, sharedSerial: false };

  test('a model that is not listed keeps to the standard', () => {
    expect(quirks(0x349e, 0x0010)).toEqual(standard);
  });

  test.each([
    [0x10c4, 0x8acf],
    [0x20a0, 0x4287],
  ])('%i:%i is never asked for getInfo', (vendorId, productId) => {
    expect(quirks(vendorId, productId)).toEqual({ ...standard, neverAskInfo: true });
    expect(quirks(vendorId, productId + 1)).toEqual(standard);
  });

  test('YubiKeys take a reset for five seconds, from firmware 5.5 on for ten', () => {
    for (const version of [
      [4, 3],
      [5, 0],
      [5, 4],
    ] as const)
      expect(quirks(0x1050, 0x0407, version).resetWindowMs).toBe(5_000);
    for (const version of [
      [5, 5],
      [5, 7],
      [6, 0],
    ] as const)
      expect(quirks(0x1050, 0x0407, version).resetWindowMs).toBe(10_000);
  });

  test('a serial that all keys of a model share is known as one', () => {
    expect(quirks(0x1d50, 0x60fc).sharedSerial).toBe(true);
  });

  test('YubiKeys whose FIDO side is switched off are told by their product number', () => {
    const off = [0x0401, 0x0402, 0x0403, 0x0404, 0x0405, 0x0406, 0x0407].filter((productId) =>
      isYubikeyWithoutFido({ vendorId: 0x1050, productId }),
    );
    expect(off).toEqual([0x0401, 0x0404, 0x0405]);
    expect(isYubikeyWithoutFido({ vendorId: 0x1051, productId: 0x0401 })).toBe(false);
  });

  test('every row says where it was read', () => {
    for (const { models, source } of keyQuirkRows) {
      expect(source.address, models).toMatch(/^https:\/\//);
      expect(source.dated, models).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });
});
