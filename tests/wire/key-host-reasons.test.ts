// Everything a key, its link or the host can say no with has a reason, and no number is lost on the way.
import { describe, expect, test } from 'vitest';
import { reasons, type ReasonCode } from '../../contract/reason.ts';
import type { KeyRefusal } from '../../main/fido/key/outcome.ts';
import { CTAP_STATUS, CtapStatusError, type CtapStatusName } from '../../main/fido/ctap/status.ts';
import { HID_ERROR } from '../../main/fido/hid/codes.ts';
import { ChannelClosed, CtapHidError, KeyNotAnswering } from '../../main/fido/hid/errors.ts';
import { PacketLinkClosed } from '../../main/fido/hid/packet-link.ts';
import { ProtocolViolation } from '../../main/fido/protocol-violation.ts';
import { Cancelled, DeadlinePassed, KeyGone } from '../../main/keyhost/ceremony/endings.ts';
import { LinkNotOpened } from '../../main/keyhost/plugged/link-source.ts';
import type { CeremonyVerb } from '../../main/keyhost/protocol.ts';
import { hidErrorRows, reasonOf, reasonOfRefusal, statusRows } from '../../main/keyhost/ceremony/reasons.ts';

const verbs: readonly CeremonyVerb[] = ['describe', 'setPin', 'changePin', 'makeCredential', 'prove', 'discard'];
const circumstances = (verb: CeremonyVerb, waitedForTouch = false) => ({ verb, waitedForTouch });

describe('CTAP statuses', () => {
  const names = Object.keys(CTAP_STATUS) as CtapStatusName[];

  test('every one has a row, and no row stands for none', () => {
    expect(Object.keys(statusRows).toSorted()).toEqual(names.toSorted());
  });

  test.each(names)('%s keeps its number and name for every verb', (name) => {
    for (const verb of verbs) {
      const reason = reasonOf(new CtapStatusError(CTAP_STATUS[name], 'makeCredential'), circumstances(verb));
      expect(reason?.detail).toMatchObject({ status: CTAP_STATUS[name], statusName: name });
      expect(reasons).toHaveProperty([reason?.code ?? '']);
    }
  });

  test('all numbers there are: none without a reason, unknown ones refused by number', () => {
    const known = new Set<number>(Object.values(CTAP_STATUS));
    for (let status = 0; status <= 0xff; status += 1) {
      const reason = reasonOf(new CtapStatusError(status, 'makeCredential'), circumstances('makeCredential'));
      expect(reason?.detail?.status).toBe(status);
      expect(known.has(status) || reason?.code === 'key.refused').toBe(true);
    }
  });

  const telling: readonly [CtapStatusName, CeremonyVerb, ReasonCode][] = [
    ['CREDENTIAL_EXCLUDED', 'makeCredential', 'key.alreadyRegistered'],
    ['KEY_STORE_FULL', 'makeCredential', 'key.full'],
    ['UNSUPPORTED_ALGORITHM', 'makeCredential', 'key.noAlgorithm'],
    ['UNSUPPORTED_OPTION', 'makeCredential', 'key.noResidentKeys'],
    ['UNSUPPORTED_OPTION', 'prove', 'key.refused'],
    ['OPERATION_DENIED', 'makeCredential', 'key.touchDenied'],
    ['USER_ACTION_TIMEOUT', 'makeCredential', 'key.touchTimeout'],
    ['ACTION_TIMEOUT', 'prove', 'key.touchTimeout'],
    ['NO_CREDENTIALS', 'prove', 'key.proofFailed'],
    ['NO_CREDENTIALS', 'signIn', 'key.noAccount'],
    ['NO_CREDENTIALS', 'makeCredential', 'key.refused'],
    ['PIN_INVALID', 'makeCredential', 'key.pinWrong'],
    ['PIN_AUTH_BLOCKED', 'makeCredential', 'key.pinReplug'],
    ['PIN_BLOCKED', 'changePin', 'key.pinLocked'],
    ['PIN_POLICY_VIOLATION', 'setPin', 'key.pinRefused'],
    ['PIN_POLICY_VIOLATION', 'changePin', 'key.pinRefused'],
    ['PIN_POLICY_VIOLATION', 'makeCredential', 'key.pinMustChange'],
    ['CHANNEL_BUSY', 'describe', 'key.busy'],
    ['INVALID_CHANNEL', 'describe', 'key.notAnswering'],
    ['OTHER', 'prove', 'key.refused'],
  ];

  test.each(telling)('%s during %s is %s', (name, verb, code) => {
    expect(reasonOf(new CtapStatusError(CTAP_STATUS[name], verb), circumstances(verb))?.code).toBe(code);
  });
});

describe('the link', () => {
  test('every CTAPHID error has a row', () => {
    expect(Object.keys(hidErrorRows).toSorted()).toEqual([...Object.keys(HID_ERROR), 'UNKNOWN'].toSorted());
  });

  test('every CTAPHID error keeps its number, in a space of its own', () => {
    for (let code = 0; code <= 0xff; code += 1) {
      const reason = reasonOf(new CtapHidError(code, 0x10), circumstances('describe'));
      expect(reason?.detail?.status).toBe(code);
      expect(reason?.detail?.statusName).toMatch(/^HID_/);
    }
  });

  test.each([
    [new KeyGone(), 'key.removed'],
    [new PacketLinkClosed(), 'key.removed'],
    [new KeyNotAnswering('silent', 0x10, 3_000), 'key.notAnswering'],
    [new KeyNotAnswering('endless', 0x10, 120_000), 'key.notAnswering'],
    [new ProtocolViolation('getInfo answer', 'not a map'), 'key.misbehaved'],
    [new LinkNotOpened('permission'), 'key.noAccess'],
    [new LinkNotOpened('elevation'), 'key.notElevated'],
    [new LinkNotOpened('inUse'), 'key.heldElsewhere'],
    [new DeadlinePassed(), 'key.notAnswering'],
  ] as const)('%s', (error, code) => {
    expect(reasonOf(error, circumstances('describe'))?.code).toBe(code);
  });

  test('the deadline of a key that blinked is the person’s', () => {
    expect(reasonOf(new DeadlinePassed(), circumstances('prove', true))).toEqual({ code: 'key.touchTimeout' });
  });

  test('what is no outcome has no reason: bugs, and what this side ended itself', () => {
    for (const error of [new TypeError('x'), new RangeError('x'), new Cancelled(), new ChannelClosed(), 'text', undefined]) {
      expect(reasonOf(error, circumstances('describe'))).toBeNull();
    }
  });
});

describe('refusals the protocol room has understood', () => {
  const refusals: readonly [KeyRefusal, CeremonyVerb, ReasonCode][] = [
    [{ kind: 'noCtap2' }, 'setPin', 'key.tooOld'],
    [{ kind: 'pinWrong', retriesLeft: 3 }, 'prove', 'key.pinWrong'],
    [{ kind: 'replugNeeded', retriesLeft: undefined }, 'prove', 'key.pinReplug'],
    [{ kind: 'pinLocked' }, 'prove', 'key.pinLocked'],
    [{ kind: 'pinRefused', fault: 'policy', minPinLength: 4, maxPinLength: 63 }, 'setPin', 'key.pinRefused'],
    [{ kind: 'pinRefused', fault: 'tooShort', minPinLength: 4, maxPinLength: 63 }, 'prove', 'key.pinWrong'],
    [{ kind: 'pinMustChange' }, 'makeCredential', 'key.pinMustChange'],
    [{ kind: 'pinNotSet' }, 'makeCredential', 'key.refused'],
    [{ kind: 'pinAlreadySet' }, 'setPin', 'key.refused'],
    [{ kind: 'pinUnsupported' }, 'setPin', 'key.noPinSupport'],
    [{ kind: 'fingerprintNeeded' }, 'makeCredential', 'key.refused'],
    [{ kind: 'alreadyRegistered' }, 'makeCredential', 'key.alreadyRegistered'],
    [{ kind: 'touchTimeout' }, 'makeCredential', 'key.touchTimeout'],
    [{ kind: 'touchDenied' }, 'makeCredential', 'key.touchDenied'],
    [{ kind: 'keyFull' }, 'makeCredential', 'key.full'],
    [{ kind: 'noAlgorithm' }, 'makeCredential', 'key.noAlgorithm'],
    [{ kind: 'noCredential' }, 'prove', 'key.proofFailed'],
    [{ kind: 'noCredential' }, 'signIn', 'key.noAccount'],
    [{ kind: 'noCredProtect' }, 'makeCredential', 'key.refused'],
    [{ kind: 'fingerprintWrong', retriesLeft: 2 }, 'prove', 'key.refused'],
    [{ kind: 'fingerprintLocked' }, 'prove', 'key.refused'],
    [{ kind: 'fingerprintsFull' }, 'prove', 'key.refused'],
    [{ kind: 'noFingerprint' }, 'prove', 'key.refused'],
    [{ kind: 'notOffered', feature: 'alwaysUv' }, 'setPin', 'key.refused'],
    [{ kind: 'minPinLengthTooLow', minPinLength: 6 }, 'setPin', 'key.refused'],
    [{ kind: 'tooManyRpIds', max: 1 }, 'setPin', 'key.refused'],
    [{ kind: 'settingNotTaken' }, 'setPin', 'key.refused'],
    [{ kind: 'attestationNeedsPin' }, 'makeCredential', 'key.refused'],
    [{ kind: 'anotherKey' }, 'setPin', 'key.swapped'],
    [{ kind: 'resetNotAllowed' }, 'setPin', 'key.resetTooLate'],
  ];

  test.each(refusals)('%j during %s is %s', (refusal, verb, code) => {
    expect(reasonOfRefusal(refusal, verb).code).toBe(code);
  });

  test('tries left are told when the key tells them', () => {
    expect(reasonOfRefusal({ kind: 'pinWrong', retriesLeft: 3 }, 'prove').detail).toEqual({ retriesLeft: 3 });
    expect(reasonOfRefusal({ kind: 'pinWrong', retriesLeft: undefined }, 'prove')).toEqual({ code: 'key.pinWrong' });
  });
});
