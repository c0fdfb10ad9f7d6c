// Training and rehearsal: the twin answers on Microsoft's host names, for the sign-in view, for MSAL and Graph, and for the
// practice phone. No port is opened.
import { randomBytes } from 'node:crypto';
import type { ClockPort } from '../ports/clock.ts';
import type { StationCredential } from '../ports/identity.ts';
import type { Settings } from '../ports/settings.ts';
import type { DeskPlace } from '../ports/tenant.ts';
import type { SignInSite } from '../shell/shell.ts';
import { makeStationCertificate, type MadeStationCertificate } from '../simulator/entra/station-certificate.ts';
import { createTwin } from '../simulator/entra/twin.ts';
import { createTwinSession } from '../simulator/entra/twin-session.ts';
import type { Twin } from '../simulator/entra/twin.ts';
import { pageFonts } from './page-fonts.ts';
import { createPhone } from '../simulator/phone/create-phone.ts';
import type { Phone } from '../simulator/phone/phone.ts';

export interface TwinWorld {
  readonly twin: Twin;
  readonly phone: Phone;
  /** A browser's cookies of its own around the twin, for the sign-in view of one stay. */
  openSite(): SignInSite;
  /** Made once; the twin trusts it from then on. */
  stationCredential(): Promise<StationCredential>;
  /** From where the twin sees the desk. */
  readonly place: DeskPlace;
}

export interface TwinWorldParts {
  readonly clock: ClockPort;
  readonly settings: Settings;
  readonly trustedAttestationRoots: readonly Uint8Array[];
  /** The desk's own built pages, whose fonts the twin's pages share; null where nobody looks at its pages. */
  readonly pagesFolder: string | null;
}

const strongRandom = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

export async function openTwinWorld({
  clock,
  settings,
  trustedAttestationRoots,
  pagesFolder,
}: TwinWorldParts): Promise<TwinWorld> {
  const twin = await createTwin({
    clock,
    randomBytes: strongRandom,
    trustedAttestationRoots,
    fonts: pagesFolder === null ? [] : pageFonts(pagesFolder),
    tenant: { tenantId: settings.tenantId, app: registeredApp(settings) },
    opening: (stage) => stage.setPolicy({ temporaryAccessPass: { selfDeletionAllowed: true } }),
  });
  let station: Promise<MadeStationCertificate> | null = null;
  const phone = createPhone({ http: (request) => twin.handle(request, 'phone'), randomBytes: strongRandom });
  return {
    twin,
    phone,
    openSite() {
      const browser = createTwinSession(twin);
      return {
        handle: (request) => browser.fetch(request),
        async forget() {
          await browser.clear();
          return browser.cookieNames();
        },
      };
    },
    async stationCredential() {
      const made = await (station ??= makeStationCertificate());
      // Again each time: a reset of the stage forgets it.
      twin.stage.trustCertificate(twin.tenant.stationApp.clientId, made.certificateDer);
      return made;
    },
    get place() {
      const { address, country } = twin.stage.placeOf('desk');
      return { address, country };
    },
  };
}

function registeredApp({ authorityHost, clientId }: Settings) {
  return {
    clientId,
    displayName: 'Firstkey',
    idTokenAddress: true,
    redirectUris: [`https://${authorityHost}/common/oauth2/nativeclient`],
    graphScopes: [
      'User.Read',
      'UserAuthMethod-Passkey.ReadWrite',
      'UserAuthenticationMethod.Read',
      'UserAuthMethod-TAP.ReadWrite',
    ],
  };
}
