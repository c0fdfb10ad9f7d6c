import { describe, expect, test } from 'vitest';
import { PacketLinkClosed } from '../../main/fido/hid/packet-link.ts';
import type { MalformedCbor, PlannedFault } from '../../main/simulator/key/key-fault-plan.ts';
import { KEY_QUIRKS } from '../../main/simulator/key/key-quirks.ts';
import { TRAINING_KEYS } from '../../main/simulator/key/training-keys.ts';
import { keyBench } from '../support/key-bench.ts';
import { HID, RawHost } from '../support/raw-host.ts';

const GET_INFO = 0x04;

async function bench(...faults: readonly PlannedFault[]) {
  const parts = await keyBench(TRAINING_KEYS.modern);
  const host = new RawHost(parts.link, parts.clock);
  await host.init();
  parts.key.faults.plan(...faults);
  return { ...parts, host };
}

/** Sends getInfo and collects the raw reports that come within 2 s. */
async function rawAnswer({ host, link, clock }: Awaited<ReturnType<typeof bench>>): Promise<Uint8Array[]> {
  await host.sendCbor(GET_INFO);
  const reports: Uint8Array[] = [];
  const stop = new AbortController();
  const reading = (async () => {
    for (;;) reports.push(await link.read(stop.signal));
  })().catch(() => undefined);
  await clock.advance(2_000);
  stop.abort(new Error('enough'));
  await reading;
  return reports;
}

async function goodAnswer(): Promise<Uint8Array[]> {
  return rawAnswer(await bench());
}

describe('faults in the reports', () => {
  test('a dropped report is missing, a repeated one is there twice', async () => {
    const good = await goodAnswer();
    expect(good.length).toBeGreaterThan(3);
    const dropped = await rawAnswer(await bench({ fault: { kind: 'drop-report', index: 2 } }));
    expect(dropped).toEqual(good.filter((_, index) => index !== 2));
    const repeated = await rawAnswer(await bench({ fault: { kind: 'repeat-report', index: 1 } }));
    expect(repeated).toEqual([good[0], good[1], good[1], ...good.slice(2)]);
  });

  test('a foreign frame comes in the middle and nothing else changes', async () => {
    const good = await goodAnswer();
    const spoiled = await rawAnswer(await bench({ fault: { kind: 'foreign-frame', index: 2 } }));
    expect(spoiled.filter((_, index) => index !== 2)).toEqual(good);
    expect(Buffer.from(spoiled[2] ?? []).readUInt32BE(0)).toBe(0x5a5a5a5a);
  });

  test('sequence, length, channel, command and size can each be wrong', async () => {
    const good = await goodAnswer();
    const [sequence, length, channel, command, short] = await Promise.all(
      (
        [
          { kind: 'wrong-sequence', index: 1 },
          { kind: 'claimed-length', bytes: 65_535 },
          { kind: 'wrong-channel' },
          { kind: 'wrong-command' },
          { kind: 'short-report', index: 0, bytes: 20 },
        ] as const
      ).map(async (fault) => rawAnswer(await bench({ fault }))),
    );
    expect([good[1]?.[4], sequence?.[1]?.[4]]).toEqual([0, 1]);
    expect(Buffer.from(length?.[0] ?? []).readUInt16BE(5)).toBe(65_535);
    expect(channel?.every((report, index) => report[0] !== good[index]?.[0])).toBe(true);
    expect([good[0]?.[4], command?.[0]?.[4]]).toEqual([0x90, 0x81]);
    expect(short?.[0]).toHaveLength(20);
  });

  test('a delay holds the rest back for that long', async () => {
    const parts = await bench({ fault: { kind: 'delay', index: 1, delayMs: 700 } });
    const startedMs = parts.clock.nowMs();
    expect(await parts.host.cbor(GET_INFO)).toMatchObject({ status: 0 });
    expect(parts.clock.nowMs() - startedMs).toBe(700);
  });

  test('a wrong nonce in the INIT answer', async () => {
    const { host } = await bench({ on: { hidCommand: HID.init }, fault: { kind: 'wrong-nonce' } });
    await expect(host.init()).rejects.toThrow('nonce');
  });
});

describe('faults in the answer', () => {
  test('another status, edited bytes, a HID error', async () => {
    const { host } = await bench(
      { fault: { kind: 'status', status: 0x7f } },
      { skip: 1, fault: { kind: 'answer', edit: () => Uint8Array.of(0, 0xa1, 0x01, 0x02) } },
      { skip: 2, fault: { kind: 'hid-error', code: 0x06 } },
    );
    expect(await host.cbor(GET_INFO)).toMatchObject({ status: 0x7f });
    expect((await host.cbor(GET_INFO)).map).toEqual(new Map([[1, 2]]));
    await expect(host.cbor(GET_INFO)).rejects.toThrow('0x6');
    expect((await host.cbor(GET_INFO)).map.size).toBeGreaterThan(10);
  });

  const malformations: readonly MalformedCbor[] = [
    'truncated',
    'trailing-bytes',
    'duplicate-key',
    'indefinite-length',
    'depth-bomb',
    'huge-length',
    'huge-count',
    'float',
    'tag',
    'not-a-map',
    'wrong-types',
    'nothing',
  ];
  test.each(malformations)('malformed CBOR: %s differs from the good answer', async (how) => {
    const good = await goodAnswer();
    const spoiled = await rawAnswer(await bench({ fault: { kind: 'malformed-cbor', how } }));
    expect(spoiled).not.toEqual(good);
    expect(spoiled[0]?.[7]).toBe(0);
  });
});

describe('no answer', () => {
  test('silence: nothing comes, the next request is answered', async () => {
    const { host } = await bench({ fault: { kind: 'silent' } });
    await host.sendCbor(GET_INFO);
    expect(await host.isSilentFor(10_000)).toBe(true);
    expect(await host.cbor(GET_INFO)).toMatchObject({ status: 0 });
  });

  test('keep-alives for ever: CANCEL does not help, INIT does', async () => {
    const { host } = await bench({ fault: { kind: 'endless-keepalive', status: 9 } });
    await host.sendCbor(GET_INFO);
    for (let count = 0; count < 20; count += 1) {
      expect(await host.nextMessage()).toMatchObject({ command: HID.keepalive, payload: Uint8Array.of(9) });
    }
    await host.send(HID.cancel, new Uint8Array(0));
    expect(await host.nextMessage()).toMatchObject({ command: HID.keepalive });
    await host.send(HID.init, new Uint8Array(8));
    expect(await host.nextMessage()).toMatchObject({ command: HID.init });
    expect(await host.isSilentFor(1_000)).toBe(true);
  });
});

describe('pulled out', () => {
  test.each([
    ['as the request arrives', { kind: 'unplug-at-request' }],
    ['when it starts to blink', { kind: 'unplug-at-touch' }],
    ['before the answer', { kind: 'unplug-in-answer', index: 0 }],
  ] as const)('%s', async (_, fault) => {
    const { host, key } = await bench({ on: { ctapCommand: 0x0b }, fault });
    key.autoTouch(200);
    await expect(host.cbor(0x0b)).rejects.toBeInstanceOf(PacketLinkClosed);
    expect(key.isPowered).toBe(false);
  });

  test('in the middle of an answer', async () => {
    const { host, key } = await bench({ fault: { kind: 'unplug-in-answer', index: 2 } });
    await expect(host.cbor(GET_INFO)).rejects.toBeInstanceOf(PacketLinkClosed);
    expect(key.isPowered).toBe(false);
  });
});

test('faults wait for their command and sub-command, skip, repeat, and are used up', async () => {
  const { host, key } = await bench({
    on: { ctapCommand: 0x06, subCommand: 0x01 },
    skip: 1,
    times: 2,
    fault: { kind: 'status', status: 0x7f },
  });
  const ask = async (sub: number) =>
    (
      await host.cbor(
        0x06,
        new Map([
          [1, 1],
          [2, sub],
        ]),
      )
    ).status;
  expect(await host.cbor(GET_INFO)).toMatchObject({ status: 0 });
  expect([await ask(2), await ask(1), await ask(2)]).toEqual([0, 0, 0]);
  expect(key.faults.waiting).toBe(1);
  expect([await ask(1), await ask(1), await ask(1)]).toEqual([0x7f, 0x7f, 0]);
  expect(key.faults.waiting).toBe(0);
});

test('every quirk says what it does and where it was seen', () => {
  for (const [name, { does, seen }] of Object.entries(KEY_QUIRKS)) {
    expect(name).toMatch(/^[a-z]+(-[a-z0-9]+)*$/u);
    expect(does.length).toBeGreaterThan(20);
    expect(seen.length).toBeGreaterThan(5);
  }
});
