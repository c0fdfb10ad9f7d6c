// One pipe to the key host carries several conversations that never mix: its life, the keys, their care, the training tray.
import { z } from 'zod';

/** One end of a conversation. Messages are structured clones, in order, none lost while both sides live. */
export interface HostPort {
  post(message: unknown): void;
  /** The result stops listening. Messages that nobody listens to are dropped. */
  onMessage(listener: (message: unknown) => void): () => void;
}

export const hostChannels = ['life', 'key', 'care', 'tray'] as const;
export type HostChannel = (typeof hostChannels)[number];

const envelopeSchema = z.strictObject({ channel: z.enum(hostChannels), body: z.unknown() });

/** One conversation of a pipe. A message that is no envelope belongs to none and is dropped. */
export function channelOf(pipe: HostPort, channel: HostChannel): HostPort {
  return {
    post: (body) => pipe.post({ channel, body }),
    onMessage: (listener) =>
      pipe.onMessage((message) => {
        const envelope = envelopeSchema.safeParse(message);
        if (envelope.success && envelope.data.channel === channel) listener(envelope.data.body);
      }),
  };
}
