import { ServerError, InteractionRequiredAuthError, ClientAuthError, ClientConfigurationError } from '@azure/msal-node';
import { describe, expect, test } from 'vitest';
import { reasonForAadsts } from '../../contract/aadsts.ts';
import { reasonOfAnswer, reasonOfError } from '../../main/adapters/identity-msal/refusal.ts';

const correlationId = '77aa0c52-6f0d-4f43-9a35-0a5d5b7c2f10';

describe('the numbers of the sign-in service', () => {
  test.each([
    [130502, 'pass.notAllowed'],
    [130503, 'pass.wrong'],
    [130504, 'pass.expired'],
    [130505, 'pass.used'],
    [130507, 'pass.missing'],
    [50057, 'signIn.accountDisabled'],
    [50034, 'signIn.unknownAccount'],
    [50053, 'signIn.locked'],
    [50126, 'signIn.noPassword'],
    [50072, 'signIn.moreAsked'],
    [50079, 'signIn.moreAsked'],
    [50125, 'signIn.moreAsked'],
    [50074, 'signIn.policy'],
    [135_001, 'signIn.keyRefused'],
    [135_022, 'signIn.keyRefused'],
    [50020, 'signIn.unknownAccount'],
    [16003, 'signIn.unknownAccount'],
    [90072, 'signIn.unknownAccount'],
    [50074, 'signIn.policy'],
    [53003, 'signIn.policy'],
    [53004, 'signIn.policy'],
    [53010, 'signIn.policy'],
    [530035, 'signIn.policy'],
    [700082, 'directory.tokenExpired'],
    [700024, 'desk.clockWrong'],
    [70008, 'directory.tokenExpired'],
  ])('%d is %s and keeps its number', (code, reason) => {
    expect(reasonForAadsts(code)).toEqual({ code: reason, detail: { status: code } });
  });

  test.each([90015, 7_000_218, 999_999])('%d has no words of its own but keeps its number', (code) => {
    expect(reasonForAadsts(code)).toEqual({ code: 'signIn.refused', detail: { status: code } });
  });
});

describe('an answer in the address', () => {
  test('the number and the id for support are read, the text is not kept', () => {
    const description = `AADSTS50105: Lina Berg is not assigned. Trace ID: 1b0c7f52-6f0d-4f43-9a35-0a5d5b7c2f10 Correlation ID: ${correlationId} Timestamp: 2026-11-23 09:20:11Z`;
    const reason = reasonOfAnswer('access_denied', description);
    expect(reason).toEqual({ code: 'signIn.policy', detail: { status: 50105, requestId: correlationId } });
    expect(JSON.stringify(reason)).not.toContain('Lina');
  });

  test('without a number the OAuth name stays, unless it is no name', () => {
    expect(reasonOfAnswer('temporarily_unavailable', '')).toEqual({
      code: 'signIn.refused',
      detail: { statusName: 'temporarily_unavailable' },
    });
    expect(reasonOfAnswer('<script>alert(1)</script>', 'AADSTS: none')).toEqual({ code: 'signIn.refused' });
  });
});

describe('what MSAL throws', () => {
  const server = (errorNo?: string) =>
    new ServerError('invalid_grant', correlationId, 'lina.berg@example.com', undefined, errorNo, 400);

  test('a number decides; an unlisted one is a refused sign-in or an expired token, by what was asked', () => {
    expect(reasonOfError(server('130504'), 'directory.tokenExpired')).toEqual({
      code: 'pass.expired',
      detail: { status: 130_504, requestId: correlationId },
    });
    expect(reasonOfError(server('90015'), 'signIn.refused').code).toBe('signIn.refused');
    expect(reasonOfError(server('90015'), 'directory.tokenExpired')).toEqual({
      code: 'directory.tokenExpired',
      detail: { status: 90_015, requestId: correlationId },
    });
    const interaction = new InteractionRequiredAuthError('interaction_required', correlationId, 'x', '', '', '', '{}', '50076');
    expect(reasonOfError(interaction, 'directory.tokenExpired').code).toBe('directory.tokenExpired');
  });

  test('without a number the name stays and the text is dropped', () => {
    const reason = reasonOfError(server(), 'signIn.refused');
    expect(reason).toEqual({ code: 'signIn.refused', detail: { statusName: 'invalid_grant', requestId: correlationId } });
    expect(JSON.stringify(reason)).not.toContain('lina');
  });

  test('an answer to somebody else and a missing authority are outcomes', () => {
    expect(reasonOfError(new ClientAuthError('nonce_mismatch', ''), 'signIn.refused')).toEqual({
      code: 'signIn.refused',
      detail: { statusName: 'nonce_mismatch' },
    });
    expect(reasonOfError(new ClientAuthError('endpoints_resolution_error', ''), 'signIn.refused').code).toBe(
      'directory.unreachable',
    );
  });

  test('mistakes of ours go up', () => {
    const wrong = new ClientConfigurationError('authority_uri_insecure', '');
    expect(() => reasonOfError(wrong, 'signIn.refused')).toThrow(wrong);
    const bug = new TypeError('x is not a function');
    expect(() => reasonOfError(bug, 'signIn.refused')).toThrow(bug);
  });
});
