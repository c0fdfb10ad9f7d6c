// "More information required": what the tenant wants registered before a sign-in goes on, and how often it can be put off.
// Source: Microsoft Entra "Combined security information registration overview", "Configure Temporary Access Pass"
// (limitations), "Run a registration campaign".
import type { User } from '../directory/directory.ts';
import { registrationInterrupt, type RegistrationInterrupt } from '../policies/registration-interrupt.ts';
import type { TwinCore } from '../twin-core.ts';
import { mySignInsApp, type Application } from './applications.ts';

/** How often a campaign that is to be kept to in the end can be put off. */
const MOST_SNOOZES = 3;
const DAY_MS = 24 * 60 * 60_000;

interface Snooze {
  readonly count: number;
  readonly untilMs: number;
}

export class RegistrationGate {
  readonly #core: TwinCore;
  readonly #snoozes = new Map<string, Snooze>();

  constructor(core: TwinCore) {
    this.#core = core;
  }

  clear(): void {
    this.#snoozes.clear();
  }

  /**
   * What stands in the way of this sign-in. My Security Info is where it is put right, so nothing does there; campaigns are
   * for browsers only.
   */
  interruptOf(user: User, app: Application): RegistrationInterrupt | null {
    if (app.clientId === mySignInsApp.clientId || user.external) return null;
    const { directory, time } = this.#core;
    const interrupt = registrationInterrupt(directory.policy, directory.subjectOf(user), standingOf(this.#core, user));
    if (interrupt !== 'campaign') return interrupt;
    const snoozed = (this.#snoozes.get(user.objectId)?.untilMs ?? 0) > time.wallMs();
    return app.inBrowser && !snoozed ? 'campaign' : null;
  }

  maySnooze(user: User): boolean {
    const { enforceRegistrationAfterAllowedSnoozes } = this.#core.directory.policy.registrationCampaign;
    return !enforceRegistrationAfterAllowedSnoozes || (this.#snoozes.get(user.objectId)?.count ?? 0) < MOST_SNOOZES;
  }

  snooze(user: User): void {
    const days = this.#core.directory.policy.registrationCampaign.snoozeDurationInDays;
    const count = (this.#snoozes.get(user.objectId)?.count ?? 0) + 1;
    this.#snoozes.set(user.objectId, { count, untilMs: this.#core.time.wallMs() + days * DAY_MS });
  }
}

/** Authenticator counts for resetting a password too; a passkey does not. */
function standingOf(core: TwinCore, user: User): Parameters<typeof registrationInterrupt>[2] {
  const phone = user.authenticators.length > 0;
  const key = user.passkeys.length > 0;
  const { targetedAuthenticationMethod } = core.directory.policy.registrationCampaign;
  return {
    passwordResetRegistered: user.passwordResetRegistered || phone,
    multifactorRegistered: phone || key,
    campaignMethodRegistered: targetedAuthenticationMethod === 'fido2' ? key : phone,
  };
}
