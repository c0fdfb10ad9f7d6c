// Credential management, fingerprints and settings for the scripted key, their rules written out again from the
// specification: numbers, order, message that is authenticated. Shares no code with the client.
import {
  AUTHENTICATOR_CONFIG,
  BIO_ENROLLMENT,
  BIO_ENROLLMENT_PREVIEW,
  CREDENTIAL_MANAGEMENT,
  CREDENTIAL_MANAGEMENT_PREVIEW,
  Refusal,
  cde,
  okay,
  type Parameters,
  type Request,
  type ScriptedAuthenticator,
} from './fido-scripted-authenticator.ts';
import { createHash } from 'node:crypto';

export interface KeptAccount {
  readonly rpId: string;
  readonly credentialId: Uint8Array;
  user: ReadonlyMap<string, unknown>;
}

export interface KeptFinger {
  readonly id: Uint8Array;
  name: string | undefined;
}

const rpIdHash = (rpId: string): Uint8Array => Uint8Array.from(createHash('sha256').update(rpId).digest());
const CM = 0x04;
const BE = 0x08;
const ACFG = 0x20;
const PCMR = 0x40;

/** What a key remembers between requests of one enumeration or enrolment. */
export class ScriptedCare {
  readonly accounts: KeptAccount[] = [];
  readonly fingers: KeptFinger[] = [];
  /** What the sensor makes of each touch that will come: status and whether it counts. The rest are good. */
  readonly touches: number[] = [];
  samplesNeeded = 3;
  /** No hash beside the relying party, as some preview keys have it. */
  leavesHashOut = false;
  cancelled = 0;
  minPinLength = 4;
  minPinLengthRpIds: readonly string[] = [];
  readonly #key: ScriptedAuthenticator;
  #sites: string[] = [];
  #listed: KeptAccount[] = [];
  #enrolling: { id: Uint8Array; remaining: number } | undefined;

  constructor(key: ScriptedAuthenticator) {
    this.#key = key;
    key.moreCommands = (request) => this.#answer(request);
  }

  account(rpId: string, fill: number, name: string): KeptAccount {
    const user = new Map<string, unknown>([
      ['id', new Uint8Array(4).fill(fill)],
      ['name', name],
      ['displayName', name.toUpperCase()],
    ]);
    const account = { rpId, credentialId: new Uint8Array(16).fill(fill), user };
    this.accounts.push(account);
    return account;
  }

  #answer(request: Request): Uint8Array | undefined {
    switch (request.command) {
      case CREDENTIAL_MANAGEMENT:
      case CREDENTIAL_MANAGEMENT_PREVIEW:
        return this.#manage(request.parameters, request.command === CREDENTIAL_MANAGEMENT_PREVIEW);
      case BIO_ENROLLMENT:
      case BIO_ENROLLMENT_PREVIEW:
        return this.#fingerprints(request.parameters);
      case AUTHENTICATOR_CONFIG:
        return this.#configure(request.parameters);
      default:
        return undefined;
    }
  }

  /** The permission counts only on keys that have permissions. */
  #require(head: Uint8Array, request: Parameters, keys: { params: number }, permission: number): void {
    const params = request.get(keys.params);
    const message = params === undefined ? head : Buffer.concat([head, cde(params)]);
    this.#key.requireToken(message, request.get(keys.params + 2), request.get(keys.params + 1));
    if (this.#key.permissions !== 0 && (this.#key.permissions & permission) === 0) throw new Refusal(0x33);
  }

  #manage(request: Parameters, preview: boolean): Uint8Array {
    const sub = request.get(1) as number;
    const params = request.get(2) as Parameters | undefined;
    if (sub !== 3 && sub !== 5) this.#require(Buffer.of(sub), request, { params: 2 }, sub <= 4 ? CM | PCMR : CM);
    const target = (params?.get(2) as Parameters | undefined)?.get('id') as Uint8Array | undefined;
    const found = this.accounts.findIndex(({ credentialId }) => Buffer.from(credentialId).equals(target ?? Buffer.of()));
    switch (sub) {
      case 1:
        return okay(
          new Map([
            [1, this.accounts.length],
            [2, 25 - this.accounts.length],
          ]),
        );
      case 2:
        this.#sites = [...new Set(this.accounts.map(({ rpId }) => rpId))];
        if (this.#sites.length === 0) throw new Refusal(0x2e);
        return this.#site(this.#sites.length);
      case 3:
        return this.#site();
      case 4: {
        const hash = Buffer.from(params?.get(1) as Uint8Array);
        this.#listed = this.accounts.filter(({ rpId }) => hash.equals(rpIdHash(rpId)));
        if (this.#listed.length === 0) throw new Refusal(0x2e);
        return this.#credential(this.#listed.length);
      }
      case 5:
        return this.#credential();
      case 6:
        if (found < 0) throw new Refusal(0x2e);
        this.accounts.splice(found, 1);
        return Uint8Array.of(0);
      case 7: {
        const account = this.accounts[found];
        if (preview) throw new Refusal(0x3e);
        if (account === undefined) throw new Refusal(0x2e);
        account.user = params?.get(3) as ReadonlyMap<string, unknown>;
        return Uint8Array.of(0);
      }
      default:
        throw new Refusal(0x3e);
    }
  }

  #site(total?: number): Uint8Array {
    const rpId = this.#sites.shift();
    if (rpId === undefined) throw new Refusal(0x30);
    const answer = new Map<number, unknown>([[3, new Map([['id', rpId]])]]);
    if (!this.leavesHashOut) answer.set(4, rpIdHash(rpId));
    if (total !== undefined) answer.set(5, total);
    return okay(answer);
  }

  #credential(total?: number): Uint8Array {
    const account = this.#listed.shift();
    if (account === undefined) throw new Refusal(0x30);
    const descriptor = new Map<string, unknown>([
      ['id', account.credentialId],
      ['type', 'public-key'],
    ]);
    const answer = new Map<number, unknown>([
      [6, account.user],
      [7, descriptor],
      [8, new Map([[3, -7]])],
      [10, 2],
    ]);
    if (total !== undefined) answer.set(9, total);
    return okay(answer);
  }

  #fingerprints(request: Parameters): Uint8Array {
    const sub = request.get(2) as number;
    const params = request.get(3) as Parameters | undefined;
    if (request.get(1) !== 1) throw new Refusal(0x02);
    if (sub !== 3 && sub !== 7) this.#require(Buffer.of(1, sub), request, { params: 3 }, BE);
    const id = Buffer.from((params?.get(1) as Uint8Array | undefined) ?? []);
    const finger = this.fingers.find((known) => id.equals(known.id));
    switch (sub) {
      case 1:
        this.#enrolling = { id: Uint8Array.of(this.fingers.length + 1, 7), remaining: this.samplesNeeded };
        return this.#sample([[4, this.#enrolling.id]]);
      case 2:
        if (this.#enrolling === undefined || !id.equals(this.#enrolling.id)) throw new Refusal(0x02);
        return this.#sample([]);
      case 3:
        this.cancelled += 1;
        this.#enrolling = undefined;
        return Uint8Array.of(0);
      case 4:
        if (this.fingers.length === 0) throw new Refusal(0x2c);
        return okay(new Map([[7, this.fingers.map(fingerMap)]]));
      case 5:
        if (finger === undefined) throw new Refusal(0x2c);
        finger.name = params?.get(2) as string;
        return Uint8Array.of(0);
      case 6:
        if (finger === undefined) throw new Refusal(0x2c);
        this.fingers.splice(this.fingers.indexOf(finger), 1);
        return Uint8Array.of(0);
      case 7:
        return okay(
          new Map([
            [2, 1],
            [3, this.samplesNeeded],
            [8, 10],
          ]),
        );
      default:
        throw new Refusal(0x3e);
    }
  }

  #sample(extra: readonly (readonly [number, unknown])[]): Uint8Array {
    const enrolling = this.#enrolling;
    if (enrolling === undefined) throw new Refusal(0x02);
    const status = this.touches.shift() ?? 0;
    if (status === 0) enrolling.remaining -= 1;
    if (enrolling.remaining === 0) this.fingers.push({ id: enrolling.id, name: undefined });
    return okay(new Map<number, unknown>([...extra, [5, status], [6, enrolling.remaining]]));
  }

  #configure(request: Parameters): Uint8Array {
    const sub = request.get(1) as number;
    const params = request.get(2) as Parameters | undefined;
    this.#require(Buffer.concat([Buffer.alloc(32, 0xff), Buffer.of(0x0d, sub)]), request, { params: 2 }, ACFG);
    const { options, info } = this.#key;
    switch (sub) {
      case 1:
        options['ep'] = true;
        return Uint8Array.of(0);
      case 2:
        options['alwaysUv'] = options['alwaysUv'] !== true;
        return Uint8Array.of(0);
      case 3: {
        const length = (params?.get(1) as number | undefined) ?? this.minPinLength;
        if (length < this.minPinLength) throw new Refusal(0x37);
        this.minPinLength = length;
        info.set(13, length);
        this.minPinLengthRpIds = (params?.get(2) as string[] | undefined) ?? this.minPinLengthRpIds;
        if (params?.get(3) === true || (this.#key.pin?.length ?? length) < length) this.#key.forcePinChange = true;
        if (params?.get(4) === true) info.set(27, true);
        return Uint8Array.of(0);
      }
      case 4:
        info.set(24, true);
        return Uint8Array.of(0);
      default:
        throw new Refusal(0x3e);
    }
  }
}

function fingerMap({ id, name }: KeptFinger): ReadonlyMap<number, unknown> {
  return new Map<number, unknown>(
    name === undefined
      ? [[1, id]]
      : [
          [1, id],
          [2, name],
        ],
  );
}
