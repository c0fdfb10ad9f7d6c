// A pipe of the key host over a local socket: framed, bounded in both directions, closed at the first byte that is wrong.
import type { Socket } from 'node:net';
import type { HostPort } from '../host-port.ts';
import { encodeFrame, FrameError, FrameReader } from './frames.ts';

export interface FramePipeOptions {
  /** What the other side may leave unfetched, beside one whole frame. One that reads nothing is not written to for ever. */
  readonly mostUnsentBytes: number;
}

export interface FramePipe extends HostPort {
  /** Runs once, when the socket is closed, by whichever side. */
  onClosed(listener: () => void): void;
  /** Closes at once. */
  destroy(): void;
}

/** Takes the socket over. */
export function framePipe(socket: Socket, { mostUnsentBytes }: FramePipeOptions): FramePipe {
  const reader = new FrameReader();
  const listeners = new Set<(message: unknown) => void>();
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const message of reader.push(chunk)) {
        if (socket.destroyed) return;
        for (const listener of [...listeners]) listener(message);
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      socket.destroy();
    }
  });
  // The close that follows says it all: who is at the other end and why it went matters to nobody.
  socket.on('error', () => undefined);
  // A side that has ended its half gets no answers any more.
  socket.on('end', () => socket.destroy());
  return {
    post: (message) => {
      if (socket.destroyed || !socket.writable) return;
      const frame = encodeFrame(message);
      if (socket.writableLength > mostUnsentBytes) return void socket.destroy();
      socket.write(frame, () => frame.fill(0));
    },
    onMessage: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onClosed: (listener) => void socket.once('close', listener),
    destroy: () => void socket.destroy(),
  };
}
