// Where the journal's head is sent, by the settings; and a small file that says how that goes, for the doctor.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { otlpAnchor } from '../adapters/anchor-servers/otlp-anchor.ts';
import { syslogAnchor } from '../adapters/anchor-servers/syslog-anchor.ts';
import { AnchorRunner, type AnchorStanding } from '../conductor/journal/anchor-runner.ts';
import type { AnchorPort } from '../ports/anchor.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { JournalSettings } from '../ports/settings.ts';
import type { StorePort } from '../ports/store.ts';
import type { DeskParts } from './desk-parts.ts';
import type { OpenedStore } from './open-store.ts';

/** Beside the journal's folder, in the folder of its world. */
export const anchorsFile = (dataFolder: string, world: string): string => path.join(dataFolder, world, 'anchors.json');

const minuteMs = 60_000;

export interface OpenAnchorsOptions {
  readonly opened: Pick<OpenedStore, 'onStore'>;
  readonly parts: Pick<DeskParts, 'settings' | 'dataFolder' | 'world' | 'version' | 'onTrouble'>;
  readonly clock: ClockPort;
  /** No first picture waits for a server of logs. */
  readonly firstPicture: Promise<void>;
}

/** Sends as soon as there is a store and a picture. */
export function openAnchors({ opened, parts, clock, firstPicture }: OpenAnchorsOptions): { close(): void } {
  let isClosed = false;
  let runners: readonly AnchorRunner[] = [];
  opened.onStore((store) => {
    void firstPicture.then(() => {
      if (!isClosed) runners = runnersOf(store, parts, clock);
    });
  });
  return {
    close() {
      isClosed = true;
      for (const runner of runners) runner.stop();
    },
  };
}

function runnersOf(store: StorePort, parts: OpenAnchorsOptions['parts'], clock: ClockPort): readonly AnchorRunner[] {
  const { settings, dataFolder, world, version, onTrouble } = parts;
  const standings = new Map<AnchorStanding['to'], AnchorStanding>();
  const file = anchorsFile(dataFolder, world);
  let writing = Promise.resolve();
  const onStanding = (standing: AnchorStanding): void => {
    standings.set(standing.to, standing);
    if (standing.trouble !== null) onTrouble(`the journal's head does not reach ${standing.to}: ${standing.trouble}`);
    const text = `${JSON.stringify([...standings.values()])}\n`;
    writing = writing.then(() => keep(file, text)).catch(() => onTrouble('how the anchors stand can’t be written down'));
  };
  return portsOf(settings, version).map(
    (port) =>
      new AnchorRunner({
        port,
        heads: store.heads,
        clock,
        everyEntries: settings.anchorEveryEntries,
        everyMs: settings.anchorEveryMinutes * minuteMs,
        // A journal that takes nothing closes the desk by itself.
        write: (event) => void store.journal.append(null, event).catch(() => undefined),
        onStanding,
      }),
  );
}

function portsOf({ syslogHost, syslogPort, otlpUrl, anchorCa }: JournalSettings, version: string): readonly AnchorPort[] {
  const name = hostname();
  return [
    ...(syslogHost === null
      ? []
      : [withCa('syslog', anchorCa, (ca) => syslogAnchor({ host: syslogHost, port: syslogPort, ca, hostname: name, version }))]),
    ...(otlpUrl === null ? [] : [withCa('otlp', anchorCa, (ca) => otlpAnchor({ url: otlpUrl, ca, hostname: name, version }))]),
  ];
}

/** The company's certificates are read for each batch: a new file counts without a start. */
function withCa(target: AnchorPort['target'], file: string | null, portOf: (ca: string | null) => AnchorPort): AnchorPort {
  return {
    target,
    async send(messages, signal) {
      const ca = file === null ? null : await readPem(file);
      return ca === 'unreadable' ? 'caUnreadable' : portOf(ca).send(messages, signal);
    },
  };
}

async function readPem(file: string): Promise<string> {
  try {
    const text = await readFile(file, 'utf8');
    return text.includes('-----BEGIN CERTIFICATE-----') ? text : 'unreadable';
  } catch {
    return 'unreadable'; // gone, or not for this account
  }
}

async function keep(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
