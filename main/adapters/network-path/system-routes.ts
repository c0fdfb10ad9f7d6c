// Asks this system for its default routes: the kernel's tables on Linux, its own tools by their full paths elsewhere.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { linuxRoutes } from './linux-path.ts';
import { macosRoutes } from './macos-path.ts';
import type { Route } from './network-path.ts';
import { windowsRoutes } from './windows-path.ts';

const run = promisify(execFile);

/** @throws what the file system or the tool says; on a system that is none of the three, that it is unknown. */
export async function systemRoutes(signal: AbortSignal): Promise<readonly Route[]> {
  const said = async (tool: string, ...args: readonly string[]): Promise<string> =>
    (await run(tool, args, { signal, windowsHide: true, encoding: 'utf8' })).stdout;
  switch (process.platform) {
    case 'linux': {
      const text = (table: string) => readFile(`/proc/net/${table}`, { encoding: 'utf8', signal });
      const [route, arp] = await Promise.all([text('route'), text('arp')]);
      return linuxRoutes({ route, arp, interfaceOf: linuxInterface });
    }
    case 'win32': {
      const folder = path.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32');
      const [route, arp] = await Promise.all([
        said(path.join(folder, 'ROUTE.EXE'), 'print', '-4', '0.0.0.0'),
        said(path.join(folder, 'ARP.EXE'), '-a'),
      ]);
      return windowsRoutes(route, arp);
    }
    case 'darwin': {
      const [routes, arp] = await Promise.all([said('/usr/sbin/netstat', '-rn', '-f', 'inet'), said('/usr/sbin/arp', '-an')]);
      return macosRoutes(routes, arp);
    }
    default:
      throw new Error(`no routes are known of ${process.platform}`);
  }
}

function linuxInterface(name: string): { readonly type: number; readonly isTun: boolean } | null {
  const folder = `/sys/class/net/${name}`;
  try {
    return { type: Number.parseInt(readFileSync(`${folder}/type`, 'utf8'), 10), isTun: existsSync(`${folder}/tun_flags`) };
  } catch {
    return null;
  }
}
