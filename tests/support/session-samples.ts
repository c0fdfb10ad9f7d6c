// One believable value of everything a port may answer, and every way it may say no.
import { because, type Reason } from '../../contract/reason.ts';
import type { PassFacts, PhoneMethod } from '../../main/ports/directory.ts';
import type { CreationOptions, KeyDescription, KeyRef, MadeCredential } from '../../main/ports/key.ts';
import type { AccountFacts, DeskKnowledge, Effects } from '../../main/session/effect.ts';
import type { DeskFacts } from '../../main/session/planner/desk-facts.ts';
import type { StayInput } from '../../main/session/stay-context.ts';
import { accessPolicy, tenantRules } from './tenant-samples.ts';

export const keyA: KeyRef = { insertion: 'a' };
export const keyB: KeyRef = { insertion: 'b' };

export const description: KeyDescription = {
  model: 'Practice key',
  plug: 'usb-a',
  aaguid: '00000000-0000-4000-8000-000000000001',
  firmware: '1.0.0',
  pin: 'none',
  tries: null,
  minPinLength: 4,
  maxPinLength: 63,
  unusable: null,
};

export const options: CreationOptions = {
  rp: { id: 'login.microsoft.com', name: 'Microsoft' },
  user: { idB64u: 'T0Y6', name: 'noor@example.com', displayName: 'Noor' },
  challengeB64u: 'AAAA',
  algorithms: [-7],
  excludeCredentialIdsB64u: [],
  hmacCreateSecret: true,
  credentialProtection: null,
  expiresAtMs: 300_000,
};

export const made: MadeCredential = {
  credentialIdB64u: 'Y3JlZA',
  clientDataJsonB64u: 'e30',
  attestationObjectB64u: 'oA',
  attestationFormat: 'packed',
  aaguid: '00000000-0000-4000-8000-000000000001',
  rpId: 'login.microsoft.com',
  userIdB64u: 'T0Y6',
  publicKeyCoseB64u: 'oA',
  clientExtensionResults: {},
};

const noName = { name: null, displayName: null };

export const passFacts: PassFacts = {
  methodId: 'pass',
  usableOnce: false,
  startsAtMs: 0,
  endsAtMs: 3_600_000,
  usability: 'EnabledByPolicy',
};
export const phone: PhoneMethod = { methodId: 'phone', name: 'Pixel', signInOn: true };

export const accountFacts: AccountFacts = {
  account: { objectId: 'o', tenantId: 't', userName: 'noor@example.com', displayName: 'Noor van Dijk', seenFrom: null },
  profile: { objectId: 'o', userName: 'noor@example.com', displayName: 'Noor van Dijk', firstName: 'Noor' },
  pass: passFacts,
  phones: [],
  standing: null,
  signedInAtMs: 1_000,
};

export const knowsNothing: DeskKnowledge = { rules: null, place: null, elsewhere: null };
/** The desk is not where it should be. */
export const knowsElsewhere: DeskKnowledge = { ...knowsNothing, elsewhere: because('desk.behindVpn') };
/** Nobody may register a key anywhere. */
export const knowsBlock: DeskKnowledge = { rules: tenantRules({ passkeys: { enabled: false } }), place: null, elsewhere: null };
/** Everybody but some is stopped. */
export const knowsLikelyBlock: DeskKnowledge = {
  rules: tenantRules({
    accessPolicies: [
      accessPolicy({
        users: { ...accessPolicy().users, excludeGroups: ['break-glass'] },
        grant: { operator: 'OR', builtInControls: ['block'], strengthId: null },
      }),
    ],
  }),
  place: null,
  elsewhere: null,
};

export const deskFacts: DeskFacts = {
  clientId: 'desk',
  route: 'self',
  rulesCoverGraph: true,
  cloudRegistersKeys: true,
  phoneWanted: true,
};

export const stayInput: StayInput = {
  world: 'training',
  contact: 'IT desk, 1234',
  idleMs: 90_000,
  idleAwayMs: 240_000,
  minPinLength: 6,
  litPorts: false,
  preferAuthenticator: true,
  deskFacts,
  registrationRoutes: ['self', 'portal'],
  findings: [],
  nowWallMs: () => 5_000,
  closedBecause: null,
};

const granted = (value: unknown) => ({ ok: true, value }) as const;
const refusedBy = (reason: Reason) => ({ ok: false, reason }) as const;

/** The reasons that some flow treats in a way of their own, with the details that change what happens next. */
const special: readonly Reason[] = [
  because('key.removed'),
  because('key.pinWrong', { retriesLeft: 5 }),
  because('key.pinWrong', { retriesLeft: 1 }),
  because('key.pinReplug'),
  because('key.pinLocked'),
  because('key.pinRefused'),
  because('key.pinMustChange'),
  because('key.touchTimeout'),
  because('key.full'),
  because('directory.challengeExpired'),
  because('directory.keyModelNotAllowed'),
  because('directory.unreachable'),
  because('directory.notSelfService'),
  because('desk.notJournalled'),
];

export const refusals: readonly ReturnType<typeof refusedBy>[] = special.map(refusedBy);

/** What an effect may come back with, by its name. */
export const answersOf: Readonly<Record<keyof Effects, readonly unknown[]>> = {
  beginStay: [
    granted(knowsNothing),
    granted(knowsElsewhere),
    granted(knowsBlock),
    granted(knowsLikelyBlock),
    refusedBy(because('desk.notJournalled')),
  ],
  wipe: [
    granted([]),
    granted([{ code: 'keyMadeNotSaved', atMs: 1, model: 'Practice key' }]),
    refusedBy(because('desk.wipeFailed')),
    refusedBy(because('desk.notJournalled')),
  ],
  lookAgain: [granted(knowsNothing), granted(knowsElsewhere), granted(knowsBlock), refusedBy(because('directory.unreachable'))],
  noteElsewhere: [null],
  noteForetold: [null],
  acknowledge: [granted(null), refusedBy(because('desk.notJournalled'))],
  reopen: [granted(null), refusedBy(because('desk.notJournalled'))],
  openSignIn: [granted(null), ...refusals],
  redeem: [granted(accountFacts), ...refusals],
  otherAccounts: [granted(0), granted(2), granted(null), ...refusals],
  signIn: [
    granted([noName]),
    granted([noName, { name: 'sam@example.com', displayName: 'Sam' }]),
    refusedBy(because('key.noAccount')),
    ...refusals,
  ],
  answerSignIn: [granted(null), refusedBy(because('key.removed')), refusedBy(because('signIn.pageFailed'))],
  selectKey: [granted(keyA), granted(keyB), ...refusals],
  describeKey: [
    granted(description),
    granted({ ...description, pin: 'set', tries: { left: 8, of: 8 } }),
    granted({ ...description, pin: 'set', tries: { left: 1, of: 8 } }),
    granted({ ...description, pin: 'mustChange' }),
    granted({ ...description, unusable: because('key.tooOld') }),
    ...refusals,
  ],
  setPin: [granted(null), ...refusals],
  changePin: [granted(null), ...refusals],
  fetchOptions: [granted(options), ...refusals],
  makeCredential: [granted(made), ...refusals],
  registerKey: [granted({ methodId: 'm', name: null }), ...refusals],
  waitListed: [granted({ methodId: 'm', name: null }), ...refusals],
  settleKey: [granted({ methodId: 'm', name: null }), refusedBy(because('directory.notListed')), ...refusals],
  discardKeys: [
    granted([{ credentialIdB64u: made.credentialIdB64u, reason: null }]),
    granted([{ credentialIdB64u: made.credentialIdB64u, reason: because('key.accountStays') }]),
    ...refusals,
  ],
  noteLeftOvers: [null],
  answerPage: [granted(null), ...refusals],
  waitSaved: [granted({ methodId: 'm', name: null }), ...refusals],
  proveKey: [granted({ credentialIdB64u: 'Y3JlZA', signCount: 1 }), ...refusals],
  openSecurityInfo: [granted(null), ...refusals],
  preferPhone: ['set', 'kept', 'left'],
  closePass: [{ kind: 'deleted' }, { kind: 'endsAt', atMs: 1 }, { kind: 'usedUp' }, { kind: 'unknown' }],
  printCard: [granted(null), refusedBy(because('desk.noPrinter'))],
  noteTrouble: [null],
  collectPin: [],
  watchPhone: [],
};
