// A twin on a test's own clock, with one colleague and a pass, and ways to walk its pages to a token.
import { createHash } from 'node:crypto';
import { trainingAttestation, type TrainingAttestation } from '../../main/simulator/key/training-attestation.ts';
import { createTwin, type Twin, type TwinClock, type TwinOptions } from '../../main/simulator/entra/twin.ts';
import { createTwinSession } from '../../main/simulator/entra/twin-session.ts';
import { seededRandomBytes } from './seeded-random.ts';
import { TwinBrowser } from './twin-browser.ts';

/** Wall and monotonic time under a test's hand; both move together unless told otherwise. */
export class TwinTestClock implements TwinClock {
  #wallMs = Date.parse('2026-11-23T09:00:00Z');
  #nowMs = 5_000;
  #timers: { readonly atMs: number; readonly run: () => void }[] = [];

  wallMs(): number {
    return this.#wallMs;
  }
  nowMs(): number {
    return this.#nowMs;
  }
  after(delayMs: number, run: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }
  get pendingTimers(): number {
    return this.#timers.length;
  }
  advanceMinutes(minutes: number): void {
    this.advanceMs(minutes * 60_000);
  }
  advanceMs(ms: number): void {
    this.#wallMs += ms;
    this.#nowMs += ms;
    const due = this.#timers.filter((timer) => timer.atMs <= this.#nowMs);
    this.#timers = this.#timers.filter((timer) => timer.atMs > this.#nowMs);
    for (const timer of due) timer.run();
  }
}

export interface TwinStand {
  readonly twin: Twin;
  readonly clock: TwinTestClock;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly attestation: TrainingAttestation;
  readonly upn: string;
}

/** Making certificates takes a moment; the chain is the same for all tests of a file. */
let chain: Promise<TrainingAttestation> | undefined;

export async function twinStand(options: Partial<TwinOptions> = {}): Promise<TwinStand> {
  chain ??= trainingAttestation({ randomBytes: seededRandomBytes('twin attestation') });
  const attestation = await chain;
  const clock = new TwinTestClock();
  const randomBytes = seededRandomBytes('twin');
  const twin = await createTwin({ clock, randomBytes, trustedAttestationRoots: [attestation.rootCertificateDer], ...options });
  const upn = `lina.berg@${twin.tenant.domain}`;
  twin.stage.addUser({ upn, displayName: 'Lina Berg' });
  return { twin, clock, randomBytes, attestation, upn };
}

export function browserOn({ twin }: Pick<TwinStand, 'twin'>, language = 'en'): TwinBrowser {
  return new TwinBrowser(createTwinSession(twin), language);
}

export const NATIVE_CLIENT = 'https://login.microsoftonline.com/common/oauth2/nativeclient';
export const VERIFIER = 'a-verifier-of-the-tests-that-is-long-enough-for-the-rule';
export const CHALLENGE = createHash('sha256').update(VERIFIER, 'ascii').digest('base64url');

/** The address a client would open; parameters given replace the usual ones, null removes one. */
export function authorizeUrl(twin: Twin, changes: Record<string, string | null> = {}, tenant = twin.tenant.tenantId): string {
  const usual: Record<string, string | null> = {
    client_id: twin.tenant.app.clientId,
    response_type: 'code',
    redirect_uri: NATIVE_CLIENT,
    scope: 'https://graph.microsoft.com/.default openid profile offline_access',
    state: 'state-of-the-test',
    nonce: 'nonce-of-the-test',
    prompt: 'login',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    client_info: '1',
    ...changes,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(usual)) if (value !== null) query.set(name, value);
  return `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/authorize?${query.toString()}`;
}

/** Name, pass, no to staying signed in; ends where the pages end. */
export async function signInWithPass(browser: TwinBrowser, url: string, upn: string, pass: string): Promise<void> {
  await browser.open(url);
  await browser.submit({ loginfmt: upn });
  await browser.submit({ accesspass: pass });
  if (browser.url.includes('/kmsi')) await browser.submit({ LoginOptions: '3' });
}

/** What the token endpoint answers to a form. */
export async function postToken(
  twin: Twin,
  form: Record<string, string>,
  tenant = twin.tenant.tenantId,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const url = `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`;
  const response = await twin.handle(new Request(url, { method: 'POST', body: new URLSearchParams(form) }));
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

export function codeForm(twin: Twin, code: string, clientId = twin.tenant.app.clientId): Record<string, string> {
  return {
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: NATIVE_CLIENT,
    code,
    code_verifier: VERIFIER,
  };
}

export interface SignedIn {
  readonly browser: TwinBrowser;
  readonly tokens: Record<string, unknown>;
  readonly accessToken: string;
}

/** A whole sign-in with a pass, to tokens. */
export async function signedIn(
  stand: TwinStand,
  pass: string,
  changes: Record<string, string | null> = {},
  upn = stand.upn,
): Promise<SignedIn> {
  const browser = browserOn(stand);
  await signInWithPass(browser, authorizeUrl(stand.twin, changes), upn, pass);
  const { body } = await postToken(
    stand.twin,
    codeForm(stand.twin, browser.answer.get('code') ?? '', changes['client_id'] ?? undefined),
  );
  return { browser, tokens: body, accessToken: String(body['access_token']) };
}

/** The members of Graph's answers that tests look at; each is there only in the answers that have it. */
export interface GraphBody extends Record<string, unknown> {
  readonly error: { readonly code: string; readonly message: string; readonly innerError: Record<string, unknown> };
  readonly value: readonly (GraphBody & { readonly id: string })[];
  readonly publicKey: {
    readonly rp: { readonly id: string };
    readonly user: { readonly id: string };
    readonly challenge: string;
    readonly excludeCredentials: readonly { readonly id: string }[];
  };
  readonly id: string;
  readonly displayName: string;
  readonly attestationLevel: string;
  readonly challengeTimeoutDateTime: string;
  readonly createdDateTime: string | null;
  readonly device: object | null;
  readonly userPrincipalName: string;
}

/** One call of Graph; `body` is JSON already when it is text. */
export async function callGraph(
  twin: Twin,
  accessToken: string | null,
  path: string,
  options: { readonly method?: string; readonly body?: object | string; readonly headers?: Record<string, string> } = {},
): Promise<{ status: number; headers: Headers; body: GraphBody }> {
  const headers = new Headers(options.headers);
  if (accessToken !== null) headers.set('authorization', `Bearer ${accessToken}`);
  const { method = 'GET', body } = options;
  const text = typeof body === 'object' ? JSON.stringify(body) : body;
  if (text !== undefined) headers.set('content-type', 'application/json');
  const request = new Request(`https://graph.microsoft.com${path}`, {
    method,
    headers,
    ...(text === undefined ? {} : { body: text }),
  });
  const response = await twin.handle(request);
  const answer = await response.text();
  return { status: response.status, headers: response.headers, body: (answer === '' ? null : JSON.parse(answer)) as GraphBody };
}
