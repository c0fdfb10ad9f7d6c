// The printed card: drawn out of sight, made into a file, gone.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startShellDesk, type ShellDesk } from '../support/shell-desk.ts';
import { cardPicture } from '../support/shell-pictures.ts';

let desk: ShellDesk;
beforeAll(async () => {
  desk = await startShellDesk();
});
afterAll(() => desk.close());

const pages = () =>
  desk.app.evaluate(({ webContents }) =>
    webContents
      .getAllWebContents()
      .map((contents) => contents.getURL())
      .toSorted(),
  );

it('becomes a PDF, and its page is gone afterwards', async () => {
  const file = await desk.host(async ({ shell }, card) => {
    const bytes = await shell.print.printToPdf(card);
    return { head: new TextDecoder('latin1').decode(bytes.slice(0, 5)), length: bytes.length };
  }, cardPicture);
  expect(file.head).toBe('%PDF-');
  expect(file.length).toBeGreaterThan(1000);
  await desk.until('the card page to go', async () => !(await pages()).includes('app://card/'));
});

it('says so when there is no printer', async () => {
  const printers = await desk.app.evaluate(({ webContents }) => webContents.getAllWebContents()[0]?.getPrintersAsync());
  // On a machine with printers a test must not use paper.
  if (printers?.length !== 0) return;
  expect(await desk.host(({ shell }, card) => shell.print.print(card), cardPicture)).toEqual({
    ok: false,
    reason: { code: 'desk.noPrinter' },
  });
});

it('can be forgotten half-way', async () => {
  const outcome = await desk.host(async ({ shell }, card) => {
    const drawing = shell.print.printToPdf(card).then(
      () => 'made',
      () => 'dropped',
    );
    shell.print.forget();
    return drawing;
  }, cardPicture);
  expect(outcome).toBe('dropped');
  await desk.until('the card page to go', async () => !(await pages()).includes('app://card/'));
});
