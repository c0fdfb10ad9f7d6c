// Heads of the journal as OpenTelemetry logs: OTLP 1.x over HTTPS, in its JSON form, one request for each batch. Written by hand:
// it is one small document, and the exporter's packages would bring a dozen others.
import { request } from 'node:https';
import type { AnchorMessage, AnchorPort, AnchorTrouble } from '../../ports/anchor.ts';
import { troubleOf } from './anchor-trouble.ts';

export interface OtlpAnchorOptions {
  /** Of the receiver, with its path: usually `https://…:4318/v1/logs`. */
  readonly url: string;
  /** PEM of the only roots that are trusted; null: the runtime's own. */
  readonly ca: string | null;
  /** What this machine is called. */
  readonly hostname: string;
  readonly version: string;
}

export function otlpAnchor(options: OtlpAnchorOptions): AnchorPort {
  return { target: 'otlp', send: (messages, signal) => post(options, logsDocument(messages, options), signal) };
}

/** SEVERITY_NUMBER_INFO (OpenTelemetry logs data model, "Field: SeverityNumber"). */
const info = 9;

/** ExportLogsServiceRequest in JSON (OTLP specification, "JSON Protobuf Encoding"): 64-bit numbers are texts. */
export function logsDocument(
  messages: readonly AnchorMessage[],
  { hostname, version }: Pick<OtlpAnchorOptions, 'hostname' | 'version'>,
): object {
  return {
    resourceLogs: [
      {
        resource: {
          attributes: [text('service.name', 'firstkey'), text('service.version', version), text('host.name', hostname)],
        },
        scopeLogs: [
          {
            scope: { name: 'firstkey.journal', version },
            logRecords: messages.map(({ head, sequence, atMs }) => ({
              timeUnixNano: `${Math.round(atMs)}000000`,
              observedTimeUnixNano: `${Math.round(atMs)}000000`,
              severityNumber: info,
              severityText: 'INFO',
              eventName: 'firstkey.journal.head',
              body: { stringValue: head },
              attributes: [{ key: 'firstkey.journal.sequence', value: { intValue: String(sequence) } }],
            })),
          },
        ],
      },
    ],
  };
}

const text = (key: string, stringValue: string): object => ({ key, value: { stringValue } });

/** More than this is no answer of a receiver's. */
const mostAnswerBytes = 65_536;

function post({ url, ca }: OtlpAnchorOptions, document: object, signal: AbortSignal): Promise<AnchorTrouble | null> {
  return new Promise((resolve) => {
    const body = Buffer.from(JSON.stringify(document), 'utf8');
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const sending = request(
      url,
      { method: 'POST', headers, signal, minVersion: 'TLSv1.2', agent: false, ...(ca === null ? {} : { ca }) },
      (answer) => {
        const parts: Buffer[] = [];
        let length = 0;
        answer.on('data', (part: Buffer) => {
          length += part.length;
          if (length > mostAnswerBytes) answer.destroy(new Error('too much'));
          else parts.push(part);
        });
        answer.once('error', () => resolve(signal.aborted ? 'late' : 'unreachable'));
        answer.once('end', () => resolve(isTaken(answer.statusCode ?? 0, Buffer.concat(parts)) ? null : 'refused'));
      },
    );
    sending.once('error', (error) => resolve(signal.aborted ? 'late' : troubleOf(error)));
    sending.end(body);
  });
}

/** Success is 200; one that took only a part says so ("Partial Success"). */
function isTaken(status: number, body: Uint8Array): boolean {
  if (status !== 200) return false;
  try {
    const { partialSuccess } = JSON.parse(Buffer.from(body).toString('utf8') || '{}') as {
      readonly partialSuccess?: { readonly rejectedLogRecords?: string | number };
    };
    return Number(partialSuccess?.rejectedLogRecords ?? 0) === 0;
  } catch {
    return false; // whatever answers in another way is no receiver of logs
  }
}
