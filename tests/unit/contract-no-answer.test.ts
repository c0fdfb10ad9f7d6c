import { describe, expect, test } from 'vitest';
import { foreignAnswer, unanswered } from '../../contract/no-answer.ts';

const named = (name: string, why?: unknown): Error => Object.assign(new Error('x'), { name }, why === undefined ? {} : { why });

describe('no answer', () => {
  test.each([
    ['name', 'network.nameNotFound', false, true],
    ['trust', 'network.notTrusted', false, false],
    ['dates', 'desk.clockWrong', false, false],
    ['proxy', 'network.proxy', false, false],
    ['redirect', 'network.captivePortal', true, false],
    ['tooLarge', 'network.wrongAnswer', true, false],
    ['unreachable', 'directory.unreachable', true, true],
    ['something new', 'directory.unreachable', true, true],
    ['constructor', 'directory.unreachable', true, true],
    [undefined, 'directory.unreachable', true, true],
  ])('because of %s', (why, code, mayHaveArrived, mayPass) => {
    expect(unanswered(named('HttpUnreachable', why))).toMatchObject({ reason: { code }, mayHaveArrived, mayPass });
  });

  test('anything else that was thrown is no such thing', () => {
    expect(unanswered(named('TypeError', 'name'))).toBeNull();
    expect(unanswered({ name: 'HttpUnreachable', why: 'name' })).toBeNull();
  });
});

describe('an answer', () => {
  const came = (status: number, type: string | null, text = '{}') =>
    foreignAnswer({ status, headers: new Headers(type === null ? {} : { 'content-type': type }), text })?.code ?? null;

  test.each([
    [200, 'application/json; charset=utf-8', '{}'],
    [200, 'application/json;odata.metadata=minimal;odata.streaming=true', '{}'],
    [200, 'application/problem+json', '{}'],
    [200, null, '{}'],
    [204, null, ''],
    [403, 'application/json', '{}'],
    [400, 'text/plain', 'Bad Request'],
    [503, 'text/html', '<html>Service Unavailable</html>'],
    [429, 'text/html', '<html>slow</html>'],
  ])('%d of type %s may be the service’s own', (status, type, text) => {
    expect(came(status, type, text)).toBeNull();
  });

  test.each([
    [200, 'text/html', '', 'network.captivePortal'],
    [200, 'TEXT/HTML; charset=utf-8', '<p>', 'network.captivePortal'],
    [200, 'application/json', ' \n<!doctype html><title>Hotel</title>', 'network.captivePortal'],
    [200, null, '<HTML>', 'network.captivePortal'],
    [403, 'text/html', '<html>blocked</html>', 'network.wrongAnswer'],
    [404, 'application/json', '<html>', 'network.wrongAnswer'],
    [200, 'text/plain', 'hello', 'network.wrongAnswer'],
    [200, 'image/png', '', 'network.wrongAnswer'],
    [407, 'text/html', '', 'network.proxy'],
    [511, 'text/html', '', 'network.captivePortal'],
  ])('%d of type %s with %j comes from in between', (status, type, text, code) => {
    expect(came(status, type, text)).toBe(code);
  });
});
