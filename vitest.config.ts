import { defineConfig } from 'vitest/config';
import { wordsPlugin } from './scripts/build/words-plugin.mjs';

// One project per ring (docs/verification.md). Every ring has a bounded time per test: nothing waits for ever.
const node = { environment: 'node' } as const;
// Rings that drive windows: one at a time, because pictures and times mean little on an overloaded machine.
const windowed = {
  environment: 'node',
  globalSetup: ['scripts/test/windowed-setup.mjs'],
  fileParallelism: false,
  testTimeout: 60_000,
  hookTimeout: 60_000,
} as const;

export default defineConfig({
  test: {
    passWithNoTests: false,
    allowOnly: false,
    projects: [
      ring('unit', { ...node, testTimeout: 20_000 }),
      ring('wire', { ...node, testTimeout: 20_000 }),
      ring('walk', { ...node, testTimeout: 120_000 }),
      // Its pages are laid out and looked at, never timed.
      ring('screens', { ...windowed, fileParallelism: true, maxWorkers: 2 }),
      ring('app', windowed),
      ring('vm', { ...node, fileParallelism: false, testTimeout: 300_000, hookTimeout: 300_000 }),
    ],
  },
});

function ring(name: string, options: object) {
  return {
    plugins: [wordsPlugin()],
    test: { name, include: [`tests/${name}/**/*.test.ts`, `tests/${name}/**/*.test.tsx`], ...options },
  };
}
