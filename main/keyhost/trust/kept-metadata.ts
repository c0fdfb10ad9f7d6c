import { MetadataUnreadable, readKeptBlob } from '../../adapters/metadata-file/kept-blob.ts';
import type { TrustSources } from './host-trust.ts';

/** The machine's clock, and the file that the desk keeps; one that can't be read is as good as none. */
export const machineTrustSources: TrustSources = {
  wallMs: Date.now,
  readKept: async (file) => {
    try {
      return await readKeptBlob(file);
    } catch (error) {
      if (error instanceof MetadataUnreadable) return null;
      throw error;
    }
  },
};
