// Three keys of different ages on the key care page: the one that is touched is the one that is taken care of.
import { expect, test } from 'vitest';
import { withCareDesk } from '../support/care-desk.ts';

test('of three keys the touched one opens, and one that is chosen on the page too', { timeout: 240_000 }, () =>
  withCareDesk(async (desk) => {
    const modern = await desk.plugIn('modern');
    const dated = await desk.plugIn('ctap20');
    const old = await desk.plugIn('u2f');
    const asked = () => desk.until('several', ({ keys, touch }) => touch && keys?.length === 3);
    const { keys } = await asked();
    expect(keys?.every(({ model }) => model !== null)).toBe(true);

    await desk.touch(dated);
    expect((await desk.until('key')).key).toMatchObject({ model: 'Firstkey Training Key 2019' });

    // Plugged in again it is the question again; this time the one of U2F alone is meant.
    await desk.hands({ type: 'key.takeOut', keyId: modern });
    await desk.hands({ type: 'key.plugIn', keyId: modern });
    await asked();
    await desk.touch(old);
    expect((await desk.until('key')).key).toMatchObject({ model: 'Firstkey Training U2F', unusable: { code: 'key.tooOld' } });

    await desk.hands({ type: 'key.takeOut', keyId: modern });
    await desk.hands({ type: 'key.plugIn', keyId: modern });
    await asked();
    await desk.pressIn('Firstkey Training Key 2019', 'This one');
    expect((await desk.until('key')).key).toMatchObject({ model: 'Firstkey Training Key 2019' });
  }),
);
