// Default routes as three systems print them.
import { describe, expect, test } from 'vitest';
import { linuxRoutes, type LinuxTables } from '../../main/adapters/network-path/linux-path.ts';
import { macosRoutes } from '../../main/adapters/network-path/macos-path.ts';
import { createNetworkPath, type Route } from '../../main/adapters/network-path/network-path.ts';
import { systemRoutes } from '../../main/adapters/network-path/system-routes.ts';
import { windowsRoutes } from '../../main/adapters/network-path/windows-path.ts';
import { DeskClock } from '../support/desk-clock.ts';

const cable = { type: 1, isTun: false };

function linux(changes: Partial<LinuxTables> = {}): readonly Route[] {
  return linuxRoutes({
    route: [
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
      'eth0\t00000000\t0102A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0',
      'eth0\t0002A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0',
      '',
    ].join('\n'),
    arp: [
      'IP address       HW type     Flags       HW address            Mask     Device',
      '192.168.2.1      0x1         0x2         0A:1B:2C:3d:4e:5f     *        eth0',
      '192.168.2.1      0x1         0x2         02:00:00:00:00:99     *        wlan0',
      '',
    ].join('\n'),
    interfaceOf: () => cable,
    ...changes,
  });
}

describe('Linux', () => {
  test('one cable: its gateway by the interface it is on', () => {
    expect(linux()).toEqual([{ interface: 'eth0', isTunnel: false, hardware: '0a:1b:2c:3d:4e:5f' }]);
  });

  test('a gateway nobody has spoken to has no hardware yet', () => {
    const arp = '\n192.168.2.1 0x1 0x0 00:00:00:00:00:00 * eth0\n';
    expect(linux({ arp })).toEqual([{ interface: 'eth0', isTunnel: false, hardware: null }]);
  });

  test.each<[string, ReturnType<LinuxTables['interfaceOf']>]>([
    ['a device without hardware (tun, WireGuard: ARPHRD_NONE)', { type: 65_534, isTun: false }],
    ['a dialled line (ARPHRD_PPP)', { type: 512, isTun: false }],
    ['a tap device, which looks like a cable', { type: 1, isTun: true }],
    ['an interface that is gone', null],
  ])('%s is a tunnel', (_what, kind) => {
    expect(linux({ interfaceOf: () => kind })[0]).toMatchObject({ isTunnel: true });
  });

  test('a tunnel that covers the default route by two halves is found beside it', () => {
    const halves = [
      'head',
      'tun0\t00000000\t0100080A\t0003\t0\t0\t0\t00000080\t0\t0\t0',
      'tun0\t00000080\t0100080A\t0003\t0\t0\t0\t00000080',
    ];
    const routes = linux({ route: halves.join('\n'), interfaceOf: () => ({ type: 65_534, isTun: true }) });
    expect(routes.map(({ isTunnel }) => isTunnel)).toEqual([true, true]);
  });

  test.each<[string, string]>([
    ['nothing', ''],
    ['a heading alone', 'Iface\tDestination\n'],
    ['a route that is down', 'head\neth0\t00000000\t0102A8C0\t0002\t0\t0\t100\t00000000\t0\t0\t0'],
    ['rows that are cut', 'head\neth0\t00000000\t0102A8C0\n'],
  ])('%s is no route', (_what, route) => {
    expect(linux({ route })).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('this machine’s own tables can be read', async () => {
    const routes = await systemRoutes(new AbortController().signal);
    for (const route of routes) expect(route.interface).toMatch(/^\S+$/);
  });
});

describe('Windows', () => {
  const arp = [
    'Schnittstelle: 192.168.1.20 --- 0xc',
    '  Internetadresse       Physische Adresse     Typ',
    '  192.168.1.1           0A-1B-2C-3D-4E-5F     dynamisch',
    '  224.0.0.22            01-00-5e-00-00-16     statisch',
  ].join('\r\n');

  test('one cable, in the language of the system', () => {
    const route = [
      'IPv4-Routentabelle',
      'Aktive Routen:',
      '          0.0.0.0          0.0.0.0      192.168.1.1     192.168.1.20     25',
    ];
    expect(windowsRoutes(route.join('\r\n'), arp)).toEqual([
      { interface: '192.168.1.20', isTunnel: false, hardware: '0a:1b:2c:3d:4e:5f' },
    ]);
  });

  test.each([
    ['on-link, in any language', '          0.0.0.0          0.0.0.0   Auf Verbindung       10.8.0.6     35'],
    ['half the world', '          0.0.0.0        128.0.0.0         10.8.0.1       10.8.0.6     20'],
  ])('a route %s is a tunnel’s', (_what, row) => {
    expect(windowsRoutes(row, arp)).toEqual([{ interface: '10.8.0.6', isTunnel: true, hardware: null }]);
  });

  test('other routes and other text are none', () => {
    expect(windowsRoutes('        127.0.0.0        255.0.0.0         On-link         127.0.0.1    331\r\n===', '')).toEqual([]);
  });
});

describe('macOS', () => {
  const netstat = [
    'Routing tables',
    '',
    'Internet:',
    'Destination        Gateway            Flags               Netif Expire',
    'default            192.168.1.1        UGScg                 en0       ',
    'default            192.168.1.1        UGScIg                en1       ',
    '127                127.0.0.1          UCS                   lo0       ',
  ].join('\n');

  test('one cable: leading zeros are put back, a route of one interface alone is left out', () => {
    const arp =
      '? (192.168.1.1) at a:1b:2c:3d:4:5f on en0 ifscope [ethernet]\n? (192.168.1.1) at 2:0:0:0:0:1 on en1 ifscope [ethernet]';
    expect(macosRoutes(netstat, arp)).toEqual([{ interface: 'en0', isTunnel: false, hardware: '0a:1b:2c:3d:04:5f' }]);
  });

  test.each([
    'default            link#22            UCSg                utun4',
    '0/1                10.8.0.1           UGSc                utun4',
  ])('%s is a tunnel’s', (row) => {
    expect(macosRoutes(row, '')).toEqual([{ interface: 'utun4', isTunnel: true, hardware: null }]);
  });
});

describe('the path', () => {
  const route: Route = { interface: 'eth0', isTunnel: false, hardware: '0a:1b:2c:3d:4e:5f' };
  const call = () => ({ signal: new AbortController().signal, deadlineMs: 1_000 });
  const look = (routes: () => Promise<readonly Route[]>, proxy: string | null = null) =>
    createNetworkPath({
      clock: new DeskClock(),
      routes,
      proxyFor: proxy === null ? null : async () => proxy,
      url: 'https://beacon.example/',
    }).look(call());

  test.each<[string, boolean]>([
    ['DIRECT', false],
    ['PROXY proxy.example:8080', true],
    ['PROXY proxy.example:8080;DIRECT', true],
    ['SOCKS5 127.0.0.1:1080', true],
  ])('%s', async (proxy, proxied) => {
    expect(await look(async () => [route], proxy)).toEqual({
      ok: true,
      value: { gateways: ['0a:1b:2c:3d:4e:5f'], tunnel: null, proxied },
    });
  });

  test('tables that can’t be read are a reason, not a bug', async () => {
    expect(await look(() => Promise.reject(new Error('EACCES')))).toEqual({
      ok: false,
      reason: { code: 'desk.unknownGateway', detail: { statusName: 'unreadable' } },
    });
  });

  test('a tool that does not come back is given up', async () => {
    const clock = new DeskClock();
    const never = (signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
    const path = createNetworkPath({ clock, routes: never, proxyFor: null, url: 'https://beacon.example/' });
    expect(await clock.runUntil(path.look(call()))).toMatchObject({ ok: false });
  });
});
