// Heads of the journal to a syslog server: messages of RFC 5424 over TLS, framed by their length (RFC 5425 §4.3). Syslog has no
// answer, so "sent" means that the server, whose certificate is good, took the bytes and closed the connection in order.
import { connect, type TLSSocket } from 'node:tls';
import type { AnchorMessage, AnchorPort, AnchorTrouble } from '../../ports/anchor.ts';
import { troubleOf } from './anchor-trouble.ts';

export interface SyslogAnchorOptions {
  readonly host: string;
  /** 6514 by RFC 5425 §4.1. */
  readonly port: number;
  /** PEM of the only roots that are trusted; null: the runtime's own. */
  readonly ca: string | null;
  /** What this machine is called: HOSTNAME (RFC 5424 §6.2.4). */
  readonly hostname: string;
  readonly version: string;
}

export function syslogAnchor(options: SyslogAnchorOptions): AnchorPort {
  return {
    target: 'syslog',
    send: (messages, signal) =>
      sendFrames(
        options,
        messages.map((message) => frameOf(syslogMessage(message, options))),
        signal,
      ),
  };
}

/** Facility 13, "log audit"; severity 5, "notice" (RFC 5424 §6.2.1). */
const priority = 13 * 8 + 5;

/** The message of one head (RFC 5424 §6): its text is the head itself, which is ASCII. */
export function syslogMessage(
  { head, sequence, atMs }: AnchorMessage,
  { hostname, version }: Pick<SyslogAnchorOptions, 'hostname' | 'version'>,
): string {
  const header = `<${priority}>1 ${new Date(atMs).toISOString()} ${printUsAscii(hostname, 255)} firstkey - head`;
  // Both elements are registered (§7.2, §7.3). sequenceId goes from 1 to 2147483647 and begins again.
  const data = `[origin software="Firstkey" swVersion="${paramValue(version)}"][meta sequenceId="${((sequence - 1) % 2_147_483_647) + 1}"]`;
  return `${header} ${data} ${head}`;
}

/** PRINTUSASCII of at most so many characters; "-" for none (RFC 5424 §6). */
function printUsAscii(text: string, most: number): string {
  return text.replaceAll(/[^\u0021-\u007E]/g, '').slice(0, most) || '-';
}

/** PARAM-VALUE (RFC 5424 §6.3.3). */
const paramValue = (text: string): string => text.replaceAll(/["\\\]]/g, String.raw`\$&`).slice(0, 32);

/** MSG-LEN, a space, the message (RFC 5425 §4.3). */
function frameOf(message: string): Buffer {
  const bytes = Buffer.from(message, 'utf8');
  return Buffer.concat([Buffer.from(`${bytes.length} `), bytes]);
}

function sendFrames(
  { host, port, ca }: SyslogAnchorOptions,
  frames: readonly Uint8Array[],
  signal: AbortSignal,
): Promise<AnchorTrouble | null> {
  return new Promise((resolve) => {
    let socket: TLSSocket | null = null;
    const end = (trouble: AnchorTrouble | null): void => {
      signal.removeEventListener('abort', late);
      socket?.destroy();
      resolve(trouble);
    };
    const late = (): void => end('late');
    if (signal.aborted) return late();
    signal.addEventListener('abort', late);
    socket = connect({ host, port, servername: host, minVersion: 'TLSv1.2', ...(ca === null ? {} : { ca }) });
    let isConnected = false;
    socket.once('secureConnect', () => {
      isConnected = true;
      socket?.end(Buffer.concat(frames));
    });
    socket.resume();
    socket.once('error', (error) => end(isConnected ? 'unreachable' : troubleOf(error)));
    socket.once('close', () => end(isConnected ? null : 'unreachable'));
  });
}
