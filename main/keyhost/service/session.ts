// One client's time with the key service, in a process of its own: what the client did is gone with the process.
import { setTimeout as wait } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import type { RunningKeyHost } from '../host.ts';
import type { KeyHostStart } from '../life-protocol.ts';
import { machineTrustSources } from '../trust/kept-metadata.ts';
import { nodeSurroundings } from '../node-surroundings.ts';
import { openLinks } from '../plugged/open-links.ts';
import { serveKeyHost } from '../serve-key-host.ts';
import { framePipe } from './frame-pipe.ts';

/** A client that has not said its start by now holds the place for nothing. */
const startWithinMs = 5_000;
/** A key that does not let go is let go by the end of the process. */
const closeWithinMs = 3_000;
const refusalMs = 100;

/** What a client has not fetched: some hundred answers. */
const mostUnsentBytes = 262_144;

/** Serves the client at the other end of `stream`, and ends the process with it. */
export function serveSession(stream: Duplex, offered: KeyHostStart): void {
  const pipe = framePipe(stream, { mostUnsentBytes });
  const late = setTimeout(() => process.exit(0), startWithinMs);
  let host: RunningKeyHost | null = null;
  serveKeyHost({ pipe, surroundings: nodeSurroundings, openLinks, trustSources: machineTrustSources, offered }).then(
    (running) => {
      host = running;
      clearTimeout(late);
    },
    // Its start was refused and answered; a moment for the answer to leave.
    () => void wait(refusalMs).then(() => process.exit(0)),
  );
  // Without its keeper nobody would stop a second client from being let in.
  process.once('disconnect', () => pipe.destroy());
  pipe.onClosed(() => {
    const closed = Promise.race([host?.close() ?? Promise.resolve(), wait(closeWithinMs)]);
    void closed.catch(() => undefined).finally(() => process.exit(0));
  });
}
