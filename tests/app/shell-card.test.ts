// What is printed: the card, and a page that is whole in itself. Drawn out of sight, made into a file, gone.
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

const sheet = (words: string) =>
  `<!doctype html><html><head><title>Sheet 4711</title><style>p{color:#000}</style></head><body><p>${words}</p></body></html>`;

it('a page that is whole in itself becomes a PDF without a script of it running or anything being fetched', async () => {
  const refused = await desk.host(({ notices }) => notices.length);
  const hostile = sheet(
    '<script>document.title = "ran"</script><img src="https://graph.microsoft.com/x.png" onerror="document.title=1"><iframe src="app://kiosk/"></iframe>',
  );
  const file = await desk.host(async ({ shell }, html) => {
    const text = new TextDecoder('latin1').decode(await shell.sheets.printToPdf(html));
    return { head: text.slice(0, 5), length: text.length, title: /\/Title \(([^)]*)\)/.exec(text)?.[1] ?? null };
  }, hostile);
  expect(file).toMatchObject({ head: '%PDF-', title: 'Sheet 4711' });
  expect(file.length).toBeGreaterThan(1000);
  await desk.until('the sheet to go', async () => !(await pages()).includes('app://sheet/'));
  // The page's own policy kept it from asking at all.
  expect(await desk.host(({ notices }) => notices.length)).toBe(refused);
});

it('a sheet says so when there is no printer, and the next one is drawn all the same', async () => {
  const printers = await desk.app.evaluate(({ webContents }) => webContents.getAllWebContents()[0]?.getPrintersAsync());
  if (printers?.length !== 0) return;
  expect(await desk.host(({ shell }, html) => shell.sheets.print(html), sheet('one'))).toBe('noPrinter');
  expect(await desk.host(async ({ shell }, html) => (await shell.sheets.printToPdf(html)).length, sheet('two'))).toBeGreaterThan(
    1000,
  );
});
