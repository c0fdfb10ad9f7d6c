// Put in front of Chromium's WebAuthn in the page's own world. It is turned into text and run there, so it uses nothing from
// outside itself. It is a convenience for the page and guards nothing: a page that changes it changes only what it sees itself.
// Source: WebAuthn Level 3 §5.1 (PublicKeyCredential), §5.1.3 (create), §5.2 (responses); Credential Management Level 1 §2.
import type { KeyCallAnswer, PageCredential } from '../../contract/page-key.ts';

/** The way to the shell. `ask` takes a call and gives its answer, both JSON. */
export interface KeyDesk {
  readonly ask: (call: string) => Promise<string>;
  readonly withdraw: () => void;
}

/**
 * @param offersPasskeys whether pages here find `PublicKeyCredential` and may ask for a key; elsewhere every call ends as it does
 *   where there is no key.
 * @returns takes the way to the shell, once
 */
export function standInForKeys(offersPasskeys: boolean): (desk: KeyDesk) => void {
  let connect: (desk: KeyDesk) => void = () => undefined;
  const connected = new Promise<KeyDesk>((resolve) => {
    connect = resolve;
  });
  const inside = new WeakMap<object, PageCredential>();
  const of = (object: object): PageCredential => {
    const credential = inside.get(object);
    if (!credential) throw new TypeError('Illegal invocation');
    return credential;
  };
  const refused = (name: string) => new DOMException('The operation either timed out or was not allowed.', name);

  const bytesOf = (text: string): ArrayBuffer =>
    Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0)).buffer;
  const textOf = (source: BufferSource): string => {
    const bytes = ArrayBuffer.isView(source)
      ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
      : new Uint8Array(source);
    let binary = '';
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  };

  class AuthenticatorResponse {
    constructor() {
      throw new TypeError('Illegal constructor');
    }
    get clientDataJSON(): ArrayBuffer {
      return bytesOf(of(this).clientDataJSON);
    }
  }
  class AuthenticatorAttestationResponse extends AuthenticatorResponse {
    get attestationObject(): ArrayBuffer {
      return bytesOf(of(this).attestationObject);
    }
    getAuthenticatorData(): ArrayBuffer {
      return bytesOf(of(this).authenticatorData);
    }
    getPublicKey(): ArrayBuffer {
      return bytesOf(of(this).publicKey);
    }
    getPublicKeyAlgorithm(): number {
      return of(this).publicKeyAlgorithm;
    }
    getTransports(): string[] {
      of(this);
      return ['usb'];
    }
  }
  class PublicKeyCredential {
    constructor() {
      throw new TypeError('Illegal constructor');
    }
    get id(): string {
      return of(this).id;
    }
    get type(): string {
      of(this);
      return 'public-key';
    }
    get rawId(): ArrayBuffer {
      return bytesOf(of(this).id);
    }
    get authenticatorAttachment(): string {
      of(this);
      return 'cross-platform';
    }
    get response(): AuthenticatorAttestationResponse {
      return responseOf(this);
    }
    getClientExtensionResults(): Record<string, unknown> {
      return { ...of(this).clientExtensionResults };
    }
    toJSON(): Record<string, unknown> {
      const credential = of(this);
      return {
        id: credential.id,
        rawId: credential.id,
        type: 'public-key',
        authenticatorAttachment: 'cross-platform',
        response: {
          clientDataJSON: credential.clientDataJSON,
          attestationObject: credential.attestationObject,
          authenticatorData: credential.authenticatorData,
          publicKey: credential.publicKey,
          publicKeyAlgorithm: credential.publicKeyAlgorithm,
          transports: ['usb'],
        },
        clientExtensionResults: { ...credential.clientExtensionResults },
      };
    }
    static isUserVerifyingPlatformAuthenticatorAvailable(): Promise<boolean> {
      return Promise.resolve(false);
    }
    static isConditionalMediationAvailable(): Promise<boolean> {
      return Promise.resolve(false);
    }
  }
  const responses = new WeakMap<object, AuthenticatorAttestationResponse>();
  const responseOf = (credential: object): AuthenticatorAttestationResponse => {
    of(credential);
    const known = responses.get(credential);
    if (known) return known;
    const response = Object.create(AuthenticatorAttestationResponse.prototype) as AuthenticatorAttestationResponse;
    inside.set(response, of(credential));
    responses.set(credential, response);
    return response;
  };
  const credentialOf = (given: PageCredential): PublicKeyCredential => {
    const credential = Object.create(PublicKeyCredential.prototype) as PublicKeyCredential;
    inside.set(credential, given);
    return credential;
  };

  const callOf = (asked: PublicKeyCredentialCreationOptions): string => {
    const { rp, user, challenge, pubKeyCredParams, excludeCredentials, authenticatorSelection } = asked;
    // hmac-secret and credProtect are not in the DOM's types (CTAP 2.3 §12.1, §12.7).
    const extensions = asked.extensions as Readonly<Record<string, unknown>> | undefined;
    return JSON.stringify({
      rp: { id: rp.id, name: rp.name },
      user: { id: textOf(user.id), name: user.name, displayName: user.displayName },
      challenge: textOf(challenge),
      pubKeyCredParams: pubKeyCredParams.map(({ type, alg }) => ({ type, alg })),
      excludeCredentials: (excludeCredentials ?? []).map(({ type, id }) => ({ type, id: textOf(id) })),
      authenticatorSelection: {
        authenticatorAttachment: authenticatorSelection?.authenticatorAttachment,
        userVerification: authenticatorSelection?.userVerification,
      },
      extensions: {
        hmacCreateSecret: extensions?.['hmacCreateSecret'],
        credentialProtectionPolicy: extensions?.['credentialProtectionPolicy'],
        enforceCredentialProtectionPolicy: extensions?.['enforceCredentialProtectionPolicy'],
      },
    });
  };
  const make = async (asked: PublicKeyCredentialCreationOptions, signal: AbortSignal | undefined): Promise<Credential> => {
    signal?.throwIfAborted();
    const call = callOf(asked);
    if (!offersPasskeys) throw refused('NotAllowedError');
    const desk = await connected;
    return new Promise((resolve, reject) => {
      const withdraw = () => {
        desk.withdraw();
        reject(signal?.reason ?? refused('AbortError'));
      };
      signal?.addEventListener('abort', withdraw, { once: true });
      const settle = (said: string) => {
        const answer = JSON.parse(said) as KeyCallAnswer;
        if (answer.ok) resolve(credentialOf(answer.credential));
        else reject(refused(answer.failure));
      };
      desk
        .ask(call)
        .then(settle)
        .catch(() => reject(refused('NotAllowedError')))
        .finally(() => signal?.removeEventListener('abort', withdraw));
    });
  };

  const define = (object: object, name: string, value: unknown) =>
    Object.defineProperty(object, name, { value, writable: true, enumerable: false, configurable: true });
  // Without a safe context there is none, and no key either.
  if (typeof CredentialsContainer === 'undefined') return connect;
  const { credentials } = navigator;
  const create = credentials.create.bind(credentials);
  const get = credentials.get.bind(credentials);
  define(CredentialsContainer.prototype, 'create', (options?: CredentialCreationOptions) => {
    if (!options?.publicKey) return create(options);
    return make(options.publicKey, options.signal);
  });
  define(CredentialsContainer.prototype, 'get', (options?: CredentialRequestOptions) => {
    if (!options?.publicKey) return get(options);
    return Promise.reject(options.signal?.aborted ? options.signal.reason : refused('NotAllowedError'));
  });
  if (!offersPasskeys) return connect;
  Object.setPrototypeOf(PublicKeyCredential, Credential);
  Object.setPrototypeOf(PublicKeyCredential.prototype, Credential.prototype);
  for (const [name, value] of Object.entries({
    AuthenticatorResponse,
    AuthenticatorAttestationResponse,
    PublicKeyCredential,
  })) {
    Object.defineProperty(value.prototype, Symbol.toStringTag, { value: name, configurable: true });
    define(window, name, value);
  }
  return connect;
}
