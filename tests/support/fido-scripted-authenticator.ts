// A key at message height whose every answer a test can replace, and which remembers every request. It shares no code with
// the client it tests: CBOR is cbor2's, cryptography is node's, the rules are written out again.
import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createHmac,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  sign,
  type ECDH,
  type KeyObject,
} from 'node:crypto';
import { cdeDecodeOptions, cdeEncodeOptions, decode, encode } from 'cbor2';
import type { HidCall } from '../../main/fido/hid/channel.ts';
import type { HidDevice } from '../../main/fido/hid/init.ts';

export type Parameters = ReadonlyMap<unknown, unknown>;

export interface Request {
  readonly command: number;
  readonly parameters: Parameters;
  readonly bytes: Uint8Array;
  readonly call: HidCall;
}

/** Gives a status or whole answer bytes in place of the key's own, throws a transport error, or lets it pass (undefined). */
export type Interception = (request: Request) => number | Uint8Array | undefined;

export const MAKE_CREDENTIAL = 1;
export const GET_ASSERTION = 2;
export const GET_INFO = 4;
export const CLIENT_PIN = 6;
export const RESET = 7;
export const GET_NEXT_ASSERTION = 8;
export const SELECTION = 11;
export const BIO_ENROLLMENT = 9;
export const CREDENTIAL_MANAGEMENT = 10;
export const AUTHENTICATOR_CONFIG = 13;
export const BIO_ENROLLMENT_PREVIEW = 0x40;
export const CREDENTIAL_MANAGEMENT_PREVIEW = 0x41;

const AAGUID = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const hashOf = (data: Uint8Array | string): Buffer => createHash('sha256').update(data).digest();

/** Thrown inside {@link ScriptedAuthenticator} and by interceptions; becomes the status byte. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number) {
    super();
    this.status = status;
  }
}

interface StoredCredential {
  readonly id: Buffer;
  readonly rpId: string;
  readonly userId: Uint8Array;
  readonly privateKey: KeyObject;
}

export class ScriptedAuthenticator {
  device: HidDevice = {
    channelId: 1,
    protocolVersion: 2,
    version: { major: 1, minor: 0, build: 0 },
    capabilities: 4,
    canWink: false,
    canCbor: true,
    canMsg: true,
  };
  maxMessageBytes = 7_609;
  readonly requests: Request[] = [];
  /** Asked before the key itself, in order of registration. */
  readonly interceptions: Interception[] = [];
  /** More commands than the key has itself, asked after the interceptions. */
  moreCommands: Interception = () => undefined;
  readonly aaguid = AAGUID;
  options: Record<string, unknown> = { rk: true, pinUvAuthToken: true };
  info = new Map<number, unknown>([
    [1, ['FIDO_2_0', 'FIDO_2_1']],
    [2, ['hmac-secret', 'credProtect']],
    [5, 1200],
    [6, [2, 1]],
  ]);
  pin: string | undefined;
  retries = 8;
  wrongInARow = 0;
  forcePinChange = false;
  credentials: StoredCredential[] = [];
  /** What the key's own sensor makes of the next finger; `undefined` for a key without one. */
  finger: 'right' | 'wrong' | undefined;
  sensorRetries = 3;
  /** Of the last token; 0 for one without permissions. */
  permissions = 0;
  /** The tokens that a PIN (or a finger) opened, newest last. */
  readonly tokens: Buffer[] = [];
  #agreement: ECDH = freshAgreement();
  #token: Buffer | undefined;
  #pending: StoredCredential[] = [];
  #pendingHash: Uint8Array = new Uint8Array();
  #pendingExtensions: ReadonlyMap<string, unknown> | undefined;

  /** A map of the key's own, read again. */
  read(bytes: Uint8Array): Parameters {
    return decode(Uint8Array.from(bytes), { ...cdeDecodeOptions, preferMap: true });
  }

  /** Nothing lies between these answers and the client. */
  distrust(): void {}

  msg(): Promise<Uint8Array> {
    return Promise.resolve(Uint8Array.from([...Buffer.from('U2F_V2'), 0x90, 0]));
  }

  async cbor(bytes: Uint8Array, call: HidCall): Promise<Uint8Array> {
    const parameters: Parameters = bytes.length > 1 ? this.read(bytes.subarray(1)) : new Map();
    const request: Request = { command: bytes[0] ?? 0, parameters, bytes, call };
    this.requests.push(request);
    try {
      for (const intercept of [...this.interceptions, this.moreCommands]) {
        const instead = intercept(request);
        if (typeof instead === 'number') throw new Refusal(instead);
        if (instead !== undefined) return instead;
      }
      const answer = this.#carryOut(request);
      return answer === undefined ? Uint8Array.of(0) : okay(answer);
    } catch (error) {
      if (error instanceof Refusal) return Uint8Array.of(error.status);
      throw error;
    }
  }

  /** Requests of one command, of one clientPIN sub-command when given. */
  sent(command: number, subCommand?: number): readonly Request[] {
    return this.requests.filter(
      (request) => request.command === command && (subCommand === undefined || request.parameters.get(2) === subCommand),
    );
  }

  /** Has the next matching request answered with this status (or these bytes). */
  once(instead: number | Uint8Array | (() => never), command: number, subCommand?: number): void {
    let used = false;
    this.interceptions.push((request) => {
      if (used || request.command !== command || (subCommand !== undefined && request.parameters.get(2) !== subCommand)) {
        return undefined;
      }
      used = true;
      return typeof instead === 'function' ? instead() : instead;
    });
  }

  replug(): void {
    this.wrongInARow = 0;
    this.#agreement = freshAgreement();
    this.#token = undefined;
  }

  #carryOut({ command, parameters }: Request): ReadonlyMap<number, unknown> | undefined {
    switch (command) {
      case GET_INFO:
        return this.#describe();
      case CLIENT_PIN:
        return this.#clientPin(parameters);
      case MAKE_CREDENTIAL:
        return this.#makeCredential(parameters);
      case GET_ASSERTION:
        return this.#getAssertion(parameters);
      case GET_NEXT_ASSERTION:
        return this.#assertion(this.#pending.shift(), true);
      case RESET:
      case SELECTION:
        return undefined;
      default:
        throw new Refusal(0x01);
    }
  }

  #describe(): ReadonlyMap<number, unknown> {
    const options = new Map(Object.entries(this.options));
    if (!('clientPin' in this.options)) options.set('clientPin', this.pin !== undefined);
    if (this.options['clientPin'] === null) options.delete('clientPin');
    if (this.finger !== undefined) options.set('uv', true);
    const info = new Map<number, unknown>([...this.info, [3, AAGUID], [4, options]]);
    if (this.forcePinChange) info.set(12, true);
    return info;
  }

  #clientPin(parameters: Parameters): ReadonlyMap<number, unknown> | undefined {
    const version = parameters.get(1) as number;
    switch (parameters.get(2)) {
      case 1:
        return new Map<number, unknown>([
          [3, this.retries],
          [4, this.wrongInARow >= 3],
        ]);
      case 2: {
        const point = this.#agreement.getPublicKey();
        return new Map([
          [
            1,
            new Map<number, unknown>([
              [1, 2],
              [3, -25],
              [-1, 1],
              [-2, point.subarray(1, 33)],
              [-3, point.subarray(33)],
            ]),
          ],
        ]);
      }
      case 3: {
        if (this.pin !== undefined) throw new Refusal(0x33);
        const keys = this.#sharedKeys(version, parameters);
        const newPinEnc = parameters.get(5) as Uint8Array;
        this.#verify(version, keys.hmac, newPinEnc, parameters.get(4));
        this.#takePin(open(version, keys.aes, newPinEnc));
        return undefined;
      }
      case 4: {
        const keys = this.#sharedKeys(version, parameters);
        const newPinEnc = parameters.get(5) as Uint8Array;
        const pinHashEnc = parameters.get(6) as Uint8Array;
        this.#verify(version, keys.hmac, Buffer.concat([newPinEnc, pinHashEnc]), parameters.get(4));
        this.#tryPin(open(version, keys.aes, pinHashEnc));
        this.#takePin(open(version, keys.aes, newPinEnc));
        this.forcePinChange = false;
        return undefined;
      }
      case 5:
      case 9: {
        const keys = this.#sharedKeys(version, parameters);
        this.#tryPin(open(version, keys.aes, parameters.get(6) as Uint8Array));
        if (this.forcePinChange) throw new Refusal(0x31);
        return this.#issueToken(version, keys.aes, parameters);
      }
      case 6: {
        const keys = this.#sharedKeys(version, parameters);
        if (this.sensorRetries === 0) throw new Refusal(0x3c);
        if (this.finger !== 'right') {
          this.sensorRetries -= 1;
          throw new Refusal(0x3f);
        }
        this.sensorRetries = 3;
        return this.#issueToken(version, keys.aes, parameters);
      }
      case 7:
        return new Map([[5, this.sensorRetries]]);
      default:
        throw new Refusal(0x3e);
    }
  }

  #sharedKeys(version: number, parameters: Parameters): { hmac: Buffer; aes: Buffer } {
    const half = parameters.get(3) as Parameters;
    const point = Buffer.concat([Buffer.of(4), half.get(-2) as Uint8Array, half.get(-3) as Uint8Array]);
    const x = this.#agreement.computeSecret(point);
    if (version === 1) return { hmac: hashOf(x), aes: hashOf(x) };
    const derive = (info: string): Buffer => Buffer.from(hkdfSync('sha256', x, Buffer.alloc(32), info, 32));
    return { hmac: derive('CTAP2 HMAC key'), aes: derive('CTAP2 AES key') };
  }

  #issueToken(version: number, key: Uint8Array, parameters: Parameters): ReadonlyMap<number, unknown> {
    this.#token = randomBytes(32);
    this.tokens.push(this.#token);
    this.permissions = (parameters.get(9) as number | undefined) ?? 0;
    return new Map([[2, seal(version, key, this.#token)]]);
  }

  /** For commands that a test adds: refuses what is not authorised by the token in force. */
  requireToken(message: Uint8Array, mac: unknown, version: unknown): void {
    this.#checkToken(message, mac, version);
  }

  #verify(version: number, key: Uint8Array, message: Uint8Array, mac: unknown): void {
    const full = createHmac('sha256', key).update(message).digest();
    const expected = version === 1 ? full.subarray(0, 16) : full;
    if (!(mac instanceof Uint8Array) || !expected.equals(mac)) throw new Refusal(0x33);
  }

  #takePin(padded: Buffer): void {
    if (padded.length !== 64) throw new Refusal(0x02);
    const pin = padded.subarray(0, padded.indexOf(0)).toString();
    if (Array.from(pin).length < ((this.info.get(13) as number | undefined) ?? 4)) throw new Refusal(0x37);
    this.pin = pin;
    this.retries = 8;
  }

  #tryPin(hash: Buffer): void {
    if (this.pin === undefined) throw new Refusal(0x35);
    if (this.retries === 0) throw new Refusal(0x32);
    if (this.wrongInARow >= 3) throw new Refusal(0x34);
    this.retries -= 1;
    if (hashOf(this.pin).subarray(0, 16).equals(hash)) {
      this.retries = 8;
      this.wrongInARow = 0;
      return;
    }
    this.#agreement = freshAgreement();
    this.wrongInARow += 1;
    if (this.retries === 0) throw new Refusal(0x32);
    throw new Refusal(this.wrongInARow >= 3 ? 0x34 : 0x31);
  }

  #checkToken(clientDataHash: Uint8Array, mac: unknown, version: unknown): void {
    if (mac === undefined) throw new Refusal(0x36);
    if (this.#token === undefined) throw new Refusal(0x33);
    this.#verify(version as number, this.#token, clientDataHash, mac);
  }

  #makeCredential(parameters: Parameters): ReadonlyMap<number, unknown> {
    this.#checkToken(parameters.get(1) as Uint8Array, parameters.get(8), parameters.get(9));
    return this.#credentialFor(parameters, 0x05);
  }

  /** A credential for whoever asks, with nobody verified: for keys that allow that. */
  makeUnverified(parameters: Parameters): ReadonlyMap<number, unknown> {
    return this.#credentialFor(parameters, 0x01);
  }

  #credentialFor(parameters: Parameters, who: number): ReadonlyMap<number, unknown> {
    const clientDataHash = parameters.get(1) as Uint8Array;
    const rpId = (parameters.get(2) as Parameters).get('id') as string;
    const excluded = ((parameters.get(5) as Parameters[] | undefined) ?? []).map((item) => item.get('id') as Uint8Array);
    this.#token = undefined; // good for one
    if (this.credentials.some((known) => known.rpId === rpId && excluded.some((id) => known.id.equals(id)))) {
      throw new Refusal(0x19);
    }
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const id = randomBytes(32);
    this.credentials.push({ id, rpId, userId: (parameters.get(3) as Parameters).get('id') as Uint8Array, privateKey });
    const jwk = publicKey.export({ format: 'jwk' });
    const coordinate = (text = ''): Buffer => Buffer.from(text, 'base64url');
    const cose = cde(
      new Map<number, unknown>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, coordinate(jwk.x)],
        [-3, coordinate(jwk.y)],
      ]),
    );
    const extensions = this.#extensionOutputs(parameters.get(6) as ReadonlyMap<string, unknown> | undefined, 'hmac-secret-mc');
    const authData = Buffer.concat([
      hashOf(rpId),
      Buffer.of(who | (extensions === undefined ? 0x40 : 0xc0), 0, 0, 0, 1),
      AAGUID,
      Buffer.of(0, id.length),
      id,
      cose,
      extensions === undefined ? Buffer.alloc(0) : cde(extensions),
    ]);
    const sig = sign('sha256', Buffer.concat([authData, clientDataHash]), privateKey);
    return new Map<number, unknown>([
      [1, 'packed'],
      [2, authData],
      [
        3,
        new Map<string, unknown>([
          ['alg', -7],
          ['sig', sig],
        ]),
      ],
    ]);
  }

  /** As they were asked for, and for salts what {@link hmacOfSalts} makes of them, encrypted. */
  #extensionOutputs(asked: ReadonlyMap<string, unknown> | undefined, hmacName: string): ReadonlyMap<string, unknown> | undefined {
    const input = asked?.get(hmacName);
    if (asked === undefined || !(input instanceof Map)) return asked;
    const request = input as Parameters;
    const version = (request.get(4) as number | undefined) ?? 1;
    const keys = this.#sharedKeys(version, new Map([[3, request.get(1)]]));
    const saltEnc = request.get(2) as Uint8Array;
    this.#verify(version, keys.hmac, saltEnc, request.get(3));
    return new Map([...asked, [hmacName, seal(version, keys.aes, hmacOfSalts(open(version, keys.aes, saltEnc)))]]);
  }

  #getAssertion(parameters: Parameters): ReadonlyMap<number, unknown> {
    const clientDataHash = parameters.get(2) as Uint8Array;
    this.#checkToken(clientDataHash, parameters.get(6), parameters.get(7));
    const allowed = (parameters.get(3) as Parameters[] | undefined)?.map((item) => item.get('id') as Uint8Array);
    const up = (parameters.get(5) as Parameters | undefined)?.get('up') !== false;
    const matching = this.credentials
      .filter((known) => known.rpId === parameters.get(1) && (allowed?.some((id) => known.id.equals(id)) ?? true))
      .toReversed();
    if (matching.length === 0) throw new Refusal(0x2e);
    if (up) this.#token = undefined;
    this.#pendingHash = clientDataHash;
    this.#pendingExtensions = this.#extensionOutputs(
      parameters.get(4) as ReadonlyMap<string, unknown> | undefined,
      'hmac-secret',
    );
    const [first, ...rest] = matching;
    this.#pending = allowed ? [] : rest;
    const answer = this.#assertion(first, up);
    return allowed || rest.length === 0 ? answer : new Map([...answer, [5, matching.length]]);
  }

  #assertion(credential: StoredCredential | undefined, up: boolean): ReadonlyMap<number, unknown> {
    if (credential === undefined) throw new Refusal(0x30);
    const extensions = this.#pendingExtensions;
    const flags = (up ? 0x05 : 0x04) | (extensions === undefined ? 0 : 0x80);
    const authData = Buffer.concat([
      hashOf(credential.rpId),
      Buffer.of(flags, 0, 0, 0, 2),
      extensions === undefined ? Buffer.alloc(0) : cde(extensions),
    ]);
    const signature = sign('sha256', Buffer.concat([authData, this.#pendingHash]), credential.privateKey);
    return new Map<number, unknown>([
      [
        1,
        new Map<string, unknown>([
          ['id', credential.id],
          ['type', 'public-key'],
        ]),
      ],
      [2, authData],
      [3, signature],
      [4, new Map([['id', credential.userId]])],
    ]);
  }
}

/** The secrets of this key for one or two salts of 32 bytes. */
export function hmacOfSalts(salts: Uint8Array): Buffer {
  const parts = [salts.subarray(0, 32), salts.subarray(32)].filter(({ length }) => length > 0);
  return Buffer.concat(parts.map((salt) => createHmac('sha256', 'the secret of the key').update(salt).digest()));
}

/** A success with this map, as bytes. */
export function okay(answer: unknown): Uint8Array {
  return Uint8Array.from([0, ...cde(answer)]);
}

/** CBOR in canonical order, by a codec that is not ours. */
export function cde(value: unknown): Uint8Array {
  return encode(withPlainBytes(value), cdeEncodeOptions);
}

/** cbor2 takes a Node Buffer for an object of its own kind. */
function withPlainBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map(withPlainBytes);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, withPlainBytes(item)]));
  return value;
}

function freshAgreement(): ECDH {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  return pair;
}

function open(version: number, key: Uint8Array, sealed: Uint8Array): Buffer {
  const iv = version === 1 ? Buffer.alloc(16) : sealed.subarray(0, 16);
  const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  return Buffer.concat([decipher.update(version === 1 ? sealed : sealed.subarray(16)), decipher.final()]);
}

function seal(version: number, key: Uint8Array, plain: Uint8Array): Buffer {
  const iv = version === 1 ? Buffer.alloc(16) : randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return version === 1 ? sealed : Buffer.concat([iv, sealed]);
}
