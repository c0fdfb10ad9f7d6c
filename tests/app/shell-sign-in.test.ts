// Microsoft's page on the desk: what it may do, what is told about it, and that the next person finds nothing of it.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startShellDesk, type ShellDesk } from '../support/shell-desk.ts';
import type { SiteAnswer } from '../support/shell-host.ts';

const host = 'https://login.microsoftonline.com';
const authorize = `${host}/t/oauth2/v2.0/authorize`;
const redirect = `${host}/common/oauth2/nativeclient`;

let desk: ShellDesk;
beforeAll(async () => {
  desk = await startShellDesk();
  await desk.until('the first picture', () => desk.host((shell) => shell.ready));
});
afterAll(() => desk.close());
beforeEach(async () => {
  expect(await desk.host((shell) => shell.shell.page.forget())).toEqual([]);
  await desk.host((shell) => {
    shell.facts.length = 0;
    shell.notices.length = 0;
    shell.asked.length = 0;
    for (const name of Object.keys(shell.answers)) delete shell.answers[name];
  });
});

const serve = (answers: Record<string, SiteAnswer>) =>
  desk.host((shell, given) => void Object.assign(shell.answers, given), answers);
const facts = () => desk.host((shell) => [...shell.facts]);
const notices = () => desk.host((shell) => [...shell.notices]);
const open = (url = authorize, language: 'en' | 'nl' | 'ar' = 'en') =>
  desk.host(
    async ({ shell }, given) => {
      await shell.page.open(given);
      shell.page.place({ x: 100, y: 140, width: 800, height: 500 });
    },
    { url, redirectPrefix: redirect, language },
  );
/** Opens the page with this body. */
const openWith = async (body: string, headers: Record<string, string> = {}) => {
  await serve({ [`GET ${authorize}`]: { body: `<!doctype html><body>${body}`, headers } });
  await open();
};
const inPage = <T>(source: string, gesture = true) =>
  desk.app.evaluate(
    ({ webContents }, { code, withGesture }) => {
      const contents = webContents.getAllWebContents().find((page) => page.getURL().startsWith('https:'));
      return contents?.executeJavaScript(code, withGesture) as Promise<unknown>;
    },
    { code: source, withGesture: gesture },
  ) as Promise<T>;
const untilFact = (wanted: object) =>
  desk.until(`the fact ${JSON.stringify(wanted)}`, async () =>
    (await facts()).some((fact) =>
      Object.entries(wanted).every(([name, value]) => Object.entries(fact).some(([n, v]) => n === name && v === value)),
    ),
  );
const windows = () => desk.app.evaluate(({ BaseWindow }) => BaseWindow.getAllWindows().length);

describe('what is told about the page', () => {
  it('names the verified host and the place', async () => {
    await open();
    await untilFact({ type: 'page.place' });
    expect(await facts()).toEqual([
      { type: 'page.host', host: 'login.microsoftonline.com', verified: true },
      { type: 'page.place', place: 'name' },
    ]);
  });

  it('follows the places by address', async () => {
    await serve({
      [`GET ${host}/t/login/pass`]: { body: '<!doctype html><p>pass' },
      'GET https://mysignins.microsoft.com/security-info': { body: '<!doctype html><p>security' },
    });
    await openWith('<script>fetch("/common/GetCredentialType", { method: "POST", body: "{}" })</script>');
    await untilFact({ place: 'pass' });
    await inPage(`location = '/kmsi'`);
    await untilFact({ place: 'stay' });
    await inPage(`location = 'https://mysignins.microsoft.com/security-info'`);
    await untilFact({ place: 'securityInfo' });
    expect((await facts()).at(-2)).toEqual({ type: 'page.host', host: 'mysignins.microsoft.com', verified: true });
  });

  it('reads the number of a refusal, and nothing else', async () => {
    await serve({
      [`POST ${host}/t/login`]: { body: '<!doctype html><script>$Config={"sErrorCode":"130503"};</script><p>Wrong' },
    });
    await openWith(`<form method="post" action="/t/login"><input name="accesspass" value="secret"></form>`);
    await inPage('document.forms[0].submit()');
    await untilFact({ type: 'page.refusal', aadsts: 130503 });
    await untilFact({ place: 'pass' });
    expect(JSON.stringify(await facts())).not.toContain('secret');
  });

  it('tells a load failure, and a page that is no page', async () => {
    await serve({ [`GET ${host}/t/down`]: { status: 503, body: '<!doctype html>down' } });
    await open();
    await inPage(`location = '/t/down'`);
    await untilFact({ type: 'page.failed', what: 'load' });
    await open();
    await desk.host((shell) => void (shell.facts.length = 0));
    await inPage(`location = 'about:blank'`);
    await untilFact({ type: 'page.failed', what: 'load' });
    // Nobody is left in front of a white page.
    expect(await desk.host(({ shell }) => shell.captureSignInView())).toBeNull();
  });

  it('tells a crash, and opens again', async () => {
    await open();
    await desk.app.evaluate(({ webContents }) =>
      webContents
        .getAllWebContents()
        .find((page) => page.getURL().startsWith('https:'))
        ?.forcefullyCrashRenderer(),
    );
    await untilFact({ type: 'page.failed', what: 'crash' });
    await open();
    expect(await inPage('document.title')).toBe('Plain');
  });

  it('tells a page that hangs, and opens again', async () => {
    await open();
    await inPage('setTimeout(() => { for (;;); }, 0)');
    await desk.until('the hang to be told', async () => (await facts()).some((fact) => fact.type === 'page.failed'), 30_000);
    expect((await facts()).at(-1)).toEqual({ type: 'page.failed', what: 'hung' });
    await open();
    expect(await inPage('document.title')).toBe('Plain');
  });

  it('speaks the person’s language to the site', async () => {
    await open(authorize, 'ar');
    expect(await desk.host((shell) => shell.asked[0])).toBe(`GET ${authorize} ar,en`);
  });
});

describe('the answer of the sign-in', () => {
  it('is taken before it loads, and can be read once', async () => {
    await serve({ [`GET ${host}/t/done`]: { status: 302, headers: { location: `${redirect}?code=SECRET&state=s` } } });
    await open();
    await inPage(`location = '/t/done'`);
    await untilFact({ type: 'page.answered' });
    const told = await facts();
    expect(JSON.stringify(told)).not.toContain('SECRET');
    const read = await desk.host(({ facts: all, shell }) => {
      const fact = all.find((one) => one.type === 'page.answered');
      return fact?.type === 'page.answered' ? [shell.page.takeAnswer(fact.answer), shell.page.takeAnswer(fact.answer)] : [];
    });
    expect(read).toEqual([`${redirect}?code=SECRET&state=s`, null]);
    expect(await desk.host((shell) => shell.asked.filter((line) => line.includes('nativeclient')))).toEqual([]);
    expect(told.filter(({ type }) => type === 'page.failed' || type === 'page.blocked')).toEqual([]);
    // The page itself learns nothing of it either.
    expect(await inPage('location.href')).toBe(authorize);
  });

  it('is taken from a form or a link as well, but never from a frame', async () => {
    await openWith(`<iframe src="${redirect}?code=FRAME"></iframe><a id="a" href="${redirect}?code=LINK">x</a>`);
    expect((await facts()).filter(({ type }) => type === 'page.answered')).toEqual([]);
    await inPage('document.getElementById("a").click()');
    await untilFact({ type: 'page.answered' });
    expect(await desk.host((shell) => shell.asked.filter((line) => line.includes('LINK')))).toEqual([]);
  });

  it('is forgotten with the stay', async () => {
    await serve({ [`GET ${host}/t/done`]: { status: 302, headers: { location: `${redirect}?code=SECRET` } } });
    await open();
    await inPage(`location = '/t/done'`);
    await untilFact({ type: 'page.answered' });
    const left = await desk.host(async ({ facts: all, shell }) => {
      const fact = all.find((one) => one.type === 'page.answered');
      await shell.page.forget();
      return fact?.type === 'page.answered' ? shell.page.takeAnswer(fact.answer) : 'no fact';
    });
    expect(left).toBeNull();
  });
});

describe('the ways out', () => {
  it.each([
    ['another host', 'https://evil.example/', 'evil.example'],
    ['a look-alike', 'https://login.microsoftonline.com.evil.example/', 'login.microsoftonline.com.evil.example'],
    ['a name in front', 'https://login.microsoftonline.com@evil.example/', 'evil.example'],
    ['another port', 'https://login.microsoftonline.com:444/', 'login.microsoftonline.com'],
    ['a content host as a page', 'https://aadcdn.msftauth.net/', 'aadcdn.msftauth.net'],
    ['plain http', 'http://login.microsoftonline.com/', 'login.microsoftonline.com'],
    ['mail', 'mailto:a@b.example', null],
    ['settings of the system', 'ms-settings:signinoptions', null],
    ['a blob', 'blob', null],
  ])('go nowhere: %s', async (_name, address, told) => {
    await openWith('<p id="here">here');
    const source =
      address === 'blob' ? `URL.createObjectURL(new Blob(['<p>x'], { type: 'text/html' }))` : JSON.stringify(address);
    await inPage(`location.href = ${source}`);
    await untilFact({ type: 'page.blocked', host: told });
    expect(await inPage('document.getElementById("here").textContent')).toBe('here');
    expect(await windows()).toBe(1);
  });

  it('redirects are stopped as well', async () => {
    await serve({ [`GET ${host}/t/away`]: { status: 302, headers: { location: 'https://evil.example/x' } } });
    await open();
    await inPage(`location = '/t/away'`);
    await untilFact({ type: 'page.blocked', host: 'evil.example' });
    expect(await desk.host((shell) => shell.asked.filter((line) => line.includes('evil')))).toEqual([]);
  });

  it('new windows do not open, and the person is told', async () => {
    await openWith('<a id="a" target="_blank" href="https://help.example/">help</a>');
    await inPage('document.getElementById("a").click()');
    await untilFact({ type: 'page.blocked', host: 'help.example' });
    await inPage('void open("https://popup.example/", "x", "width=300")');
    await untilFact({ type: 'page.blocked', host: 'popup.example' });
    expect(await windows()).toBe(1);
  });

  it('downloads do not begin', async () => {
    await serve({
      [`GET ${host}/file.html`]: { body: 'x', headers: { 'content-disposition': 'attachment; filename="x.html"' } },
    });
    await openWith(
      `<style>html { background: white } * { visibility: hidden }</style><a id="named" download="x.txt" href="data:text/plain,x">x</a><a id="sent" href="/file.html">x</a>`,
    );
    await untilSteady();
    const before = await onScreen();
    // The page's own sandbox stops these two; the third comes from beyond it and meets the session's refusal.
    await inPage('document.getElementById("named").click()');
    await inPage('document.getElementById("sent").click()');
    await desk.app.evaluate(
      ({ webContents }, url) =>
        webContents
          .getAllWebContents()
          .find((page) => page.getURL().startsWith('https:'))
          ?.downloadURL(url),
      `${host}/file.html`,
    );
    await desk.until('the download to be refused', async () =>
      (await notices()).some((notice) => notice.notice === 'page.blocked' && notice.what === 'download'),
    );
    await untilFact({ type: 'page.blocked', host: 'login.microsoftonline.com' });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await onScreen()).toEqual(before);
  });

  it('a PDF gets no viewer', async () => {
    await serve({ [`GET ${host}/x.pdf`]: { body: '%PDF-1.4', headers: { 'content-type': 'application/pdf' } } });
    await open();
    await inPage(`location = '/x.pdf'`);
    await untilFact({ type: 'page.failed', what: 'load' });
    expect(await notices()).toContainEqual({ notice: 'page.blocked', what: 'document', host: 'login.microsoftonline.com' });
  });

  it('requests to foreign hosts do not leave, whatever asks', async () => {
    await openWith(`<img src="https://evil.example/i.png"><script src="https://evil.example/s.js"></script><iframe src="https://evil.example/f"></iframe>
      <script>fetch('https://evil.example/x'); navigator.sendBeacon('https://evil.example/b'); new WebSocket('wss://evil.example/w'); new Image().src = 'http://evil.example/h.png';</script>`);
    await desk.until(
      'the refusals',
      async () =>
        (await notices()).filter((notice) => notice.notice === 'page.blocked' && notice.host === 'evil.example').length >= 6,
    );
    expect(await desk.host((shell) => shell.asked.filter((line) => line.includes('evil')))).toEqual([]);
  });

  it('the content hosts serve what belongs to a page', async () => {
    await serve({
      'GET https://aadcdn.msftauth.net/s.js': {
        body: 'document.title = "styled"',
        headers: { 'content-type': 'text/javascript' },
      },
    });
    await openWith('<script src="https://aadcdn.msftauth.net/s.js"></script>');
    expect(await inPage('document.title')).toBe('styled');
  });

  it('there is no way back', async () => {
    await open();
    await inPage(`location = '/kmsi'`);
    await untilFact({ place: 'stay' });
    const back = await desk.app.evaluate(({ webContents }) =>
      webContents
        .getAllWebContents()
        .find((page) => page.getURL().startsWith('https:'))
        ?.navigationHistory.canGoBack(),
    );
    expect(back).toBe(false);
  });
});

describe('boxes of the system', () => {
  it('none opens: print, alert, confirm, prompt, file choosers, leaving', async () => {
    const looks = '<style>html { background: white } * { visibility: hidden }</style>';
    await serve({ [`GET ${host}/kmsi`]: { body: `<!doctype html>${looks}` } });
    await openWith(
      `${looks}<input id="file" type="file"><script>addEventListener("beforeunload", (event) => event.preventDefault())</script>`,
    );
    await untilSteady();
    const before = await onScreen();
    await inPage(`for (const box of ['print', 'alert', 'confirm', 'prompt']) { try { globalThis[box]('x'); } catch {} }`);
    await inPage('document.getElementById("file").click()');
    await desk.until('the file chooser to be refused', async () =>
      (await notices()).some((notice) => notice.notice === 'page.blocked' && notice.what === 'fileChooser'),
    );
    await inPage(`location = '/kmsi'`);
    await untilFact({ place: 'stay' });
    // GTK boxes took up to a second to appear.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await onScreen()).toEqual(before);
  });

  it('the page has no doors to files, devices, passkeys or ours', async () => {
    await openWith('');
    expect(
      await inPage(
        `['showOpenFilePicker', 'showSaveFilePicker', 'showDirectoryPicker', 'documentPictureInPicture', 'PublicKeyCredential', 'firstkey', 'require', 'process'].filter((name) => name in globalThis)
          .concat(['usb', 'hid', 'serial', 'bluetooth'].filter((name) => navigator[name]?.requestDevice))`,
      ),
    ).toEqual([]);
  });

  it('a passkey call ends at once', async () => {
    await openWith('');
    const outcome = await inPage(`Promise.race([
      navigator.credentials.create({ publicKey: { challenge: new Uint8Array(16), rp: { name: 'x' }, user: { id: new Uint8Array(8), name: 'x', displayName: 'x' }, pubKeyCredParams: [{ type: 'public-key', alg: -7 }] } }).then(() => 'made', (error) => error.name),
      new Promise((resolve) => setTimeout(() => resolve('still waiting'), 3000))])`);
    expect(outcome).toBe('NotAllowedError');
  });

  it('every permission is refused', async () => {
    await openWith('');
    const granted = await inPage<string[]>(`(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'clipboard-write', 'midi', 'persistent-storage', 'idle-detection', 'screen-wake-lock'];
      const states = await Promise.all(names.map((name) => navigator.permissions.query({ name }).then(({ state }) => state, () => 'unknown')));
      const found = names.filter((_name, at) => states[at] === 'granted');
      const tries = {
        camera: () => navigator.mediaDevices.getUserMedia({ video: true }),
        screen: () => navigator.mediaDevices.getDisplayMedia(),
        clipboard: () => navigator.clipboard.readText(),
        notification: () => Notification.requestPermission().then((state) => { if (state !== 'granted') throw new Error(state); }),
      };
      for (const [name, attempt] of Object.entries(tries)) {
        const outcome = await Promise.race([Promise.resolve().then(attempt).then(() => 'granted', () => 'refused'), new Promise((r) => setTimeout(() => r('hangs'), 2000))]);
        if (outcome !== 'refused') found.push(name + ' ' + outcome);
      }
      void document.documentElement.requestFullscreen().catch(() => undefined);
      await new Promise((r) => setTimeout(r, 500));
      if (document.fullscreenElement) found.push('fullscreen');
      return found;
    })()`);
    expect(granted).toEqual([]);
  });
});

describe('place on the screen', () => {
  const bounds = () =>
    desk.app.evaluate(({ BaseWindow, webContents }) => {
      const page = webContents.getAllWebContents().find((contents) => contents.getURL().startsWith('https:'));
      return BaseWindow.getAllWindows()[0]
        ?.contentView.children.find((child) => 'webContents' in child && child.webContents === page)
        ?.getBounds();
    });
  const untilPixel = (x: number, y: number, wanted: readonly number[]) =>
    desk.until(
      `the colour ${wanted.join(' ')} at ${x},${y}`,
      async () => JSON.stringify(await desk.screenPixel(x, y)) === JSON.stringify(wanted),
    );

  it('is the frame the kiosk page left, never over the desk’s own bars', async () => {
    await openWith('<style>html { background: rgb(10, 200, 30) }</style>');
    await untilPixel(500, 400, [10, 200, 30]);
    expect(await bounds()).toEqual({ x: 100, y: 140, width: 800, height: 500 });
    await desk.host(({ shell }) => shell.page.place({ x: 0, y: 0, width: 5000, height: 5000 }));
    // 52 of the training band, 76 of the lowest strip; 380 of the practice desk.
    expect(await bounds()).toEqual({ x: 0, y: 128, width: 986, height: 640 });
    await desk.host(({ shell }) => shell.setFolded(true));
    expect(await bounds()).toEqual({ x: 0, y: 128, width: 1310, height: 640 });
    await desk.host(({ shell }) => shell.setFolded(false));
    await desk.host(({ shell }) => shell.page.place(null));
    // The kiosk page of this test has no ground of its own; the desk's is petrol.
    await untilPixel(500, 400, [8, 58, 64]);
  });

  it('is what the practice phone’s camera sees', async () => {
    await openWith('<style>html { background: rgb(10, 200, 30) }</style>');
    const seen = await desk.host(async ({ shell }) => {
      for (let attemptsLeft = 50; ; attemptsLeft -= 1) {
        const picture = await shell.captureSignInView();
        const at = picture ? (Math.floor(picture.height / 2) * picture.width + Math.floor(picture.width / 2)) * 4 : 0;
        const pixel = picture ? [...picture.rgba.slice(at, at + 4)] : null;
        if (picture && (pixel?.[1] === 200 || attemptsLeft === 0))
          return { width: picture.width, height: picture.height, length: picture.rgba.length, pixel };
        if (attemptsLeft === 0) return null;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
    expect(seen).toEqual({ width: 800, height: 500, length: 800 * 500 * 4, pixel: [10, 200, 30, 255] });
    await desk.host(({ shell }) => shell.page.place(null));
    expect(await desk.host(({ shell }) => shell.captureSignInView())).toBeNull();
  });

  it('draws the page as large as the room allows', async () => {
    await open();
    const zoom = () =>
      desk.app.evaluate(({ webContents }) =>
        webContents
          .getAllWebContents()
          .find((page) => page.getURL().startsWith('https:'))
          ?.getZoomFactor(),
      );
    await desk.host(({ shell }) => shell.page.place({ x: 0, y: 128, width: 832, height: 630 }));
    expect(await zoom()).toBeCloseTo(1.13, 2);
    await inPage(`location = '/kmsi'`);
    await untilFact({ place: 'stay' });
    expect(await zoom()).toBeCloseTo(1.13, 2);
  });
});

describe('the desk’s keyboard', () => {
  const focused = () => desk.app.evaluate(({ webContents }) => webContents.getFocusedWebContents()?.getURL());

  it('is the page’s while the page is seen, and the kiosk’s again afterwards', async () => {
    await open();
    expect(await focused()).toBe(authorize);
    await desk.host(({ shell }) => shell.page.place(null));
    expect(await focused()).toBe('app://kiosk/');
  });
});

describe('the on-screen keyboard', () => {
  it('types into the page while the finger is on the kiosk page', async () => {
    await openWith('<input id="name" autofocus><input id="next">');
    await inPage('document.getElementById("name").focus()');
    await desk.app.evaluate(({ webContents }) =>
      webContents
        .getAllWebContents()
        .find((page) => page.getURL() === 'app://kiosk/')
        ?.focus(),
    );
    await desk.host(({ shell }) => {
      for (const symbol of ['a', 'B', '7', '@', 'é', 'ش']) shell.page.type(symbol);
    });
    await desk.until('the text', async () => (await inPage('document.getElementById("name").value')) === 'aB7@éش');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await desk.host(({ shell }) => {
      for (const symbol of ['x', 'Backspace', 'Tab', 'z']) shell.page.type(symbol);
    });
    await desk.until('the next field', async () => (await inPage('document.getElementById("next").value')) === 'z');
    expect(await inPage('document.getElementById("name").value')).toBe('aB7@éش');
  });

  it('presses Enter', async () => {
    await openWith('<form method="post" action="/kmsi"><input id="name"></form>');
    await inPage('document.getElementById("name").focus()');
    // Chromium drops keys for half a second after a page was loaded.
    await desk.until('the form to be sent', async () => {
      await desk.host(({ shell }) => shell.page.type('Enter'));
      return (await facts()).some((fact) => fact.type === 'page.place' && fact.place === 'stay');
    });
    expect(
      await desk.host((shell) => shell.asked.some((line) => line === 'POST https://login.microsoftonline.com/kmsi en')),
    ).toBe(true);
  });
});

describe('the next person', () => {
  it('finds nothing: cookies, storage, workers and zoom are of another partition', async () => {
    const fill = `(async () => {
      document.cookie = 'who=first; max-age=9999; secure';
      localStorage.setItem('who', 'first');
      sessionStorage.setItem('who', 'first');
      await new Promise((ok, no) => { const open = indexedDB.open('who'); open.onsuccess = ok; open.onerror = no; });
      await (await caches.open('who')).put('/x', new Response('first'));
    })()`;
    const look = `(async () => [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length])()`;
    await openWith('');
    await inPage(fill);
    expect(await inPage(look)).toEqual(['who=first', 1, 1, 1, 1]);
    expect(await desk.host(({ shell }) => shell.page.forget())).toEqual([]);
    await open();
    expect(await inPage(look)).toEqual(['', 0, 0, 0, 0]);
  });

  it('is told of what could not be forgotten', async () => {
    await openWith('');
    // A cookie that comes back as often as it is cleared.
    await desk.app.evaluate(({ webContents }) => {
      const session = webContents.getAllWebContents().find((page) => page.getURL().startsWith('https:'))?.session;
      const put = () => void session?.cookies.set({ url: 'https://login.microsoftonline.com/', name: 'stubborn', value: 'x' });
      put();
      session?.cookies.on('changed', (_event, _cookie, _cause, removed) => removed && put());
    });
    expect(await desk.host(({ shell }) => shell.page.forget())).toEqual(['cookies: 1']);
  });

  it('gets no facts of the stay before', async () => {
    await open();
    await desk.host(async ({ shell, facts: all }) => {
      await shell.page.forget();
      all.length = 0;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await facts()).toEqual([]);
  });
});

/**
 * What stands on the screen: a digest of its picture, because a box of the system is no window of ours, and the X server's own
 * list where there is a tool that reads it.
 */
async function onScreen(): Promise<readonly string[]> {
  const picture = await desk.app.evaluate(async ({ desktopCapturer, screen }) => {
    const [source] = await desktopCapturer.getSources({ types: ['screen'], thumbnailSize: screen.getPrimaryDisplay().size });
    const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(source?.thumbnail.toBitmap() ?? []));
    return Buffer.from(digest).toString('hex');
  });
  const list = await promisify(execFile)('xdotool', ['search', '--onlyvisible', '--name', '.*']).then(
    ({ stdout }) => stdout.trim().split('\n').toSorted(),
    () => [],
  );
  return [picture, ...list];
}

/** The screen has stopped changing: pages are drawn and nothing blinks. */
async function untilSteady(): Promise<void> {
  let last = '';
  await desk.until('the screen to be steady', async () => {
    const now = JSON.stringify(await onScreen());
    await new Promise((resolve) => setTimeout(resolve, 300));
    const steady = now === last;
    last = now;
    return steady;
  });
}
