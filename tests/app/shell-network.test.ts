// The kiosk page has no network at all. Servers of every kind listen on this machine; none of them may hear anything.
import { createSocket } from 'node:dgram';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startShellDesk, type ShellDesk } from '../support/shell-desk.ts';

let desk: ShellDesk;
const heard: string[] = [];
const tcp = createServer((socket) => {
  heard.push('tcp');
  socket.destroy();
});
const udp = createSocket('udp4', () => heard.push('udp'));
let tcpPort = 0;
let udpPort = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
  tcpPort = (tcp.address() as AddressInfo).port;
  udpPort = udp.address().port;
  desk = await startShellDesk();
});
afterAll(async () => {
  await desk.close();
  tcp.close();
  udp.close();
});

/** Everything a page can do to reach a server, each tried to its end. */
const attempts = {
  fetch: 'fetch(url)',
  xhr: 'new Promise((ok, no) => { const r = new XMLHttpRequest(); r.onload = ok; r.onerror = no; r.open("GET", url); r.send(); })',
  image: 'new Promise((ok, no) => { const i = new Image(); i.onload = ok; i.onerror = no; i.src = url + "/i.png"; })',
  socket: 'new Promise((ok, no) => { const s = new WebSocket(url.replace("http", "ws")); s.onopen = ok; s.onerror = no; })',
  events: 'new Promise((ok, no) => { const s = new EventSource(url); s.onopen = ok; s.onerror = no; })',
  beacon: 'navigator.sendBeacon(url, "x") ? Promise.resolve() : Promise.reject()',
  stylesheet:
    'new Promise((ok, no) => { const l = document.createElement("link"); l.rel = "stylesheet"; l.href = url; l.onload = ok; l.onerror = no; document.head.append(l); })',
  frame:
    'new Promise((ok) => { const f = document.createElement("iframe"); f.src = url; f.onload = ok; document.body.append(f); })',
  worker: 'Promise.resolve().then(() => new Worker(url + "/w.js"))',
  font: 'new FontFace("F", "url(" + url + "/f.woff2)").load()',
  prefetch:
    'new Promise((ok) => { const l = document.createElement("link"); l.rel = "prefetch"; l.href = url; document.head.append(l); setTimeout(ok, 300); })',
  preconnect:
    'new Promise((ok) => { const l = document.createElement("link"); l.rel = "preconnect"; l.href = url; document.head.append(l); setTimeout(ok, 300); })',
  form: 'new Promise((ok) => { const f = document.createElement("form"); f.action = url; f.method = "post"; document.body.append(f); f.submit(); setTimeout(ok, 300); })',
  location: 'new Promise((ok) => { location.href = url; setTimeout(ok, 300); })',
  window: 'new Promise((ok) => { open(url); setTimeout(ok, 300); })',
};

describe('the kiosk page', () => {
  it.each(Object.entries(attempts))('reaches nothing by %s', async (_name, attempt) => {
    await desk.kiosk.evaluate(
      ({ source, url }) =>
        Promise.race([(0, eval)(`(url) => ${source}`)(url), new Promise((resolve) => setTimeout(resolve, 1500))]).catch(
          () => undefined,
        ),
      { source: attempt, url: `http://127.0.0.1:${tcpPort}` },
    );
    expect(heard).toEqual([]);
    expect(desk.kiosk.url()).toBe('app://kiosk/');
    expect(desk.app.windows()).toHaveLength(2);
  });

  it('reaches nothing by a peer connection, over UDP or TCP', async () => {
    const candidates = await desk.kiosk.evaluate(
      async ({ tcpAt, udpAt }) => {
        const peer = new RTCPeerConnection({
          iceServers: [
            { urls: `stun:127.0.0.1:${udpAt}` },
            {
              urls: [`turn:127.0.0.1:${udpAt}?transport=udp`, `turn:127.0.0.1:${tcpAt}?transport=tcp`],
              username: 'u',
              credential: 'c',
            },
          ],
        });
        const found: string[] = [];
        peer.onicecandidate = ({ candidate }) => void (candidate?.candidate && found.push(candidate.candidate));
        peer.createDataChannel('x');
        await peer.setLocalDescription(await peer.createOffer());
        await new Promise((resolve) => setTimeout(resolve, 3000));
        peer.close();
        return found;
      },
      { tcpAt: tcpPort, udpAt: udpPort },
    );
    expect(heard).toEqual([]);
    // No candidate names an address of this machine either.
    expect(candidates.filter((candidate) => / typ (srflx|relay|prflx)/.test(candidate))).toEqual([]);
  });

  it('has a session that goes nowhere, whatever its policy says', async () => {
    const outcome = await desk.app.evaluate(async ({ webContents }, url) => {
      const kiosk = webContents.getAllWebContents().find((contents) => contents.getURL() === 'app://kiosk/');
      return kiosk?.session.fetch(url).then(
        () => 'answered',
        (error: Error) => error.message,
      );
    }, `http://127.0.0.1:${tcpPort}`);
    expect(outcome).toContain('ERR_BLOCKED_BY_CLIENT');
    expect(heard).toEqual([]);
  });

  it('can be heard by these servers at all: the same request outside the desk arrives', async () => {
    await fetch(`http://127.0.0.1:${tcpPort}`).catch(() => undefined);
    expect(heard).toEqual(['tcp']);
  });
});

describe('app://', () => {
  it.each([
    'app://kiosk/index.html',
    'app://kiosk/practice.html',
    'app://kiosk/assets/../index.html',
    'app://kiosk/assets/none.js',
    'app://kiosk/?x',
    'app://kiosk/../../package.json',
  ])('serves a fixed list of files, and %s is not on it', async (url) => {
    const status = await inKioskSession(url);
    expect(status).toBe(404);
  });

  it('gives one window the pages of no other', async () => {
    expect(await inKioskSession('app://practice/')).toBe(404);
    expect(await inKioskSession('app://card/')).toBe(404);
  });

  it('serves the page under a policy without inline code, connections or text that becomes markup', async () => {
    const broken = await desk.kiosk.evaluate(async () => {
      // The test driver's own call may make code out of text; what runs after it may not.
      await new Promise((resolve) => setTimeout(resolve, 0));
      const tries: Record<string, () => unknown> = {
        eval: () => new Function('return 1')(),
        markup: () => (document.body.innerHTML = '<b>x</b>'),
        policy: () =>
          (
            globalThis as unknown as { trustedTypes: { createPolicy(name: string, rules: object): unknown } }
          ).trustedTypes.createPolicy('x', {}),
        inline: () => {
          const script = document.createElement('script');
          script.textContent = 'globalThis.ran = true';
          document.body.append(script);
          if (!('ran' in globalThis)) throw new Error('did not run');
        },
      };
      return Object.entries(tries).flatMap(([name, attempt]) => {
        try {
          attempt();
          return [name];
        } catch {
          return [];
        }
      });
    });
    expect(broken).toEqual([]);
  });

  async function inKioskSession(url: string): Promise<number | string> {
    return desk.app.evaluate(async ({ webContents }, address) => {
      const kiosk = webContents.getAllWebContents().find((contents) => contents.getURL() === 'app://kiosk/');
      if (!kiosk) throw new Error('no kiosk page');
      return kiosk.session.fetch(address).then(
        ({ status }) => status,
        (error: Error) => error.message,
      );
    }, url);
  }
});
