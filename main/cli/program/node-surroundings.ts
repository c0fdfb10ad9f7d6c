// What plain Node has instead of Electron's session: its own fetch, its own roots of trust, and no proxy of the system's.
import { homedir } from 'node:os';
import path from 'node:path';
import { sessionHttp } from '../../adapters/http-session/session-http.ts';
import type { HttpPort } from '../../ports/http.ts';

export function nodeHttp(): Promise<HttpPort> {
  return Promise.resolve(sessionHttp((request) => fetch(request)));
}

/** The folder that Electron calls `appData`. */
export function nodeAppData(): string {
  return process.platform === 'win32'
    ? (process.env['APPDATA'] ?? path.join(homedir(), 'AppData', 'Roaming'))
    : path.join(homedir(), 'Library', 'Application Support');
}
