import { expect, test } from 'vitest';
import { NoticeRecord } from '../../main/conductor/notice-record.ts';
import type { JournalEvent } from '../../main/ports/journal.ts';
import type { DeskNotice } from '../../main/ports/notice.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { clockPortOf } from '../support/manual-clock-port.ts';

const blocked = (host: string): DeskNotice => ({ notice: 'page.blocked', what: 'navigation', host });

function desk() {
  const clock = new ManualClock();
  const written: JournalEvent[] = [];
  const record = new NoticeRecord(clockPortOf(clock), (body) => written.push(body));
  return { clock, written, record };
}

test('what the window refused is written as it was', () => {
  const { record, written } = desk();
  record.take(blocked('one.example'));
  record.take({ notice: 'door.refused', door: 'kiosk', because: 'tooLarge' });
  record.take({ notice: 'process.gone', process: 'GPU', reason: 'crashed' });
  expect(written).toEqual([
    { event: 'page.blocked', what: 'navigation', host: 'one.example' },
    { event: 'door.refused', door: 'kiosk', because: 'tooLarge' },
    { event: 'process.gone', process: 'GPU', reason: 'crashed' },
  ]);
});

test('a flood of one kind ends as a number, and leaves the others their room', async () => {
  const { clock, record, written } = desk();
  for (let count = 0; count < 1_000; count += 1) record.take(blocked(`host-${count}.example`));
  record.take({ notice: 'process.gone', process: 'GPU', reason: 'crashed' });
  expect(written).toHaveLength(21);
  await clock.advance(60_000);
  expect(written.slice(21)).toEqual([{ event: 'notices.more', of: 'page.blocked', count: 980 }]);

  // The next minute is a new one.
  record.take(blocked('later.example'));
  await clock.advance(60_000);
  expect(written.slice(22)).toEqual([{ event: 'page.blocked', what: 'navigation', host: 'later.example' }]);
});

test('a desk that ends writes what it has counted', async () => {
  const { clock, record, written } = desk();
  for (let count = 0; count < 25; count += 1) record.take(blocked('one.example'));
  record.close();
  expect(written.at(-1)).toEqual({ event: 'notices.more', of: 'page.blocked', count: 5 });
  const { length } = written;
  await clock.advance(120_000);
  expect(written).toHaveLength(length);
});
