// Every fault a key can have, by name, as one list: what a drill, a test or a fuzzer picks from. docs/virtual-keys.md shows
// the same list.
import type { KeyFault, MalformedCbor } from './key-fault-plan.ts';

/**
 * `none`: a good client notices nothing. `answer`: the answer is lost, and a good client says so in bounded time.
 * `next`: this answer or the one after it may be lost. `key`: the key is gone.
 */
export type FaultHarm = 'none' | 'answer' | 'next' | 'key';

export interface NamedFault {
  readonly fault: KeyFault;
  readonly does: string;
  readonly harm: FaultHarm;
  /** Of the answer to INIT; without it, of answers to CBOR commands. */
  readonly inInit?: true;
}

const cbor = (how: MalformedCbor, does: string, harm: FaultHarm = 'answer'): NamedFault => ({
  fault: { kind: 'malformed-cbor', how },
  does,
  harm,
});
const answer = (fault: KeyFault, does: string): NamedFault => ({ fault, does, harm: 'answer' });
const harmless = (fault: KeyFault, does: string): NamedFault => ({ fault, does, harm: 'none' });
const deadly = (fault: KeyFault, does: string): NamedFault => ({ fault, does, harm: 'key' });
const init = (fault: KeyFault, does: string, harm: FaultHarm): NamedFault => ({ fault, does, harm, inInit: true });

export const NAMED_FAULTS = {
  // Reports
  'first-report-lost': answer({ kind: 'drop-report', index: 0 }, 'the first report of the answer is missing'),
  'middle-report-lost': answer({ kind: 'drop-report', index: 1 }, 'the second report is missing'),
  'report-doubled': answer({ kind: 'repeat-report', index: 1 }, 'the second report comes twice'),
  'reports-swapped': answer({ kind: 'swap-reports', index: 1 }, 'second and third report change places'),
  'wrong-sequence': answer({ kind: 'wrong-sequence', index: 1 }, 'the second report has the number of the third'),
  'wrong-channel': answer({ kind: 'wrong-channel' }, 'the answer is for another channel'),
  'wrong-command': answer({ kind: 'wrong-command' }, 'the answer is to a PING that nobody sent'),
  'claimed-nothing': answer({ kind: 'claimed-length', bytes: 0 }, 'the first report says that the message has 0 bytes'),
  'claimed-too-much': answer({ kind: 'claimed-length', bytes: 65_535 }, 'the first report says 65535 bytes'),
  'claimed-one-more-than-fits': answer({ kind: 'claimed-length', bytes: 7_610 }, 'the first report says 7610 bytes'),
  'claimed-more-than-comes': answer(
    { kind: 'claimed-length', bytes: 7_609 },
    'the first report says 7609 bytes; the rest never comes',
  ),
  'report-of-nothing': answer({ kind: 'short-report', index: 0, bytes: 0 }, 'the first report is empty'),
  'report-of-three-bytes': answer(
    { kind: 'short-report', index: 0, bytes: 3 },
    'the first report ends inside the channel number',
  ),
  'report-cut': answer({ kind: 'short-report', index: 0, bytes: 20 }, 'the first report ends after 20 bytes'),
  'report-too-long': harmless({ kind: 'short-report', index: 0, bytes: 65 }, 'the first report has 65 bytes'),
  'started-again': answer({ kind: 'start-again', index: 1 }, 'the first report comes again in the middle'),
  'error-in-the-middle': answer({ kind: 'error-inside', index: 1, code: 0x7f }, 'an error comes instead of the second report'),
  'stray-continuation': harmless(
    { kind: 'stray-continuation', sequence: 5 },
    'a continuation of nothing comes before the answer',
  ),
  'keepalive-in-the-middle': harmless({ kind: 'keepalive-inside', index: 1 }, 'a keep-alive comes between two reports'),
  'answered-twice': { fault: { kind: 'answer-twice' }, does: 'the whole answer comes a second time', harm: 'next' },
  'dirty-padding': harmless({ kind: 'dirty-padding' }, 'the unused bytes of the last report are not zero'),
  'foreign-frame-first': harmless({ kind: 'foreign-frame', index: 0 }, 'another program’s answer comes first'),
  'foreign-frame-inside': harmless({ kind: 'foreign-frame', index: 1 }, 'another program’s answer comes between two reports'),
  'foreign-flood': harmless({ kind: 'foreign-flood', count: 2_000 }, '2000 frames of another program come first'),
  'keepalive-flood': harmless({ kind: 'keepalive-flood', count: 2_000 }, '2000 keep-alives come at once before the answer'),
  // Time
  slow: harmless({ kind: 'delay', index: 0, delayMs: 2_500 }, 'the answer comes 2.5 s late'),
  silent: answer({ kind: 'silent' }, 'no answer and no keep-alive'),
  stalled: answer({ kind: 'stall', index: 1 }, 'only the first report comes'),
  'endless-keepalive': answer({ kind: 'endless-keepalive', status: 1 }, '“processing” every 100 ms for ever'),
  'endless-touch': answer({ kind: 'endless-keepalive', status: 2 }, '“touch me” every 100 ms for ever, deaf to touches'),
  'endless-unknown-keepalive': answer({ kind: 'endless-keepalive', status: 77 }, 'keep-alives of an unknown kind for ever'),
  // CTAPHID errors
  'invalid-command': answer({ kind: 'hid-error', code: 0x01 }, 'ERROR INVALID_CMD'),
  'invalid-parameter': answer({ kind: 'hid-error', code: 0x02 }, 'ERROR INVALID_PAR'),
  'invalid-length': answer({ kind: 'hid-error', code: 0x03 }, 'ERROR INVALID_LEN'),
  'invalid-sequence': harmless({ kind: 'hid-error', code: 0x04 }, 'ERROR INVALID_SEQ, once'),
  'message-timeout': harmless({ kind: 'hid-error', code: 0x05 }, 'ERROR MSG_TIMEOUT, once'),
  busy: harmless({ kind: 'hid-error', code: 0x06 }, 'ERROR CHANNEL_BUSY, once'),
  'lock-required': harmless({ kind: 'hid-error', code: 0x0a }, 'ERROR LOCK_REQUIRED, once: another program had locked the key'),
  'other-error': answer({ kind: 'hid-error', code: 0x7f }, 'ERROR OTHER'),
  'unknown-error': answer({ kind: 'hid-error', code: 0xee }, 'an ERROR no list has'),
  // Status
  'vendor-status': answer({ kind: 'status', status: 0xf3 }, 'a status of the vendor’s own'),
  'unknown-status': answer({ kind: 'status', status: 0x6d }, 'a status no list has'),
  'no-status': answer({ kind: 'no-status' }, 'an answer without even a status'),
  // CBOR
  'cbor-truncated': cbor('truncated', 'the map ends three bytes early'),
  'cbor-trailing-bytes': cbor('trailing-bytes', 'two bytes behind the map'),
  'cbor-missing': cbor('nothing', 'a success without the map'),
  'cbor-huge-length': cbor('huge-length', 'a byte string that says 4 GiB'),
  'cbor-huge-count': cbor('huge-count', 'a map that says 2^64 members'),
  'cbor-huge-array': cbor('huge-array', 'an array that says 2^63 items'),
  'cbor-reserved-head': cbor('reserved-head', 'a head RFC 8949 keeps for later'),
  'cbor-not-utf8': cbor('text-not-utf8', 'a text key that is not UTF-8'),
  'cbor-indefinite': cbor('indefinite-length', 'a map without a length'),
  'cbor-indefinite-string': cbor('indefinite-string', 'a byte string without a length'),
  'cbor-float': cbor('float', 'a floating-point number'),
  'cbor-tag': cbor('tag', 'a tag'),
  'cbor-undefined': cbor('undefined', 'the value undefined'),
  'cbor-bytes-as-key': cbor('bytes-as-key', 'a byte string as a key'),
  'cbor-map-as-key': cbor('map-as-key', 'a map as a key'),
  'cbor-duplicate-key': cbor('duplicate-key', 'a key twice'),
  'cbor-duplicate-key-long-head': cbor('duplicate-key-long-head', 'a key twice, the second time in two bytes'),
  'cbor-depth-bomb': cbor('depth-bomb', '600 arrays inside each other'),
  'cbor-map-depth-bomb': cbor('map-depth-bomb', '600 maps inside each other'),
  'cbor-unsorted': cbor('unsorted', 'the members in falling order', 'none'),
  'cbor-long-heads': cbor('long-heads', 'keys in two bytes where one would do', 'none'),
  'cbor-not-a-map': cbor('not-a-map', 'an array instead of the map'),
  'cbor-wrong-types': cbor('wrong-types', 'boolean, text and a negative number under keys 1, 2 and 3'),
  'cbor-empty-map': cbor('empty-map', 'a map without members'),
  'cbor-null-values': cbor('null-values', 'null under every key'),
  'cbor-text-keys': cbor('text-keys', 'every number that is a key as text'),
  'cbor-values-exchanged': cbor('values-exchanged', 'each key with the value of the next'),
  'cbor-other-command': cbor('other-command', 'the answer of another command'),
  'cbor-oversized': cbor('oversized', 'one member of 7600 bytes'),
  'cbor-many-members': cbor('many-members', '1900 members'),
  // The person
  'unplugged-at-request': deadly({ kind: 'unplug-at-request' }, 'pulled out as the request arrives'),
  'unplugged-in-answer': deadly({ kind: 'unplug-in-answer', index: 1 }, 'pulled out after the first report'),
  // INIT
  'init-silent': init({ kind: 'silent' }, 'no answer to INIT', 'answer'),
  'init-busy': init({ kind: 'hid-error', code: 0x06 }, 'ERROR CHANNEL_BUSY to INIT, once', 'none'),
  'init-lost': init({ kind: 'drop-report', index: 0 }, 'the answer to INIT is lost, once', 'none'),
  'init-foreign-nonce': init({ kind: 'wrong-nonce' }, 'INIT answers with another nonce, once', 'none'),
  'init-too-short': init({ kind: 'claimed-length', bytes: 3 }, 'INIT answers with 3 bytes', 'answer'),
  'init-channel-zero': init({ kind: 'given-channel', channel: 0 }, 'INIT gives channel 0', 'answer'),
  'init-channel-broadcast': init({ kind: 'given-channel', channel: 0xffff_ffff }, 'INIT gives the broadcast channel', 'answer'),
  'init-other-protocol': init({ kind: 'protocol-version', version: 9 }, 'INIT names CTAPHID version 9', 'none'),
} as const satisfies Record<string, NamedFault>;

export type FaultName = keyof typeof NAMED_FAULTS;
