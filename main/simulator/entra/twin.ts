// The twin of Microsoft Entra ID, Microsoft Graph and the Microsoft pages, at HTTP height: a request in, a response out.
// It listens on nothing. It answers on Microsoft's real host names so that the same URL code and allow-lists run as in the
// field; who calls it decides where those requests come from (the sign-in view, MSAL, the directory adapter, the phone).
import { Hono } from 'hono';
import { Directory, type ServerTime } from './directory/directory.ts';
import { PhoneService } from './directory/phone-service.ts';
import { SignIns } from './directory/sign-ins.ts';
import { Faults, faultResponse } from './faults.ts';
import { graphHost } from './graph/graph-app.ts';
import { Throttles } from './graph/throttles.ts';
import { openStage } from './open-stage.ts';
import { AccessRules } from './policies/access-rules.ts';
import type { Place } from './policies/place.ts';
import { AuditLog } from './reports/audit-log.ts';
import { contentApp } from './pages/content-app.ts';
import { CONTENT_HOST } from './pages/layout.ts';
import type { PageFont } from './pages/page-font.ts';
import { deviceRegistrationApp } from './phone-services/device-registration-app.ts';
import { phoneChannelApp } from './phone-services/phone-channel-app.ts';
import { Recent } from './recent.ts';
import { securityInfoHost } from './security-info/security-info-app.ts';
import { signInHost } from './sign-in/sign-in-app.ts';
import type { Fault, RefusalRecord, RequestRecord, Stage } from './stage.ts';
import { DEFAULT_TENANT, type TenantFacts } from './tenant-facts.ts';
import type { TwinCore } from './twin-core.ts';
import { twinKeys } from './twin-keys.ts';

// Part of the twin's face: whoever opens one needs them.
export { DEFAULT_TENANT, type TenantFacts } from './tenant-facts.ts';
export type { PageFont } from './pages/page-font.ts';

/** The desk's clock port fits. */
export interface TwinClock {
  /** Epoch milliseconds; everything with a date follows it. */
  wallMs(): number;
  /** Monotonic milliseconds. */
  nowMs(): number;
  /** Calls once after `delayMs`; the result cancels. For injected delays only. */
  after(delayMs: number, run: () => void): () => void;
}

export interface TwinOptions {
  readonly clock: TwinClock;
  /** For pass codes, ids and challenges. */
  readonly randomBytes: (length: number) => Uint8Array;
  /** DER certificates that a packed attestation may chain to. */
  readonly trustedAttestationRoots: readonly Uint8Array[];
  /** Names by AAGUID (lower-case GUID), as FIDO metadata would give them. */
  readonly modelNames?: ReadonlyMap<string, string>;
  readonly tenant?: Partial<TenantFacts>;
  readonly fonts?: readonly PageFont[];
  /** Sets the scene; runs at the start and after every reset. */
  readonly opening?: (stage: Stage) => void;
}

export interface Twin {
  readonly tenant: TenantFacts;
  readonly stage: Stage;
  /** The names it answers on. */
  readonly hosts: readonly string[];
  /**
   * Answers one request; redirects are answers like others. Hosts that are not the twin's get 404.
   * Keeps no cookies for the caller: wrap it with `createTwinSession`.
   * @throws {TypeError} where an injected fault breaks the connection, with the request's signal's reason when it aborts.
   */
  handle(request: Request, from?: Whence): Promise<Response>;
}

/** Where a request comes from: the desk (when nothing is said), somebody's phone, or a place of its own. */
export type Whence = 'desk' | 'phone' | Place;

/** An office network; the phone is on it too. */
const OFFICE: Place = { address: '203.0.113.17', country: 'SE' };

const REQUESTS_KEPT = 5000;
const REFUSALS_KEPT = 500;

export async function createTwin(options: TwinOptions): Promise<Twin> {
  const { clock, randomBytes } = options;
  let skewMs = 0;
  const time: ServerTime = { wallMs: () => clock.wallMs() + skewMs, nowMs: () => clock.nowMs() };
  const directory = new Directory(time, randomBytes);
  const accessRules = new AccessRules({
    wallMs: () => time.wallMs(),
    randomBytes,
    licensed: () => directory.plans.has('AAD_PREMIUM'),
  });
  const audit = new AuditLog(time, randomBytes);
  const places = { desk: OFFICE, phone: OFFICE };
  const placeOfRequest = new WeakMap<Request, Place>();
  const certificates = new Map<string, readonly Uint8Array[]>();
  const requests = new Recent<RequestRecord>(REQUESTS_KEPT);
  const refusals = new Recent<RefusalRecord>(REFUSALS_KEPT);
  const core: TwinCore = {
    tenant: { ...DEFAULT_TENANT, ...options.tenant },
    time,
    randomBytes,
    directory,
    signIns: new SignIns(time, randomBytes),
    phones: new PhoneService(directory, audit),
    accessRules,
    audit,
    keys: await twinKeys(),
    trustedAttestationRoots: options.trustedAttestationRoots,
    modelNames: options.modelNames ?? new Map(),
    fonts: options.fonts ?? [],
    placeOf: (request) => placeOfRequest.get(request) ?? places.desk,
    certificatesOf: (clientId) => certificates.get(clientId.toLowerCase()) ?? [],
    note: (refusal) => refusals.add(refusal),
  };
  const signIn = signInHost(core);
  const throttles = new Throttles(time);
  const faults = new Faults();
  const sameOrigin = (part: Request, whole: Request): void => void placeOfRequest.set(part, core.placeOf(whole));
  const graph = graphHost(core, { throttles, faults, sameOrigin });
  const securityInfo = securityInfoHost(core);
  const hosts = new Map<string, Hono>([
    ['login.microsoftonline.com', signIn.app],
    ['login.microsoft.com', signIn.app],
    ['graph.microsoft.com', graph.app],
    ['mysignins.microsoft.com', securityInfo.app],
    ['mobileappcommunicator.auth.microsoft.com', phoneChannelApp(core)],
    ['enterpriseregistration.windows.net', deviceRegistrationApp(core)],
    [CONTENT_HOST, contentApp(core.fonts)],
  ]);
  for (const app of hosts.values()) app.onError(rethrow);

  const opening = options.opening ?? (() => undefined);
  const stage = openStage(
    core,
    {
      faults,
      requests: () => requests.all(),
      refusals: () => refusals.all(),
      setClockSkewMs: (ms) => {
        skewMs = ms;
      },
      setPlace: (whose, place) => {
        places[whose] = place;
      },
      placeOf: (whose) => places[whose],
      setThrottle: (workload, throttle) => throttles.set(workload, throttle),
      trustCertificate: (clientId, der) => {
        const id = clientId.toLowerCase();
        certificates.set(id, [...(certificates.get(id) ?? []), der]);
      },
      clear: () => {
        skewMs = 0;
        places.desk = OFFICE;
        places.phone = OFFICE;
        certificates.clear();
        for (const part of [directory, accessRules, core.signIns, core.phones, audit]) part.clear();
        for (const part of [signIn, graph, securityInfo, throttles, faults, requests, refusals]) part.clear();
      },
    },
    opening,
  );
  opening(stage);

  const answer = async (request: Request, url: URL): Promise<Response> => {
    const app = url.protocol === 'https:' && url.port === '' ? hosts.get(url.hostname) : undefined;
    const response = app ? await app.fetch(request) : new Response('The twin does not answer for this address.', { status: 404 });
    response.headers.set('date', new Date(time.wallMs()).toUTCString());
    return response;
  };
  const disturbed = async (request: Request, url: URL, fault: Fault): Promise<Response> => {
    if (fault.delayMs !== undefined) await pause(clock, fault.delayMs, request.signal);
    const workDone = fault.beforeWork === false ? await answer(request, url) : null;
    if (fault.networkError)
      throw new TypeError('fetch failed', { cause: new Error('the twin was told to break the connection') });
    const status = fault.status ?? (fault.claims ? 401 : undefined);
    if (status !== undefined) return faultResponse(fault, status);
    return workDone ?? answer(request, url);
  };

  const handle = async (request: Request, from: Whence = 'desk'): Promise<Response> => {
    request.signal.throwIfAborted();
    placeOfRequest.set(request, typeof from === 'string' ? places[from] : from);
    const url = new URL(request.url);
    const record = (status: number): void => {
      requests.add({ atMs: time.wallMs(), method: request.method, host: url.hostname, path: withoutSecrets(url), status });
    };
    const fault = faults.take(request.method, url);
    try {
      const response = await (fault ? disturbed(request, url, fault) : answer(request, url));
      record(response.status);
      return response;
    } catch (error) {
      record(0);
      throw error;
    }
  };
  return { tenant: core.tenant, stage, hosts: [...hosts.keys()], handle };
}

/** A fault in the twin itself is a bug and must be seen. */
function rethrow(error: Error): never {
  throw error;
}

/** The activation address is a secret of the QR. */
function withoutSecrets(url: URL): string {
  return url.pathname.replace(/^\/activatev2\/.*/, '/activatev2/…').replace(/^\/notifications\/.+/, '/notifications/…');
}

function pause(clock: TwinClock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      cancel();
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    const cancel = clock.after(delayMs, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
