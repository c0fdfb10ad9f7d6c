// What a command gets from the runtime it is started in: plain Node from a working copy, or the application's own executable.
import type { World } from '../../../contract/snapshot.ts';
import type { HostProcess } from '../../adapters/key-host/host-process.ts';
import type { HttpPort } from '../../ports/http.ts';
import type { Settings } from '../../ports/settings.ts';

export interface ProgramParts {
  /** Starts a key host of this command's own. */
  readonly startHost: () => HostProcess;
  /** Why this runtime must not serve this world; null when it may. */
  readonly runtimeProblem: (world: World) => string | null;
  /** The way out to the real network. */
  readonly openHttp: (settings: Settings) => Promise<HttpPort>;
  /** Where the desk's pages are built to, for their faces. */
  readonly pagesFolder: string;
  /** Where this system has applications keep what is theirs. */
  readonly appData: () => string;
}
