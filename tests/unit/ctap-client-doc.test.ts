// docs/ctap-client.md against the code: its example is the one that runs here, its times and errors are the real ones.
import { readFile } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import { STANDARD_TIMING } from '../../main/fido/hid/channel.ts';
import { KEY_KINDS } from '../../main/simulator/key/key-kinds.ts';
import { inProject } from '../../scripts/set-up/places.mjs';
import { setUpKey } from '../support/ctap-client-example.ts';
import { keyBench } from '../support/key-bench.ts';

const text = (path: string): Promise<string> => readFile(inProject(path), 'utf8');
const doc = await text('docs/ctap-client.md');

describe('the example of docs/ctap-client.md', () => {
  test('is the one in tests/support', async () => {
    const [, example = ''] = doc.split('```ts\n');
    expect(example.split('```')[0]).toBe(await text('tests/support/ctap-client-example.ts'));
  });

  test.each([
    ['modern', '271828', 'made, by algorithm -7'],
    ['modern', '12', 'PIN not set: pinRefused'],
    ['u2fOnly', '271828', 'too old: U2F only'],
  ] as const)('on a key of kind %s with PIN %s: %s', async (kind, pin, outcome) => {
    const told = vi.spyOn(console, 'info').mockReturnValue();
    const { clock, surroundings, link, key } = await keyBench(KEY_KINDS[kind]);
    key.autoTouch(50);
    expect(await clock.runUntil(setUpKey(link, surroundings, pin))).toBe(outcome);
    expect(told).toHaveBeenCalledTimes(outcome.startsWith('made') ? 1 : 0);
    told.mockRestore();
  });
});

test('the times in docs/ctap-client.md are those of the channel', () => {
  const [, section = ''] = doc.split('\n## Time\n');
  const numbers = section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .flatMap((row) => [...(row.split(' | ')[1] ?? '').matchAll(/[\d,]+\d/gu)].map(([number]) => Number(number.replace(',', ''))));
  const { responseTimeoutMs, transactionLimitMs, cancelTimeoutMs, busyRetryLimitMs, busyRetryDelayMs, drainMs } = STANDARD_TIMING;
  expect(numbers).toEqual([responseTimeoutMs, transactionLimitMs, cancelTimeoutMs, busyRetryLimitMs, busyRetryDelayMs, drainMs]);
});
