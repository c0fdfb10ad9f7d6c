// The desk's sign of life for whoever supervises it: a number in a file, which grows as long as the desk's own loop turns. A
// desk that hangs is ended by the one who reads it (assets/station/linux/screen-client). systemd's own way, a datagram to
// NOTIFY_SOCKET (sd_notify(3)), is closed to Node.js, which has no local datagram sockets.
import { writeFile } from 'node:fs/promises';
import type { ClockPort } from '../../ports/clock.ts';

const everyMs = 5_000;

/**
 * Writes the first beat at once. Where the folder is not there, or not this account's, nobody supervises and nothing is written.
 *
 * @returns stops it
 */
export function startPulse({ file, clock }: { readonly file: string; readonly clock: ClockPort }): () => void {
  let beats = 0;
  let stopped = false;
  let cancel: () => void = () => undefined;
  const beat = async (): Promise<void> => {
    beats += 1;
    // A folder that went away or a full one: whoever misses the beat acts, not the desk.
    await writeFile(file, `${beats}\n`, { mode: 0o600 }).catch(() => undefined);
    if (!stopped) cancel = clock.after(everyMs, () => void beat());
  };
  void beat();
  return () => {
    stopped = true;
    cancel();
  };
}
