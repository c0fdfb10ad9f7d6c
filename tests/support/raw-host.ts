// A small host of our own for tests of virtual keys: frames by hand, CBOR by cbor2, PIN cryptography by WebCrypto. It
// shares no line with main/fido, so what both agree on is the protocol and not a common mistake.
import { webcrypto } from 'node:crypto';
import { decode, encode } from 'cbor2';
import { cdeEncodeOptions } from 'cbor2/encoder';
import type { PacketLink } from '../../main/fido/hid/packet-link.ts';
import type { ManualClock } from './manual-clock.ts';

export const BROADCAST = 0xffff_ffff;
export const HID = {
  ping: 0x01,
  msg: 0x03,
  lock: 0x04,
  init: 0x06,
  wink: 0x08,
  cbor: 0x10,
  cancel: 0x11,
  keepalive: 0x3b,
  error: 0x3f,
} as const;

export interface HidMessage {
  readonly channel: number;
  readonly command: number;
  readonly payload: Uint8Array;
}

export interface CborAnswer {
  readonly status: number;
  /** Empty when the key sent the status alone. */
  readonly map: ReadonlyMap<unknown, unknown>;
  /** Status bytes of the keep-alives before the answer. */
  readonly keepalives: readonly number[];
}

/** Builds one report by hand. */
export function report(channel: number, ...rest: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(64);
  new DataView(bytes.buffer).setUint32(0, channel);
  bytes.set(rest, 4);
  return bytes;
}

/** The reports of one message. */
export function reportsOf(channel: number, command: number, payload: Uint8Array): Uint8Array[] {
  const reports = [report(channel, 0x80 | command, payload.length >> 8, payload.length & 0xff, ...payload.slice(0, 57))];
  for (let at = 57, sequence = 0; at < payload.length; at += 59, sequence += 1) {
    reports.push(report(channel, sequence, ...payload.slice(at, at + 59)));
  }
  return reports;
}

export class RawHost {
  readonly #link: PacketLink;
  readonly #clock: ManualClock;
  channel = 0;

  constructor(link: PacketLink, clock: ManualClock) {
    this.#link = link;
    this.#clock = clock;
  }

  async write(...reports: readonly Uint8Array[]): Promise<void> {
    for (const one of reports) await this.#link.write(one);
  }

  send(command: number, payload: Uint8Array, channel = this.channel): Promise<void> {
    return this.write(...reportsOf(channel, command, payload));
  }

  /** The next report; fails when none comes within `withinMs` of the manual clock. */
  nextReport(withinMs = 60_000): Promise<Uint8Array> {
    return this.#clock.runUntil(this.#link.read(new AbortController().signal), withinMs);
  }

  /** True when the key says nothing for so long. */
  async isSilentFor(ms: number): Promise<boolean> {
    const stop = new AbortController();
    const read = this.#link.read(stop.signal).then(
      () => false,
      () => true,
    );
    await this.#clock.advance(ms);
    stop.abort(new Error('waited long enough'));
    return read;
  }

  /** The next whole message on any channel, keep-alives included. */
  async nextMessage(withinMs?: number): Promise<HidMessage> {
    const first = await this.nextReport(withinMs);
    const view = new DataView(first.buffer, first.byteOffset, first.length);
    const channel = view.getUint32(0);
    const total = view.getUint16(5);
    const parts = [...first.slice(7)];
    for (let sequence = 0; parts.length < total; sequence += 1) {
      const next = await this.nextReport(withinMs);
      if (next[4] !== sequence) throw new Error(`expected packet ${sequence}, got ${next[4]}`);
      parts.push(...next.slice(5));
    }
    return { channel, command: view.getUint8(4) & 0x7f, payload: Uint8Array.from(parts.slice(0, total)) };
  }

  /** Gets a channel, checks the nonce, and answers with the whole INIT answer. */
  async init(nonce = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)): Promise<Uint8Array> {
    await this.send(HID.init, nonce, BROADCAST);
    const { payload } = await this.nextMessage();
    if (Buffer.compare(payload.subarray(0, 8), nonce) !== 0) throw new Error('the nonce is not ours');
    this.channel = new DataView(payload.buffer, payload.byteOffset).getUint32(8);
    return payload;
  }

  /** Sends a CTAP2 command with canonical parameters. */
  sendCbor(command: number, parameters?: ReadonlyMap<unknown, unknown>): Promise<void> {
    return this.sendCborBytes(command, parameters === undefined ? new Uint8Array(0) : canonical(parameters));
  }

  sendCborBytes(command: number, body: Uint8Array): Promise<void> {
    return this.send(HID.cbor, Uint8Array.of(command, ...body));
  }

  async cborAnswer(withinMs?: number): Promise<CborAnswer> {
    const keepalives: number[] = [];
    for (;;) {
      const { channel, command, payload } = await this.nextMessage(withinMs);
      if (channel !== this.channel) continue;
      if (command === HID.keepalive) {
        keepalives.push(payload[0] ?? -1);
        continue;
      }
      if (command === HID.error) throw new Error(`CTAPHID error 0x${(payload[0] ?? 0).toString(16)}`);
      const body = payload.slice(1);
      return { status: payload[0] ?? -1, map: body.length === 0 ? new Map() : asMap(decode(body)), keepalives };
    }
  }

  async cbor(command: number, parameters?: ReadonlyMap<unknown, unknown>): Promise<CborAnswer> {
    await this.sendCbor(command, parameters);
    return this.cborAnswer();
  }
}

/** cbor2 gives plain objects for maps whose keys are all text. */
export function asMap(value: unknown): ReadonlyMap<unknown, unknown> {
  if (value instanceof Map) return value;
  if (typeof value === 'object' && value !== null) return new Map(Object.entries(value));
  throw new Error('not a map');
}

/** Canonical CBOR by an independent library. */
export function canonical(value: unknown): Uint8Array {
  return encode(value, cdeEncodeOptions);
}

/** The host's half of a PIN/UV auth protocol. */
export class RawPin {
  readonly #host: RawHost;
  readonly #protocol: 1 | 2;
  #hostKey: ReadonlyMap<number, unknown> = new Map();
  #macKey: Uint8Array = new Uint8Array(0);
  #aesKey: Uint8Array = new Uint8Array(0);

  constructor(host: RawHost, protocol: 1 | 2) {
    this.#host = host;
    this.#protocol = protocol;
  }

  async agree(): Promise<void> {
    const { status, map } = await this.#host.cbor(
      0x06,
      new Map([
        [1, this.#protocol],
        [2, 2],
      ]),
    );
    if (status !== 0) throw new Error(`getKeyAgreement: 0x${status.toString(16)}`);
    const key = asMap(map.get(1));
    const algorithm = { name: 'ECDH', namedCurve: 'P-256' };
    const point = Uint8Array.of(4, ...(key.get(-2) as Uint8Array), ...(key.get(-3) as Uint8Array));
    const theirs = await webcrypto.subtle.importKey('raw', point, algorithm, false, []);
    const ours = await webcrypto.subtle.generateKey(algorithm, true, ['deriveBits']);
    const shared = new Uint8Array(await webcrypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, ours.privateKey, 256));
    const raw = new Uint8Array(await webcrypto.subtle.exportKey('raw', ours.publicKey));
    this.#hostKey = new Map<number, unknown>([
      [1, 2],
      [3, -25],
      [-1, 1],
      [-2, raw.slice(1, 33)],
      [-3, raw.slice(33)],
    ]);
    if (this.#protocol === 1) {
      this.#macKey = this.#aesKey = new Uint8Array(await webcrypto.subtle.digest('SHA-256', shared));
    } else {
      this.#macKey = await hkdf(shared, 'CTAP2 HMAC key');
      this.#aesKey = await hkdf(shared, 'CTAP2 AES key');
    }
  }

  async setPin(pin: string | Uint8Array): Promise<CborAnswer> {
    await this.agree();
    const newPinEnc = await this.encrypt(padded(pin));
    return this.#send(3, [
      [4, await this.mac(newPinEnc)],
      [5, newPinEnc],
    ]);
  }

  async changePin(oldPin: string, newPin: string): Promise<CborAnswer> {
    await this.agree();
    const newPinEnc = await this.encrypt(padded(newPin));
    const pinHashEnc = await this.encrypt(await pinHash(oldPin));
    const param = await this.mac(Buffer.concat([newPinEnc, pinHashEnc]));
    return this.#send(4, [
      [4, param],
      [5, newPinEnc],
      [6, pinHashEnc],
    ]);
  }

  /** Sub-command 0x05. `fresh: false` uses the last key agreement again. */
  async legacyToken(pin: string, { fresh = true } = {}): Promise<{ readonly status: number; readonly token: Uint8Array }> {
    if (fresh) await this.agree();
    return this.#token(await this.#send(5, [[6, await this.encrypt(await pinHash(pin))]]));
  }

  /** Sub-command 0x09. */
  async token(
    pin: string,
    permissions: number,
    rpId?: string,
    { fresh = true } = {},
  ): Promise<{ readonly status: number; readonly token: Uint8Array }> {
    if (fresh) await this.agree();
    const rest: [number, unknown][] = [
      [6, await this.encrypt(await pinHash(pin))],
      [9, permissions],
    ];
    if (rpId !== undefined) rest.push([10, rpId]);
    return this.#token(await this.#send(9, rest));
  }

  /** Sub-command 0x06: by finger. */
  async uvToken(permissions: number, rpId?: string): Promise<{ readonly status: number; readonly token: Uint8Array }> {
    await this.agree();
    const rest: [number, unknown][] = [[9, permissions]];
    if (rpId !== undefined) rest.push([10, rpId]);
    return this.#token(await this.#send(6, rest));
  }

  /** MAC with a token, as this protocol makes it. */
  async macWith(token: Uint8Array, message: Uint8Array): Promise<Uint8Array> {
    const whole = await hmac(token, message);
    return this.#protocol === 1 ? whole.slice(0, 16) : whole;
  }

  mac(message: Uint8Array): Promise<Uint8Array> {
    return this.macWith(this.#macKey, message);
  }

  async encrypt(plaintext: Uint8Array): Promise<Uint8Array> {
    const iv = this.#protocol === 1 ? new Uint8Array(16) : webcrypto.getRandomValues(new Uint8Array(16));
    const key = await webcrypto.subtle.importKey('raw', this.#aesKey, 'AES-CBC', false, ['encrypt']);
    const whole = new Uint8Array(await webcrypto.subtle.encrypt({ name: 'AES-CBC', iv }, key, plaintext));
    const ciphertext = whole.slice(0, plaintext.length); // WebCrypto always adds a block of padding
    return this.#protocol === 1 ? ciphertext : Uint8Array.of(...iv, ...ciphertext);
  }

  async decrypt(bytes: Uint8Array): Promise<Uint8Array> {
    const iv = this.#protocol === 1 ? new Uint8Array(16) : bytes.slice(0, 16);
    const ciphertext = this.#protocol === 1 ? bytes : bytes.slice(16);
    // A block that decrypts to the padding WebCrypto insists on: 16 times 0x10, chained to the last real block.
    const last = ciphertext.slice(-16);
    const block = new Uint8Array(16).fill(16).map((byte, index) => byte ^ (last[index] ?? 0));
    const encryptKey = await webcrypto.subtle.importKey('raw', this.#aesKey, 'AES-CBC', false, ['encrypt', 'decrypt']);
    const zero = { name: 'AES-CBC', iv: new Uint8Array(16) };
    const padding = new Uint8Array(await webcrypto.subtle.encrypt(zero, encryptKey, block)).slice(0, 16);
    const extended = Uint8Array.of(...ciphertext, ...padding);
    return new Uint8Array(await webcrypto.subtle.decrypt({ name: 'AES-CBC', iv }, encryptKey, extended));
  }

  get hostKey(): ReadonlyMap<number, unknown> {
    return this.#hostKey;
  }

  #send(subCommand: number, rest: readonly (readonly [number, unknown])[]): Promise<CborAnswer> {
    return this.#host.cbor(0x06, new Map<number, unknown>([[1, this.#protocol], [2, subCommand], [3, this.#hostKey], ...rest]));
  }

  async #token(answer: CborAnswer): Promise<{ readonly status: number; readonly token: Uint8Array }> {
    const encrypted = answer.map.get(2);
    const token = encrypted instanceof Uint8Array ? await this.decrypt(encrypted) : new Uint8Array(0);
    return { status: answer.status, token };
  }
}

export async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await webcrypto.subtle.digest('SHA-256', bytes));
}

async function pinHash(pin: string): Promise<Uint8Array> {
  return (await sha256(new TextEncoder().encode(pin))).slice(0, 16);
}

function padded(pin: string | Uint8Array): Uint8Array {
  if (pin instanceof Uint8Array) return pin;
  const bytes = new Uint8Array(64);
  bytes.set(new TextEncoder().encode(pin));
  return bytes;
}

async function hmac(key: Uint8Array, message: Uint8Array): Promise<Uint8Array> {
  const imported = await webcrypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await webcrypto.subtle.sign('HMAC', imported, message));
}

/** HKDF-SHA-256 with a salt of zeros and 32 bytes out, written as the two HMACs it is. */
async function hkdf(keyMaterial: Uint8Array, info: string): Promise<Uint8Array> {
  const prk = await hmac(new Uint8Array(32), keyMaterial);
  return hmac(prk, Uint8Array.of(...new TextEncoder().encode(info), 1));
}
