// A process that writes the story into a journal and says after each entry that it is on disk. Started by
// `journal-process.ts`, which kills it. Arguments: folder, and how many times to tell the story.
import { openSqliteStore } from '../../main/adapters/store-sqlite/sqlite-store.ts';
import { journalOptions } from './journal-options.ts';
import { journalStory } from './journal-story.ts';

const [, , directory = '', times = '1'] = process.argv;
const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const store = await openSqliteStore(journalOptions(directory));
let acknowledged = 0;
try {
  for (let stay = 0; stay < Number(times); stay += 1) {
    for (const event of journalStory) {
      await store.journal.append(`stay-${stay}`, event);
      acknowledged += 1;
      say({ acknowledged });
      // One turn of the loop for the line to leave, as the desk does other things between entries.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  say({ finished: acknowledged });
} catch (error) {
  say({ failed: error instanceof Error ? error.message : 'unknown', name: error instanceof Error ? error.name : null });
}
await store.close();
