// The twin and the person in front of it, outside the guest: signing in is not what the kernel is there to prove, and the
// guest's emulated processor takes a minute for the twin's keys alone.
import { systemClock } from '../../main/adapters/clock-system/system-clock.ts';
import { createGraphDirectory } from '../../main/adapters/directory-graph/graph-directory.ts';
import { sessionHttp } from '../../main/adapters/http-session/session-http.ts';
import { createMsalIdentity } from '../../main/adapters/identity-msal/msal-identity.ts';
import { nodeSurroundings } from '../../main/keyhost/node-surroundings.ts';
import type { DirectoryPort } from '../../main/ports/directory.ts';
import type { Outcome } from '../../main/ports/outcome.ts';
import { createTwin, type Twin } from '../../main/simulator/entra/twin.ts';
import { createTwinSession } from '../../main/simulator/entra/twin-session.ts';
import { signInWithPass } from '../support/twin-stand.ts';
import { TwinBrowser } from '../support/twin-browser.ts';
import { guestAttestation } from './guest-files.ts';

/** A slow machine may take its time between options and registration. */
const CHALLENGE_MINUTES = 30;

export interface TwinOutside {
  readonly twin: Twin;
  readonly directory: DirectoryPort;
}

/** A twin that trusts the guest's key, with a person signed in by pass. */
export async function openTwinOutside(): Promise<TwinOutside> {
  const clock = systemClock();
  const { randomBytes } = nodeSurroundings;
  const { rootCertificateDer } = await guestAttestation();
  const twin = await createTwin({ clock, randomBytes, trustedAttestationRoots: [rootCertificateDer] });
  twin.stage.setPolicy({ fido2: { challengeMinutes: CHALLENGE_MINUTES } });
  const upn = `guest.person@${twin.tenant.domain}`;
  twin.stage.addUser({ upn, displayName: 'Guest Person' });
  const http = sessionHttp((request) => twin.handle(request));
  const settings = {
    tenantId: twin.tenant.tenantId,
    clientId: twin.tenant.app.clientId,
    authorityHost: 'login.microsoftonline.com',
    graphOrigin: 'https://graph.microsoft.com',
    cloud: 'global',
  } as const;
  const identity = createMsalIdentity({ settings, http, clock });
  const start = valueOf(await identity.begin({ uiLocale: 'en' }));
  const browser = new TwinBrowser(createTwinSession(twin), 'en');
  await signInWithPass(browser, start.url, upn, twin.stage.issuePass({ user: upn }));
  valueOf(await identity.redeem(browser.caught?.href ?? '', new AbortController().signal));
  return { twin, directory: createGraphDirectory({ settings, http, tokens: identity, clock, random: randomBytes }) };
}

/** Takes a value out of an outcome; a refusal fails the test with its reason. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(`refused: ${JSON.stringify(outcome.reason)}`);
}
