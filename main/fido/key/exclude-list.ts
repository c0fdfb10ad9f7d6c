// An exclude list longer than a key takes is asked for piece by piece, without a touch, before the credential is made.
// Source: WebAuthn Level 3 §5.1.3 step 20; CTAP 2.3 §6.1.2 step 12, §6.4 (maxCredentialCountInList, maxCredentialIdLength).
import type { HidCall } from '../hid/channel.ts';
import { encodeBase64url } from '../bytes/base64url.ts';
import { ProtocolViolation } from '../protocol-violation.ts';
import type { CtapTransport } from '../ctap/command.ts';
import { getAssertion, getAssertionRequestBytes } from '../ctap/get-assertion.ts';
import type { AuthenticatorInfo } from '../ctap/get-info.ts';
import { CTAP_STATUS, CtapStatusError } from '../ctap/status.ts';
import type { RequestLeave } from './leave.ts';

/** No credential id is longer, whatever a key says of its own (WebAuthn Level 3 §4, Credential ID). Bytes. */
const MAX_ID_BYTES = 1023;

/** Ids that this key may know: each once, none longer than its own ids get. */
export function relevantCredentialIds(
  ids: readonly Uint8Array[],
  { maxCredentialIdLength = MAX_ID_BYTES }: Pick<AuthenticatorInfo, 'maxCredentialIdLength'>,
): readonly Uint8Array[] {
  const distinct = new Map(ids.map((id) => [encodeBase64url(id), id]));
  return [...distinct.values()].filter((id) => id.length > 0 && id.length <= Math.min(maxCredentialIdLength, MAX_ID_BYTES));
}

/** How many ids one list may hold. Without a stated longest id the stated count means nothing, so one at a time. */
export function listCapacity(info: Pick<AuthenticatorInfo, 'maxCredentialCountInList' | 'maxCredentialIdLength'>): number {
  if (info.maxCredentialIdLength === undefined) return 1;
  return Math.max(1, info.maxCredentialCountInList ?? 1);
}

/** The leave for one request; may fetch a new token, which is why it is asked for each. */
export interface ProbeAuthority {
  leaveOver(clientDataHash: Uint8Array): RequestLeave;
  /** Called when a key threw its token away after a probe, as some do; false when that may not happen again. */
  renew(): Promise<boolean>;
}

export interface ProbeTarget {
  readonly rpId: string;
  readonly ids: readonly Uint8Array[];
  readonly info: Pick<AuthenticatorInfo, 'maxCredentialCountInList' | 'maxCredentialIdLength' | 'maxMsgSize'>;
}

const PROBE_HASH = new Uint8Array(32);
/** Statuses by which keys say that none of these ids is theirs. */
const NOT_HERE: ReadonlySet<number> = new Set([CTAP_STATUS.NO_CREDENTIALS, CTAP_STATUS.INVALID_CREDENTIAL]);
const TOO_MANY: ReadonlySet<number> = new Set([
  CTAP_STATUS.REQUEST_TOO_LARGE,
  CTAP_STATUS.LIMIT_EXCEEDED,
  CTAP_STATUS.INVALID_LENGTH,
]);

/** The first of `ids` that lives on this key; `undefined` when none does. Needs no touch. Errors as sendCommand. */
export async function findKnownCredential(
  transport: CtapTransport,
  { rpId, ids, info }: ProbeTarget,
  authority: ProbeAuthority,
  call: HidCall,
): Promise<Uint8Array | undefined> {
  let chunkSize = listCapacity(info);
  let offset = 0;
  while (offset < ids.length) {
    const chunk = ids.slice(offset, offset + chunkSize);
    const leave = authority.leaveOver(PROBE_HASH);
    const parameters = {
      rpId,
      clientDataHash: PROBE_HASH,
      allowCredentialIds: chunk,
      options: { up: false },
      // No finger is asked for: without a token the most protected credentials stay out of sight.
      ...('pinUvAuth' in leave && leave),
    };
    if (chunk.length > 1 && getAssertionRequestBytes(parameters) > info.maxMsgSize) {
      chunkSize = Math.ceil(chunk.length / 2);
      continue;
    }
    try {
      const answer = await getAssertion(transport, parameters, call);
      const found = answer.credentialId ?? (chunk.length === 1 ? chunk[0] : undefined);
      if (found === undefined) throw new ProtocolViolation('getAssertion answer', 'which credential is not said');
      return found;
    } catch (error) {
      if (!(error instanceof CtapStatusError)) throw error;
      if (TOO_MANY.has(error.status) && chunk.length > 1) {
        chunkSize = Math.ceil(chunk.length / 2);
        continue;
      }
      if (error.status === CTAP_STATUS.PIN_AUTH_INVALID && (await authority.renew())) continue;
      // An id the key can't even be asked about is not one of its own.
      if (!NOT_HERE.has(error.status) && !TOO_MANY.has(error.status)) throw error;
    }
    offset += chunk.length;
  }
  return undefined;
}
