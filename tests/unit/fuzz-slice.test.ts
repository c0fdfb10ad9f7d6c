// A bounded slice of `npm run fuzz`: every target, the same inputs every time, the ones that were once found first. A search
// runs in a thread of its own on code that counts its steps; see scripts/fuzz/search.mjs.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withFuzzBundle } from '../../scripts/fuzz/bundle.mjs';
import { searchTarget } from '../../scripts/fuzz/search.mjs';
import { fuzzTargets } from '../fuzz/targets/all-targets.ts';

const SEED = 20_260_226;
const AT_MOST_SECONDS = 60;

let workerFile: string;
let letGo: () => void;
let bundled: Promise<void>;

beforeAll(async () => {
  await new Promise<void>((resolve, reject) => {
    bundled = withFuzzBundle((file) => {
      workerFile = file;
      resolve();
      return new Promise<void>((release) => {
        letGo = release;
      });
    });
    bundled.catch(reject);
  });
}, 60_000);

afterAll(async () => {
  letGo();
  await bundled;
});

describe('promises kept for inputs from a key or another process', () => {
  test.each(fuzzTargets.map(({ name }) => name))(
    '%s',
    async (target) => {
      const { result } = await searchTarget({ workerFile, target, seed: SEED, runs: null, seconds: AT_MOST_SECONDS });
      const { finding, runs, edges } = result;
      expect(finding && `${finding.problem}\n${Buffer.from(finding.input).toString('hex')}\n${finding.stack}`).toBeUndefined();
      expect(runs).toBeGreaterThan(500);
      expect(edges).toBeGreaterThan(10);
    },
    2 * AT_MOST_SECONDS * 1_000,
  );
});
