// The demonstration, as a visitor runs it first: its stories go through, and a story that does not go through is told so. The
// two that are told here are stories of the planner too (docs/verification.md).
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { giveDemo } from '../../scripts/demo/give-demo.mjs';
import type { Story } from '../../scripts/demo/stories.mjs';
import type { ToldStory } from '../../scripts/demo/tell-story.mjs';
import { resolveElectron } from '../../scripts/set-up/electron-runtime.mjs';
import { keyOnly, storyCalled } from '../support/story-desk.ts';

const storyDeadlineMs = 240_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'firstkey-story-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function give(story: Story, language: 'en' | 'nl') {
  const exitCode = await giveDemo({
    stories: [story],
    folder,
    language,
    electron: await resolveElectron(),
    environment: process.env,
    frame: '1366x768',
  });
  const place = path.join(folder, language === 'en' ? story.name : `${story.name}-${language}`);
  const told: ToldStory = JSON.parse(await readFile(path.join(place, 'report.json'), 'utf8'));
  return { exitCode, told, page: await readFile(path.join(place, 'index.html'), 'utf8'), files: await readdir(place) };
}

describe('the demonstration', () => {
  test.each([
    ['whole', 'en'],
    ['phone-first', 'nl'],
  ] as const)('tells the story %s in %s', { timeout: storyDeadlineMs }, async (name, language) => {
    const { exitCode, told, page, files } = await give(storyCalled(name), language);
    expect(told.failure).toBeNull();
    expect(exitCode).toBe(0);
    expect(told.ledger).toEqual({
      keys: [
        expect.objectContaining({
          name: 'Firstkey Training Key A',
          attestationFormat: 'packed',
          attested: true,
          verifiedBy: expect.arrayContaining(['SimpleWebAuthn']),
        }),
      ],
      phones: [{ name: expect.any(String), phoneSignIn: true }],
      pass: 'none',
    });
    const pictures = told.steps.map(({ picture }) => picture);
    expect(pictures.length).toBeGreaterThan(12);
    expect(files).toEqual(expect.arrayContaining(pictures));
    for (const picture of pictures) expect(page).toContain(`src="${picture}"`);
    expect(page).toContain('Every step went as it should.');
    expect(page).toContain('SimpleWebAuthn');
  });

  test('fails when a step does, and says which', { timeout: storyDeadlineMs }, async () => {
    const { exitCode, told, page } = await give({ ...keyOnly, name: 'no-such-key', key: 'left-at-home' }, 'en');
    expect(exitCode).toBe(1);
    expect(told.failure).toEqual({ step: 'insert', message: expect.stringContaining('key.plugIn was not possible') });
    expect(told.ledger).toBeNull();
    expect(told.steps.at(-1)?.name).toBe('failed');
    expect(page).toContain('Failed at “insert”');
  });
});
