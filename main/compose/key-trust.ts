// Which keys this desk trusts, as its key host is told, and the metadata it rests on: read once the first screen stands, looked
// after from then on. Training trusts its own keys: no list in the world knows them.
import path from 'node:path';
import { MetadataShelf, type MetadataTrouble } from '../adapters/metadata-file/metadata-shelf.ts';
import type { KeyHostStart } from '../keyhost/life-protocol.ts';
import type { ClockPort } from '../ports/clock.ts';
import type { HttpPort } from '../ports/http.ts';
import type { DeskParts } from './desk-parts.ts';

export interface KeyTrust {
  /** For the start of the key host. */
  readonly start: Pick<KeyHostStart, 'trust' | 'metadata'>;
  /** Resolves when the host may start; never rejects. */
  readonly ready: Promise<void>;
  close(): void;
}

export interface KeyTrustParts {
  readonly parts: Pick<DeskParts, 'world' | 'settings' | 'dataFolder' | 'onTrouble' | 'onBug'>;
  readonly clock: ClockPort;
  readonly openHttp: () => HttpPort;
  readonly firstPicture: Promise<void>;
}

/** The metadata itself says when the next one is due; this is how often that is looked at. */
const lookAgainMs = 6 * 60 * 60_000;

export function keyTrust({ parts, clock, openHttp, firstPicture }: KeyTrustParts): KeyTrust {
  const { world, settings, dataFolder, onTrouble, onBug } = parts;
  if (world === 'training') return { start: {}, ready: firstPicture, close: () => undefined };
  const keptFile = path.join(dataFolder, world, 'metadata');
  const closing = new AbortController();
  let cancel = (): void => undefined;
  const tell = (troubles: readonly MetadataTrouble[]): void => {
    for (const { from, why } of troubles) onTrouble(`metadata (${from}): ${JSON.stringify(why)}`);
  };
  const lookAfter = async (shelf: MetadataShelf): Promise<void> => {
    tell(await shelf.refresh(closing.signal));
    cancel = clock.after(lookAgainMs, () => void lookAfter(shelf).catch(failed));
  };
  const failed = (bug: unknown): void => {
    if (!closing.signal.aborted) onBug(bug);
  };
  const ready = firstPicture.then(async () => {
    try {
      const { shelf, troubles } = await MetadataShelf.open({ keptFile, settings, clock, http: openHttp() });
      tell(troubles);
      // The network has time; what is on this machine has to do until then.
      void lookAfter(shelf).catch(failed);
    } catch (bug) {
      failed(bug);
    }
  });
  const { allowedKeyModels, refusedKeyModels, requireAttestation, requireMetadata, leastCertification, freshKeysOnly } = settings;
  return {
    start: {
      trust: {
        allowedKeyModels: [...allowedKeyModels],
        refusedKeyModels: [...refusedKeyModels],
        requireAttestation,
        requireMetadata,
        leastCertification,
        freshKeysOnly,
      },
      metadata: { keptFile, graceDays: settings.metadataGraceDays },
    },
    ready,
    close() {
      closing.abort();
      cancel();
    },
  };
}
