// Microsoft Graph for the person who signed in.
import type { ClockPort } from '../../ports/clock.ts';
import type { DirectoryPort } from '../../ports/directory.ts';
import type { HttpPort } from '../../ports/http.ts';
import type { TokenSource } from '../../ports/identity.ts';
import type { Settings } from '../../ports/settings.ts';

export interface GraphDirectoryOptions {
  readonly settings: Pick<Settings, 'graphOrigin'>;
  readonly http: HttpPort;
  readonly tokens: TokenSource;
  /** `Call.deadlineMs` counts from the call, in this clock's milliseconds. */
  readonly clock: ClockPort;
  /** `length` random bytes, for request ids and for the jitter of waits. */
  readonly random: (length: number) => Uint8Array;
}

export declare function createGraphDirectory(options: GraphDirectoryOptions): DirectoryPort;
