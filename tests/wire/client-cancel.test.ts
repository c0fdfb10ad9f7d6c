// Giving up: by the person, by a deadline, by pulling the key out at every single report of a registration.
import { describe, expect, test } from 'vitest';
import { PacketLinkClosed } from '../../main/fido/hid/packet-link.ts';
import { withQuirks } from '../../main/simulator/key/key-model.ts';
import { CTAP20_KEY, MODERN_KEY, TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { keyBench } from '../support/key-bench.ts';
import { assertAll, checkMade, checkProof, make, openClient, pinBytes, valueOf } from '../support/key-client.ts';
import { HID, RawHost } from '../support/raw-host.ts';

describe('cancelling while the key waits for a touch', () => {
  test.each([
    ['a good key', MODERN_KEY],
    ['a key that ignores CANCEL', withQuirks(MODERN_KEY, 'ignores-cancel')],
  ])('%s lets go within two seconds, makes nothing, and goes on', async (_, model) => {
    const bench = await keyBench({ model, memory: { pin: TRAINING_PIN } });
    const giveUp = new AbortController();
    const client = await openClient(bench, bench.link);
    const unblink = bench.key.onAwaitingTouch((awaiting) => {
      if (awaiting) giveUp.abort(new Error('the person went back'));
    });
    const startedMs = bench.clock.nowMs();
    await expect(make({ ...client, call: { signal: giveUp.signal } }, TRAINING_PIN)).rejects.toThrow('the person went back');
    expect(bench.clock.nowMs() - startedMs).toBeLessThan(2_000);
    unblink();
    expect(bench.key.awaitingTouch).toBe(false);
    expect(bench.key.inspection.credentialIds).toHaveLength(0);
    bench.key.autoTouch(10);
    checkMade(valueOf(await make(client, TRAINING_PIN)));
    await client.run(client.channel.close());
    expect(bench.clock.pendingWaits).toBe(0);
  });

  test('a touch that wins the race is taken', async () => {
    const bench = await keyBench({ model: MODERN_KEY, memory: { pin: TRAINING_PIN } });
    const giveUp = new AbortController();
    const client = await openClient(bench, bench.link);
    bench.key.onAwaitingTouch((awaiting) => {
      if (!awaiting) return;
      bench.key.touch();
      giveUp.abort(new Error('too late'));
    });
    const outcome = await make({ ...client, call: { signal: giveUp.signal } }, TRAINING_PIN).catch((error: Error) => error);
    expect(bench.key.inspection.credentialIds).toHaveLength(1);
    expect(outcome).toMatchObject({ ok: true });
  });

  test('closing the channel does it too', async () => {
    const bench = await keyBench({ model: MODERN_KEY, memory: { pin: TRAINING_PIN } });
    const client = await openClient(bench, bench.link);
    const making = make(client, TRAINING_PIN).catch((error: Error) => error);
    await bench.clock.advance(500);
    expect(bench.key.awaitingTouch).toBe(true);
    await client.run(client.channel.close());
    expect(await making).toMatchObject({ name: 'ChannelClosed' });
    expect(bench.key.awaitingTouch).toBe(false);
    expect(bench.clock.pendingWaits).toBe(0);
  });

  test('nobody touches: a refusal as a value, and the next touch works', async () => {
    const bench = await keyBench({ model: MODERN_KEY, memory: { pin: TRAINING_PIN } });
    const client = await openClient(bench, bench.link);
    expect(await make(client, TRAINING_PIN)).toEqual({ ok: false, refusal: { kind: 'touchTimeout' } });
    bench.key.autoTouch(10);
    checkMade(valueOf(await make(client, TRAINING_PIN)));
  });
});

describe('another program on the same key', () => {
  test('its traffic is skipped, and its transaction only delays ours', async () => {
    const bench = await keyBench({ model: MODERN_KEY, memory: { pin: TRAINING_PIN } });
    bench.key.autoTouch(600);
    const client = await openClient(bench, bench.link);
    const other = new RawHost(await bench.usb.open(bench.path), bench.clock);
    await other.init();
    await other.sendCbor(0x0b); // blinks for the other program until the touch after 600 ms
    const { checked } = checkMade(valueOf(await make(client, TRAINING_PIN)));
    await other.send(HID.ping, Uint8Array.of(1, 2, 3));
    const [assertion] = valueOf(await assertAll(client, TRAINING_PIN));
    expect(checkProof(assertion, checked)).toBe(1);
  });
});

describe('pulling the key out at every report', () => {
  async function story(model: typeof MODERN_KEY, reports: number) {
    const bench = await keyBench({ model, memory: {} });
    bench.key.autoTouch(250);
    let passed = 0;
    const count = bench.link.write.bind(bench.link);
    bench.usb.unplugAfterReports(bench.key, reports);
    const link = {
      reportBytes: bench.link.reportBytes,
      write: (report: Uint8Array) => {
        passed += 1;
        return count(report);
      },
      read: async (signal: AbortSignal) => {
        const report = await bench.link.read(signal);
        passed += 1;
        return report;
      },
      close: () => bench.link.close(),
    };
    const ending = await (async () => {
      const client = await openClient(bench, link);
      valueOf(await client.run(client.key.setPin(pinBytes(TRAINING_PIN), client.call)));
      const made = valueOf(await make(client, TRAINING_PIN));
      const { checked } = checkMade(made);
      const [assertion] = valueOf(await assertAll(client, TRAINING_PIN));
      checkProof(assertion, checked);
      await client.run(client.channel.close());
      return 'done' as const;
    })().catch((error: Error) => error);
    return { bench, ending, passed };
  }

  test.each([
    ['modern', MODERN_KEY],
    ['ctap20', CTAP20_KEY],
  ])(
    'of a whole journey on a %s key: always PacketLinkClosed, never a wait left, and afterwards the key works',
    async (_, model) => {
      const whole = await story(model, Infinity);
      expect(whole.ending).toBe('done');
      expect(whole.passed).toBeGreaterThan(40);
      for (let reports = 0; reports < whole.passed; reports += 1) {
        const { bench, ending } = await story(model, reports);
        expect(ending, `after ${reports} reports`).toBeInstanceOf(PacketLinkClosed);
        expect(bench.clock.pendingWaits, `after ${reports} reports`).toBe(0);
        const again = await openClient(bench, await bench.usb.open(bench.usb.plug(bench.key).path));
        if (!bench.key.inspection.isPinSet) valueOf(await again.run(again.key.setPin(pinBytes(TRAINING_PIN), again.call)));
        checkMade(valueOf(await make(again, TRAINING_PIN)));
        expect(bench.key.inspection.credentialIds, `after ${reports} reports`).toHaveLength(1);
      }
    },
    60_000,
  );
});
