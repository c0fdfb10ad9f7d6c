// A virtual key under management by hand: tokens by PIN or finger, and the signed requests of the commands that take them.
import { TRAINING_PIN, type TrainingKey } from '../../main/simulator/key/training-keys.ts';
import { keyBench, type KeyBench } from './key-bench.ts';
import { canonical, RawHost, RawPin, type CborAnswer } from './raw-host.ts';

export const PERMISSION = { make: 1, assert: 2, manage: 4, fingers: 8, configure: 0x20, readLists: 0x40 } as const;

export interface ManagedKey extends KeyBench {
  readonly host: RawHost;
  readonly pin: RawPin;
  /** After {@link KeyBench.replug}: a new host on the same key. */
  readonly again: () => Promise<ManagedKey>;
  readonly info: () => Promise<ReadonlyMap<unknown, unknown>>;
  readonly config: (subCommand: number, params?: ReadonlyMap<number, unknown>, signedIn?: boolean) => Promise<CborAnswer>;
  readonly bio: (subCommand: number, params?: ReadonlyMap<number, unknown>, command?: number) => Promise<CborAnswer>;
  readonly credentials: (subCommand: number, params?: ReadonlyMap<number, unknown>, token?: Uint8Array) => Promise<CborAnswer>;
}

/** Plugs the key in, opens it and answers touches. Tokens are made with the training PIN. */
export async function managedKey(kind: TrainingKey, protocol: 1 | 2 = 2): Promise<ManagedKey> {
  const bench = await keyBench(kind);
  bench.key.autoTouch(10);
  return manage(bench, new RawHost(bench.link, bench.clock), protocol);
}

async function manage(bench: KeyBench, host: RawHost, protocol: 1 | 2): Promise<ManagedKey> {
  await host.init();
  const pin = new RawPin(host, protocol);
  const hasPermissions = bench.key.model.ctap2?.tokens === 'per-operation';
  const tokenFor = async (permission: number) =>
    (hasPermissions ? await pin.token(TRAINING_PIN, permission) : await pin.legacyToken(TRAINING_PIN)).token;
  const encoded = (params?: ReadonlyMap<number, unknown>) => (params === undefined ? [] : canonical(params));
  return {
    ...bench,
    host,
    pin,
    again: async () => manage(bench, new RawHost(await bench.replug(), bench.clock), protocol),
    info: async () => (await host.cbor(0x04)).map,
    config: async (subCommand, params, signedIn = true) => {
      const request = requestOf([1, subCommand], [2, params]);
      if (!signedIn) return host.cbor(0x0d, request);
      const token = await tokenFor(PERMISSION.configure);
      const signed = Uint8Array.of(...new Uint8Array(32).fill(0xff), 0x0d, subCommand, ...encoded(params));
      return host.cbor(0x0d, request.set(3, protocol).set(4, await pin.macWith(token, signed)));
    },
    bio: async (subCommand, params, command = 0x09) => {
      const token = await tokenFor(PERMISSION.fingers);
      const param = await pin.macWith(token, Uint8Array.of(1, subCommand, ...encoded(params)));
      return host.cbor(command, requestOf([1, 1], [2, subCommand], [3, params], [4, protocol], [5, param]));
    },
    credentials: async (subCommand, params, given) => {
      const token = given ?? (await tokenFor(PERMISSION.manage));
      const param = await pin.macWith(token, Uint8Array.of(subCommand, ...encoded(params)));
      return host.cbor(0x0a, requestOf([1, subCommand], [2, params], [3, protocol], [4, param]));
    },
  };
}

/** A request without the members that are undefined. */
export function requestOf(...members: readonly (readonly [number, unknown])[]): Map<number, unknown> {
  return new Map(members.filter(([, value]) => value !== undefined));
}

/** A makeCredential request for a site, without authorization. */
export function creation(rpId: string, changes: readonly (readonly [number, unknown])[] = []): Map<number, unknown> {
  const user = new Map<string, unknown>([
    ['id', Uint8Array.of(1, 2, 3)],
    ['name', 'person@example'],
    ['displayName', 'A Person'],
  ]);
  const es256 = new Map<string, unknown>([
    ['alg', -7],
    ['type', 'public-key'],
  ]);
  const rp = new Map([
    ['id', rpId],
    ['name', 'Example'],
  ]);
  const members = new Map<number, unknown>([[1, new Uint8Array(32).fill(0xcd)], [2, rp], [3, user], [4, [es256]], ...changes]);
  return requestOf(...members);
}
