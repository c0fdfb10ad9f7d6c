// What a stay costs Microsoft: every request of a whole registration, in order. One more is a decision, not an accident;
// docs/performance.md gives the numbers.
import { afterEach, expect, test } from 'vitest';
import { WholeDesk } from '../support/whole-desk.ts';

let desk: WholeDesk;
afterEach(async () => {
  await desk.close();
  expect(desk.bugs).toEqual([]);
});

const anId = (path: string): string => path.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '{id}');

interface Asked {
  /** Method and path, ids taken out; parts of a batch in brackets after it. */
  readonly asked: readonly string[];
  /** As they went out. */
  readonly sent: readonly string[];
}

/** One person with one key, from the first touch to the wipe; what the desk read before they came is left out. */
async function register(knows: boolean): Promise<Asked> {
  const sent: Promise<string>[] = [];
  desk = await WholeDesk.open({ knows, beforeHttp: (_count, request) => sent.push(told(request.clone())) });
  const before = sent.length;
  await desk.toKey();
  const key = await desk.key();
  key.autoTouch(200);
  await desk.plug(key);
  await desk.toWorks();
  desk.press({ type: 'continue' });
  await desk.until('done');
  desk.press({ type: 'finish' });
  await desk.until('attract');
  const stay = (await Promise.all(sent)).slice(before);
  return { asked: stay.map(anId), sent: stay };
}

async function told(request: Request): Promise<string> {
  const { method, url } = request;
  const { pathname } = new URL(url);
  if (!pathname.endsWith('/$batch')) return `${method} ${pathname}`;
  const { requests } = (await request.json()) as { readonly requests: readonly { readonly url: string }[] };
  return `${method} ${pathname} [${requests.map((part) => part.url.split('?')[0]).join(' ')}]`;
}

const me = '/v1.0/me/authentication';
const whoSignedIn =
  'POST /v1.0/$batch [/me /me/authentication/temporaryAccessPassMethods /me/authentication/microsoftAuthenticatorMethods]';
const keyAndGone = [
  `GET ${me}/fido2Methods/creationOptions`,
  `POST ${me}/fido2Methods`,
  `GET ${me}/fido2Methods`,
  `DELETE ${me}/temporaryAccessPassMethods/{id}`,
] as const;

test('from the first touch to the wipe a registration takes six requests, none of them twice', async () => {
  const { asked, sent } = await register(false);
  expect(asked).toEqual(['POST /{id}/oauth2/v2.0/token', whoSignedIn, ...keyAndGone]);
  expect(new Set(sent).size).toBe(sent.length);
});

test('at a desk with a sign-in of its own it takes one more, for who this person is', async () => {
  const { asked, sent } = await register(true);
  expect(asked.toSorted()).toEqual(
    [
      'POST /{id}/oauth2/v2.0/token',
      whoSignedIn,
      'POST /v1.0/$batch [/users/{id} /users/{id}/transitiveMemberOf /users/{id}/authentication/methods /domains /reports/authenticationMethods/userRegistrationDetails/{id}]',
      ...keyAndGone,
    ].toSorted(),
  );
  expect(new Set(sent).size).toBe(sent.length);
});
