import type { AnchorTrouble } from '../../ports/anchor.ts';

/** A certificate that is not good has a code of OpenSSL's or of TLS (Node.js, "X509 certificate error codes"). */
export function troubleOf(error: Error): AnchorTrouble {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /CERT|SELF_SIGNED|UNABLE_TO|^ERR_TLS|^ERR_SSL|HOSTNAME|EPROTO/.test(code) ? 'notTrusted' : 'unreachable';
}
