// A key host at the end of a pipe: waits for its start, opens its links, answers the pulse. The process around it is index.ts.
import { decodeBase64url } from '../fido/bytes/base64url.ts';
import { strictest } from '../fido/metadata/trust.ts';
import type { Surroundings } from '../fido/surroundings.ts';
import { runKeyHost, type RunningKeyHost } from './host.ts';
import { channelOf, type HostPort } from './host-port.ts';
import { HostTrust, type TrustSources } from './trust/host-trust.ts';
import {
  anyStartSchema,
  keyHostProtocolVersion,
  lifeRequestSchema,
  type KeyHostRefusal,
  type KeyHostStart,
  type LifeMessage,
} from './life-protocol.ts';
import type { LinkSource } from './plugged/link-source.ts';

/** What a start opens beside the verbs. */
export interface OpenedLinks {
  readonly links: LinkSource;
  /** Serves the training tray, where there is one. */
  readonly serveTray?: (port: HostPort) => void;
}

export interface ServeKeyHostOptions {
  readonly pipe: HostPort;
  readonly surroundings: Surroundings;
  readonly openLinks: (start: KeyHostStart) => Promise<OpenedLinks>;
  readonly trustSources: TrustSources;
  /** What a service was set up for: a start that asks for anything else is refused. Unless given, whoever starts may say. */
  readonly offered?: KeyHostStart;
}

/**
 * Serves one key host on a pipe. Rejects when the start message is not one of this build's or the links can't be opened;
 * the process then ends, and its keeper decides what next. Resolves when the host is ready.
 */
export async function serveKeyHost({
  pipe,
  surroundings,
  openLinks,
  trustSources,
  offered,
}: ServeKeyHostOptions): Promise<RunningKeyHost> {
  const life = channelOf(pipe, 'life');
  const post = (message: LifeMessage) => life.post(message);
  const first = await nextMessage(life);
  const refusal = refusalOf(first, offered);
  if (refusal) post({ type: 'refused', because: refusal, version: keyHostProtocolVersion });
  const begin = lifeRequestSchema.safeParse(first);
  if (refusal || !begin.success || begin.data.type !== 'start')
    throw new Error('the first message of a key host must be its start');
  const { type: _type, version: _version, ...asked } = begin.data;
  // Who may take care of keys is the service's word where there is one, never its client's, and so are files to be read; of which
  // keys to trust its client may ask for more than the service insists on, and never for less.
  const start: KeyHostStart = offered ? { ...offered, ...trustOf(offered, asked) } : asked;
  life.onMessage((body) => {
    const request = lifeRequestSchema.safeParse(body);
    // A second start would change the relying party; it is not heard.
    if (request.success && request.data.type === 'ping') post({ type: 'pong', beat: request.data.beat });
  });
  const { links, serveTray } = await openLinks(start);
  serveTray?.(channelOf(pipe, 'tray'));
  const { rpId, careTokenSha256B64u } = start;
  const tokenSha256 = careTokenSha256B64u === undefined ? null : decodeBase64url(careTokenSha256B64u);
  const care = { port: channelOf(pipe, 'care'), tokenSha256 };
  const trust = new HostTrust(start, trustSources);
  await trust.refresh();
  const host = runKeyHost({ port: channelOf(pipe, 'key'), care, links, surroundings, rpId, trust });
  post({ type: 'ready' });
  return host;
}

function trustOf(offered: KeyHostStart, asked: KeyHostStart): Pick<KeyHostStart, 'trust'> {
  if (!offered.trust || !asked.trust) return asked.trust ? { trust: asked.trust } : {};
  const { allowedKeyModels, refusedKeyModels, ...rest } = strictest(offered.trust, asked.trust);
  return { trust: { ...rest, allowedKeyModels: [...allowedKeyModels], refusedKeyModels: [...refusedKeyModels] } };
}

function nextMessage(life: HostPort): Promise<unknown> {
  return new Promise((resolve) => {
    const stop = life.onMessage((body) => {
      stop();
      resolve(body);
    });
  });
}

/** Why a start is not taken, where it is one; null when it is taken, or not even a start. */
function refusalOf(body: unknown, offered: KeyHostStart | undefined): KeyHostRefusal | null {
  const any = anyStartSchema.safeParse(body);
  if (!any.success) return null;
  if (any.data.version !== keyHostProtocolVersion) return 'version';
  const { links, rpId } = any.data;
  return offered !== undefined && (links !== offered.links || rpId !== offered.rpId) ? 'start' : null;
}
