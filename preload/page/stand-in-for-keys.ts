// Put in front of Chromium's WebAuthn in the page's own world. It is turned into text and run there, so it uses nothing from
// outside itself. It is a convenience for the page and guards nothing: a page that changes it changes only what it sees itself.
// Source: WebAuthn Level 3 §5.1 (PublicKeyCredential), §5.1.3 (create), §5.1.4 (get), §5.2 (responses); Credential Management
// Level 1 §2.
import type { KeyCallAnswer, PageAssertion, PageCredential } from '../../contract/page-key.ts';

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
  const inside = new WeakMap<object, PageCredential | PageAssertion>();
  const illegal = () => new TypeError('Illegal invocation');
  const of = (object: object): PageCredential | PageAssertion => {
    const answered = inside.get(object);
    if (!answered) throw illegal();
    return answered;
  };
  const madeOf = (object: object): PageCredential => {
    const answered = of(object);
    if (!('attestationObject' in answered)) throw illegal();
    return answered;
  };
  const signedOf = (object: object): PageAssertion => {
    const answered = of(object);
    if (!('signature' in answered)) throw illegal();
    return answered;
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
      return bytesOf(madeOf(this).attestationObject);
    }
    getAuthenticatorData(): ArrayBuffer {
      return bytesOf(madeOf(this).authenticatorData);
    }
    getPublicKey(): ArrayBuffer {
      return bytesOf(madeOf(this).publicKey);
    }
    getPublicKeyAlgorithm(): number {
      return madeOf(this).publicKeyAlgorithm;
    }
    getTransports(): string[] {
      madeOf(this);
      return ['usb'];
    }
  }
  class AuthenticatorAssertionResponse extends AuthenticatorResponse {
    get authenticatorData(): ArrayBuffer {
      return bytesOf(signedOf(this).authenticatorData);
    }
    get signature(): ArrayBuffer {
      return bytesOf(signedOf(this).signature);
    }
    get userHandle(): ArrayBuffer | null {
      const { userHandle } = signedOf(this);
      return userHandle === null ? null : bytesOf(userHandle);
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
    get response(): AuthenticatorResponse {
      return responseOf(this);
    }
    getClientExtensionResults(): Record<string, unknown> {
      return extensionResultsOf(of(this));
    }
    toJSON(): Record<string, unknown> {
      const answered = of(this);
      const { id } = answered;
      return {
        id,
        rawId: id,
        type: 'public-key',
        authenticatorAttachment: 'cross-platform',
        response: responseJsonOf(answered),
        clientExtensionResults: extensionResultsOf(answered),
      };
    }
    static isUserVerifyingPlatformAuthenticatorAvailable(): Promise<boolean> {
      return Promise.resolve(false);
    }
    static isConditionalMediationAvailable(): Promise<boolean> {
      return Promise.resolve(false);
    }
  }
  // No extension of a sign-in is carried to the key, so none has a result.
  const extensionResultsOf = (answered: PageCredential | PageAssertion): Record<string, unknown> =>
    'signature' in answered ? {} : { ...answered.clientExtensionResults };
  const responseJsonOf = (answered: PageCredential | PageAssertion): Record<string, unknown> => {
    const { clientDataJSON, authenticatorData } = answered;
    if ('signature' in answered) {
      const { signature, userHandle } = answered;
      return { clientDataJSON, authenticatorData, signature, ...(userHandle === null ? {} : { userHandle }) };
    }
    const { attestationObject, publicKey, publicKeyAlgorithm } = answered;
    return { clientDataJSON, attestationObject, authenticatorData, publicKey, publicKeyAlgorithm, transports: ['usb'] };
  };
  const responses = new WeakMap<object, AuthenticatorResponse>();
  const responseOf = (credential: object): AuthenticatorResponse => {
    const answered = of(credential);
    const known = responses.get(credential);
    if (known) return known;
    const kind = 'signature' in answered ? AuthenticatorAssertionResponse : AuthenticatorAttestationResponse;
    const response = Object.create(kind.prototype) as AuthenticatorResponse;
    inside.set(response, answered);
    responses.set(credential, response);
    return response;
  };
  const credentialOf = (given: PageCredential | PageAssertion): PublicKeyCredential => {
    const credential = Object.create(PublicKeyCredential.prototype) as PublicKeyCredential;
    inside.set(credential, given);
    return credential;
  };

  const idsOf = (credentials: PublicKeyCredentialDescriptor[] | undefined) =>
    (credentials ?? []).map(({ type, id }) => ({ type, id: textOf(id) }));
  const getCallOf = ({ rpId, challenge, allowCredentials }: PublicKeyCredentialRequestOptions): string =>
    JSON.stringify({ call: 'get', rpId, challenge: textOf(challenge), allowCredentials: idsOf(allowCredentials) });
  const createCallOf = (asked: PublicKeyCredentialCreationOptions): string => {
    const { rp, user, challenge, pubKeyCredParams, excludeCredentials, authenticatorSelection } = asked;
    // hmac-secret and credProtect are not in the DOM's types (CTAP 2.3 §12.1, §12.7).
    const extensions = asked.extensions as Readonly<Record<string, unknown>> | undefined;
    return JSON.stringify({
      call: 'create',
      rp: { id: rp.id, name: rp.name },
      user: { id: textOf(user.id), name: user.name, displayName: user.displayName },
      challenge: textOf(challenge),
      pubKeyCredParams: pubKeyCredParams.map(({ type, alg }) => ({ type, alg })),
      excludeCredentials: idsOf(excludeCredentials),
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
  const askDesk = async (callOf: () => string, signal: AbortSignal | undefined): Promise<Credential> => {
    signal?.throwIfAborted();
    const call = callOf();
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
        if (answer.ok) resolve(credentialOf('assertion' in answer ? answer.assertion : answer.credential));
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
    const { publicKey, signal } = options;
    return askDesk(() => createCallOf(publicKey), signal);
  });
  define(CredentialsContainer.prototype, 'get', (options?: CredentialRequestOptions) => {
    if (!options?.publicKey) return get(options);
    const { publicKey, signal, mediation } = options;
    // There is no way to be asked beside a form's own fields, and to be asked nothing there is no account.
    if (mediation === 'conditional') return Promise.reject(new TypeError('Conditional mediation is not supported.'));
    if (mediation === 'silent') return Promise.resolve(null);
    return askDesk(() => getCallOf(publicKey), signal);
  });
  if (!offersPasskeys) return connect;
  Object.setPrototypeOf(PublicKeyCredential, Credential);
  Object.setPrototypeOf(PublicKeyCredential.prototype, Credential.prototype);
  for (const [name, value] of Object.entries({
    AuthenticatorResponse,
    AuthenticatorAttestationResponse,
    AuthenticatorAssertionResponse,
    PublicKeyCredential,
  })) {
    Object.defineProperty(value.prototype, Symbol.toStringTag, { value: name, configurable: true });
    define(window, name, value);
  }
  return connect;
}
