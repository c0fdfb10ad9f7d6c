// The station's accounts, rules and unit on a real kernel: udev decides who may open a key, systemd starts the key service behind
// the walls of its unit, and the desk's account reaches the key through the service and in no other way.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { once } from 'node:events';
import { nodeSurroundings } from '../../main/keyhost/node-surroundings.ts';
import { GuestKey } from './guest-key.ts';
import { GUEST_SLOWNESS } from './guest-slowness.ts';
import type { TapLines } from './tap-lines.ts';
import { presentKeyboard } from './uhid-device.ts';

export interface StationPlaces {
  /** `assets/station/linux`. */
  readonly station: string;
  /** `key-service/` and, in `main/`, `station-desk.js`; and where the packages with native code are. */
  readonly bundles: string;
  readonly packages: string;
}

const socket = '/run/firstkey-keys/keys.sock';
const units = '/run/systemd/system';
const deskFolder = '/opt/station-desk';

export async function stationWalls(tap: TapLines, places: StationPlaces): Promise<void> {
  const guestKey = await GuestKey.make();
  const started: ChildProcess[] = [];
  let device = '';
  try {
    await tap.step('set-up’s accounts and rules are taken by systemd and udev', async () => {
      run('systemd-sysusers', path.join(places.station, 'sysusers.conf'));
      await mkdir('/etc/udev/rules.d', { recursive: true });
      await cp(path.join(places.station, '71-firstkey-keys.rules'), '/etc/udev/rules.d/71-firstkey-keys.rules');
      const port = await readFile(path.join(places.station, '72-firstkey-public-port.rules'), 'utf8');
      // Devices of uhid hang on no port; what takes its place is the keyboard's own name in the kernel.
      await writeFile('/etc/udev/rules.d/72-firstkey-public-port.rules', port.replace('@PUBLIC_PORT@', '0003:1234:0001.*'));
      run('/lib/systemd/systemd-udevd', '--daemon');
    });

    await tap.step('a key that is plugged in belongs to the key service’s group', async () => {
      device = await guestKey.plugIn();
      const group = idOf('-g', 'firstkey-keys');
      const settled = await until(async () => (await stat(device)).gid === group);
      const { uid, gid, mode } = await stat(device);
      if (!settled || uid !== 0 || (mode & 0o777) !== 0o660) throw new Error(`it is ${uid}:${gid} ${(mode & 0o777).toString(8)}`);
    });

    await tap.step('the key service’s account opens it, the screen’s account can’t', async () => {
      const opens = (account: string): boolean =>
        spawnSync('setpriv', [...as(account), 'sh', '-c', `exec 3<>${device}`]).status === 0;
      if (!opens('firstkey-keys')) throw new Error('the key service’s account can’t open it');
      if (opens('firstkey')) throw new Error('the screen’s account opened it');
    });

    await tap.step('a keyboard on the public port is none for the screen', async () => {
      const keyboard = await presentKeyboard('Typing stick', { vendorId: 0x1234, productId: 1 });
      let told = '';
      const known = await until(async () => {
        const input = await inputNamed('Typing stick');
        told = input === null ? '' : run('udevadm', 'info', '--query=property', input);
        return told.includes('LIBINPUT_IGNORE_DEVICE=1');
      });
      await keyboard.remove();
      // libinput and the X server look for ID_INPUT, whoever set it.
      if (!known || /^ID_INPUT(?:_KEYBOARD|_KEY)?=./m.test(told)) throw new Error(`udev says:\n${told}`);
    });

    await tap.step('systemd starts the key service behind the walls of its unit', async () => {
      await layOut(places);
      run('mount', '-t', 'cgroup2', 'cgroup2', '/sys/fs/cgroup');
      // No unit but ours, and nothing that makes some: a guest that lives for a minute does without the rest of a machine.
      const surroundings = ['container=guest', `SYSTEMD_UNIT_PATH=${units}`, 'SYSTEMD_GENERATOR_PATH=/run/none'];
      const inside = ['--pid', '--fork', '--mount', '--mount-proc', '--kill-child'];
      const systemd = ['/lib/systemd/systemd', '--system', '--unit=firstkey-keys.service', '--log-target=null'];
      started.push(spawn('unshare', [...inside, 'env', ...surroundings, ...systemd], { stdio: 'ignore' }));
      if (!(await until(async () => (await stat(socket).catch(() => null)) !== null, 60_000)))
        throw new Error(await readFile('/run/key-service.log', 'utf8').catch(() => 'it said nothing'));
    });

    await tap.step('the desk’s account reaches the key through it, and in no other way', async () => {
      // Not spawnSync: the key is driven by this very process.
      const desk = spawn('setpriv', [
        ...as('firstkey'),
        process.execPath,
        path.join(deskFolder, 'station-desk.js'),
        socket,
        device,
      ]);
      started.push(desk);
      let printed = '';
      for (const stream of [desk.stdout, desk.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
      await once(desk, 'close');
      const said = JSON.parse(/^\{.*\}$/m.exec(printed)?.[0] ?? '{}') as { opened?: string; model?: string | null };
      if (said.opened !== 'EACCES' || typeof said.model !== 'string')
        throw new Error(`${printed}${await readFile('/run/key-service.log', 'utf8').catch(() => '')}`);
    });
  } finally {
    for (const child of started) child.kill('SIGKILL');
    await guestKey.pullOut();
  }
}

/** The application where the unit looks for it, and the unit with what only a whole machine has taken away. */
async function layOut({ station, bundles, packages }: StationPlaces): Promise<void> {
  const home = '/opt/Firstkey/resources/key-service';
  await cp(path.join(bundles, 'key-service'), home, { recursive: true });
  // Where an account without rights may read it, wherever the project is.
  await cp(path.join(bundles, 'main'), deskFolder, { recursive: true });
  await writeFile(path.join(deskFolder, 'package.json'), '{ "type": "module" }');
  await mkdir(path.join(home, 'node_modules'));
  await mkdir(`${units}/firstkey-keys.service.d`, { recursive: true });
  await cp(path.join(station, 'firstkey-keys.service'), `${units}/firstkey-keys.service`);
  const less = `[Unit]\nDefaultDependencies=no\n[Service]\nStandardOutput=append:/run/key-service.log\nStandardError=inherit\n`;
  const bound = `BindReadOnlyPaths=${packages}:${home}/node_modules\n`;
  const node = `ExecStart=\nExecStart=${process.execPath} ${home}/key-service.mjs --listen ${socket} --rp-id login.microsoft.com\n`;
  await writeFile(`${units}/firstkey-keys.service.d/guest.conf`, less + bound + node);
}

function run(program: string, ...parameters: readonly string[]): string {
  const ended = spawnSync(program, parameters, { encoding: 'utf8' });
  if (ended.status !== 0) throw new Error(`${program} ended with ${ended.status}: ${ended.stderr || String(ended.error)}`);
  return ended.stdout;
}

const idOf = (what: '-u' | '-g', account: string): number => Number(run('id', what, account));

/** setpriv(1) as that account, with the groups that the system's lists give it. */
function as(account: string): readonly string[] {
  return [`--reuid=${idOf('-u', account)}`, `--regid=${idOf('-g', account)}`, '--init-groups', '--no-new-privs'];
}

/** The path in /sys of the input device of this name; null while there is none. */
async function inputNamed(name: string): Promise<string | null> {
  const folder = '/sys/class/input';
  for (const input of await readdir(folder).catch(() => [])) {
    const text = await readFile(path.join(folder, input, 'name'), 'utf8').catch(() => '');
    if (text.trim() === name) return path.join(folder, input);
  }
  return null;
}

async function until(holds: () => Promise<boolean>, withinMs = 2_000 * GUEST_SLOWNESS): Promise<boolean> {
  const untilMs = performance.now() + withinMs;
  const never = new AbortController().signal;
  while (performance.now() < untilMs) {
    if (await holds()) return true;
    await nodeSurroundings.clock.wait(50, never);
  }
  return false;
}
