// A key host at the end of a pipe: waits for its start, opens its links, answers the pulse. The process around it is index.ts.
import type { Surroundings } from '../fido/surroundings.ts';
import { runKeyHost, type RunningKeyHost } from './host.ts';
import { channelOf, type HostPort } from './host-port.ts';
import { lifeRequestSchema, type KeyHostStart, type LifeMessage } from './life-protocol.ts';
import type { LinkSource } from './link-source.ts';

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
}

/**
 * Serves one key host on a pipe. Rejects when the start message is not one of this build's or the links can't be opened;
 * the process then ends, and its keeper decides what next. Resolves when the host is ready.
 */
export async function serveKeyHost({ pipe, surroundings, openLinks }: ServeKeyHostOptions): Promise<RunningKeyHost> {
  const life = channelOf(pipe, 'life');
  const post = (message: LifeMessage) => life.post(message);
  const start = await nextStart(life);
  life.onMessage((body) => {
    const request = lifeRequestSchema.safeParse(body);
    // A second start would change the relying party; it is not heard.
    if (request.success && request.data.type === 'ping') post({ type: 'pong', beat: request.data.beat });
  });
  const { links, serveTray } = await openLinks(start);
  serveTray?.(channelOf(pipe, 'tray'));
  const host = runKeyHost({ port: channelOf(pipe, 'key'), links, surroundings, rpId: start.rpId });
  post({ type: 'ready' });
  return host;
}

function nextStart(life: HostPort): Promise<KeyHostStart> {
  return new Promise((resolve, reject) => {
    const stop = life.onMessage((body) => {
      stop();
      const request = lifeRequestSchema.safeParse(body);
      if (request.success && request.data.type === 'start') resolve({ links: request.data.links, rpId: request.data.rpId });
      else reject(new Error('the first message of a key host must be its start'));
    });
  });
}
