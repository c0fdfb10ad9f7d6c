// What a stay costs Microsoft: every request of a whole registration, in order. One more is a decision, not an accident;
// docs/performance.md gives the number.
import { afterEach, expect, test } from 'vitest';
import { WholeDesk } from '../support/whole-desk.ts';

let desk: WholeDesk;
afterEach(async () => {
  await desk.close();
  expect(desk.bugs).toEqual([]);
});

test('from the first touch to the wipe a registration takes eight requests, none of them twice', async () => {
  const asked: string[] = [];
  desk = await WholeDesk.open({
    beforeHttp: (_count, request) => asked.push(`${request.method} ${new URL(request.url).pathname}`),
  });
  await desk.toKey();
  const key = await desk.key();
  key.autoTouch(200);
  await desk.plug(key);
  await desk.toWorks();
  desk.press({ type: 'continue' });
  await desk.until('done');
  desk.press({ type: 'finish' });
  await desk.until('attract');

  const anId = (path: string): string => path.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '{id}');
  const me = '/v1.0/me/authentication';
  expect(asked.map(anId)).toEqual([
    'POST /{id}/oauth2/v2.0/token',
    'GET /v1.0/me',
    `GET ${me}/temporaryAccessPassMethods`,
    `GET ${me}/microsoftAuthenticatorMethods`,
    `GET ${me}/fido2Methods/creationOptions`,
    `POST ${me}/fido2Methods`,
    `GET ${me}/fido2Methods`,
    `DELETE ${me}/temporaryAccessPassMethods/{id}`,
  ]);
  expect(new Set(asked).size).toBe(asked.length);
});
