// A pipe of the key host over a local socket or two pipes: framed, bounded in both directions, closed at the first byte that is wrong.
import type { Duplex } from 'node:stream';
import type { HostPort } from '../host-port.ts';
import { encodeFrame, FrameError, FrameReader } from './frames.ts';

export interface FramePipeOptions {
  /** What the other side may leave unfetched, beside one whole frame. One that reads nothing is not written to for ever. */
  readonly mostUnsentBytes: number;
}

export interface FramePipe extends HostPort {
  /** Runs once, when it is closed, by whichever side. */
  onClosed(listener: () => void): void;
  /** Closes at once. */
  destroy(): void;
}

/** Takes the stream over. */
export function framePipe(stream: Duplex, { mostUnsentBytes }: FramePipeOptions): FramePipe {
  const reader = new FrameReader();
  const listeners = new Set<(message: unknown) => void>();
  stream.on('data', (chunk: Buffer) => {
    try {
      for (const message of reader.push(chunk)) {
        if (stream.destroyed) return;
        for (const listener of [...listeners]) listener(message);
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      stream.destroy();
    }
  });
  // The close that follows says it all: who is at the other end and why it went matters to nobody.
  stream.on('error', () => undefined);
  // A side that has ended its half gets no answers any more.
  stream.on('end', () => stream.destroy());
  return {
    post: (message) => {
      if (stream.destroyed || !stream.writable) return;
      const frame = encodeFrame(message);
      if (stream.writableLength > mostUnsentBytes) return void stream.destroy();
      stream.write(frame, () => frame.fill(0));
    },
    onMessage: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onClosed: (listener) => void stream.once('close', listener),
    destroy: () => void stream.destroy(),
  };
}
