// What the numbers of Microsoft's sign-in service mean for a person at the desk. Pure data, for the sign-in adapter (numbers
// in answers) and the session (numbers on Microsoft's page).
// Source: Microsoft Entra "authentication and authorization error codes". Microsoft asks applications not to hang logic on
// these numbers, so they choose words only; an unlisted one keeps its number under `signIn.refused`.
import { because, type Reason, type ReasonCode } from './reason.ts';

const known: ReadonlyMap<number, ReasonCode> = new Map<number, ReasonCode>([
  // The pass
  [130502, 'pass.notAllowed'],
  [130503, 'pass.wrong'],
  [130504, 'pass.expired'],
  [130505, 'pass.used'],
  [130507, 'pass.missing'],
  // The account
  [50057, 'signIn.accountDisabled'],
  [50034, 'signIn.unknownAccount'],
  [50020, 'signIn.unknownAccount'],
  [16003, 'signIn.unknownAccount'],
  [90072, 'signIn.unknownAccount'],
  [50053, 'signIn.locked'],
  // A password is asked for, and the person has none
  [50126, 'signIn.noPassword'],
  [50056, 'signIn.noPassword'],
  [50055, 'signIn.noPassword'],
  // More is to be registered before the sign-in goes on
  [50072, 'signIn.moreAsked'],
  [50079, 'signIn.moreAsked'],
  [50125, 'signIn.moreAsked'],
  // The desk's own clock, which dates what it signs
  [700024, 'desk.clockWrong'],
  // Rules of the organisation that no retry at the desk can satisfy
  [50074, 'signIn.policy'], // a stronger way than the pass is demanded
  [130500, 'signIn.policy'],
  [130501, 'signIn.policy'],
  [50074, 'signIn.policy'], // a stronger way to sign in is demanded
  [50105, 'signIn.policy'], // not assigned to the desk's application
  [50158, 'signIn.policy'], // an external challenge is demanded
  [53000, 'signIn.policy'],
  [53001, 'signIn.policy'],
  [53002, 'signIn.policy'],
  [53003, 'signIn.policy'],
  [53004, 'signIn.policy'],
  [53010, 'signIn.policy'],
  [530002, 'signIn.policy'],
  [530003, 'signIn.policy'],
  [530031, 'signIn.policy'],
  [530032, 'signIn.policy'],
  [530035, 'signIn.policy'],
  // The sign-in was good and is over: signing in once more helps
  [50173, 'directory.tokenExpired'],
  [54005, 'directory.tokenExpired'],
  [70008, 'directory.tokenExpired'],
  [70043, 'directory.tokenExpired'],
  [70044, 'directory.tokenExpired'],
  [700082, 'directory.tokenExpired'],
]);

/** The reason for an AADSTS number, which it carries as `status`. */
export function reasonForAadsts(code: number): Reason {
  return because(known.get(code) ?? (isAboutKey(code) ? 'signIn.keyRefused' : 'signIn.refused'), { status: code });
}

/** The numbers of sign-ins by security key. */
function isAboutKey(code: number): boolean {
  return code >= 135_000 && code <= 135_022;
}
