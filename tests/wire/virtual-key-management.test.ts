import { describe, expect, test } from 'vitest';
import { MODERN_KEY, TRAINING_KEYS, TRAINING_PIN } from '../../main/simulator/key/training-keys.ts';
import { keyBench } from '../support/key-bench.ts';
import { asMap, canonical, RawHost, RawPin, sha256, type CborAnswer } from '../support/raw-host.ts';

const MANAGE = 4;
const CONFIGURE = 0x20;

async function bench(occupiedSlots = 0) {
  const parts = await keyBench({ model: MODERN_KEY, memory: { pin: TRAINING_PIN, occupiedSlots } });
  const host = new RawHost(parts.link, parts.clock);
  await host.init();
  return { ...parts, host, pin: new RawPin(host, 2) };
}
type Bench = Awaited<ReturnType<typeof bench>>;

async function manage(
  { host, pin }: Bench,
  sub: number,
  params?: ReadonlyMap<number, unknown>,
  rpId?: string,
): Promise<CborAnswer> {
  const { token } = await pin.token(TRAINING_PIN, MANAGE, rpId);
  const signed = Uint8Array.of(sub, ...(params === undefined ? [] : canonical(params)));
  const request = new Map<number, unknown>([[1, sub]]);
  if (params !== undefined) request.set(2, params);
  return host.cbor(0x0a, request.set(3, 2).set(4, await pin.macWith(token, signed)));
}

async function configure({ host, pin }: Bench, params: ReadonlyMap<number, unknown>): Promise<CborAnswer> {
  const { token } = await pin.token(TRAINING_PIN, CONFIGURE);
  const signed = Uint8Array.of(...new Uint8Array(32).fill(0xff), 0x0d, 0x03, ...canonical(params));
  return host.cbor(
    0x0d,
    new Map<number, unknown>([
      [1, 3],
      [2, params],
      [3, 2],
      [4, await pin.macWith(token, signed)],
    ]),
  );
}

const hashOf = async (rpId: string) => new Map([[1, await sha256(new TextEncoder().encode(rpId))]]);

describe('credential management', () => {
  test('counts', async () => {
    expect(Object.fromEntries((await manage(await bench(3), 1)).map)).toEqual({ 1: 3, 2: 97 });
  });

  test('lists sites one by one, then none is left', async () => {
    const parts = await bench(2);
    const first = await manage(parts, 2);
    expect(first.map.get(3)).toEqual({ id: 'site-1.example' });
    expect(first.map.get(5)).toBe(2);
    const second = await parts.host.cbor(0x0a, new Map([[1, 3]]));
    expect(second.map.get(3)).toEqual({ id: 'site-2.example' });
    expect(second.map.has(5)).toBe(false);
    expect(await parts.host.cbor(0x0a, new Map([[1, 3]]))).toMatchObject({ status: 0x30 });
  });

  test('another command between ends the listing', async () => {
    const parts = await bench(2);
    await manage(parts, 2);
    await parts.host.cbor(0x04);
    expect(await parts.host.cbor(0x0a, new Map([[1, 3]]))).toMatchObject({ status: 0x30 });
  });

  test('lists, renames and deletes a credential', async () => {
    const parts = await bench(2);
    const listed = await manage(parts, 4, await hashOf('site-2.example'));
    expect(listed.map.get(9)).toBe(1);
    expect(listed.map.get(10)).toBe(1);
    const credential = asMap(listed.map.get(7));
    const id = asMap(listed.map.get(6)).get('id');
    const renamed = new Map<string, unknown>([
      ['id', id],
      ['name', 'new@example'],
    ]);
    expect(
      await manage(
        parts,
        7,
        new Map<number, unknown>([
          [2, credential],
          [3, renamed],
        ]),
      ),
    ).toMatchObject({ status: 0 });
    expect(asMap((await manage(parts, 4, await hashOf('site-2.example'))).map.get(6)).get('name')).toBe('new@example');
    expect(await manage(parts, 6, new Map([[2, credential]]))).toMatchObject({ status: 0 });
    expect(await manage(parts, 6, new Map([[2, credential]]))).toMatchObject({ status: 0x2e });
    expect(parts.key.inspection.credentialIds).toHaveLength(1);
  });

  test('nothing to list is 0x2E, no token 0x36, an unknown sub-command 0x3E', async () => {
    const parts = await bench();
    expect(await manage(parts, 2)).toMatchObject({ status: 0x2e });
    expect(await parts.host.cbor(0x0a, new Map([[1, 1]]))).toMatchObject({ status: 0x36 });
    expect(await manage(parts, 9)).toMatchObject({ status: 0x3e });
  });

  test('a token for one site sees that site only', async () => {
    const parts = await bench(2);
    expect(await manage(parts, 1, undefined, 'site-1.example')).toMatchObject({ status: 0x33 });
    expect(await manage(parts, 4, await hashOf('site-2.example'), 'site-1.example')).toMatchObject({ status: 0x33 });
    expect(await manage(parts, 4, await hashOf('site-1.example'), 'site-1.example')).toMatchObject({ status: 0 });
  });

  test('a MAC over other parameters is 0x33', async () => {
    const parts = await bench(2);
    const { token } = await parts.pin.token(TRAINING_PIN, MANAGE);
    const param = await parts.pin.macWith(token, Uint8Array.of(4, ...canonical(await hashOf('site-1.example'))));
    const request = new Map<number, unknown>([
      [1, 4],
      [2, await hashOf('site-2.example')],
      [3, 2],
      [4, param],
    ]);
    expect(await parts.host.cbor(0x0a, request)).toMatchObject({ status: 0x33 });
  });
});

describe('the preview of it, command 0x41', () => {
  async function preview({ host, pin }: Bench, sub: number, params: ReadonlyMap<number, unknown>): Promise<CborAnswer> {
    const { token } = await pin.token(TRAINING_PIN, MANAGE);
    const param = await pin.macWith(token, Uint8Array.of(sub, ...(params.size === 0 ? [] : canonical(params))));
    const request = new Map<number, unknown>([[1, sub]]);
    if (params.size > 0) request.set(2, params);
    return host.cbor(0x41, request.set(3, 2).set(4, param));
  }

  test('lists and deletes like the command itself, and renames nobody', async () => {
    const parts = await bench(2);
    expect((await preview(parts, 2, new Map())).map.get(5)).toBe(2);
    expect((await parts.host.cbor(0x41, new Map([[1, 3]]))).map.get(3)).toEqual({ id: 'site-2.example' });
    const listed = await preview(parts, 4, await hashOf('site-1.example'));
    const credential = asMap(listed.map.get(7));
    const renamed = new Map<number, unknown>([
      [2, credential],
      [3, asMap(listed.map.get(6))],
    ]);
    expect(await preview(parts, 7, renamed)).toMatchObject({ status: 0x3e });
    expect(await preview(parts, 6, new Map([[2, credential]]))).toMatchObject({ status: 0 });
    expect(parts.key.inspection.credentialIds).toHaveLength(1);
  });

  test('a CTAP 2.0 key has it as little', async () => {
    const old = await keyBench(TRAINING_KEYS.ctap20);
    const host = new RawHost(old.link, old.clock);
    await host.init();
    expect(await host.cbor(0x41, new Map([[1, 1]]))).toMatchObject({ status: 0x01 });
  });
});

describe('config', () => {
  test('a longer minimum forces a shorter PIN to change, and never goes back', async () => {
    const parts = await bench();
    expect(await configure(parts, new Map([[1, 8]]))).toMatchObject({ status: 0 });
    const { map } = await parts.host.cbor(0x04);
    expect([map.get(0x0c), map.get(0x0d)]).toEqual([true, 8]);
    expect(await parts.pin.changePin(TRAINING_PIN, '1234567')).toMatchObject({ status: 0x37 });
    expect(await parts.pin.changePin(TRAINING_PIN, '12345678')).toMatchObject({ status: 0 });
    const { token } = await parts.pin.token('12345678', CONFIGURE);
    const params = new Map([[1, 6]]);
    const signed = Uint8Array.of(...new Uint8Array(32).fill(0xff), 0x0d, 0x03, ...canonical(params));
    const request = new Map<number, unknown>([
      [1, 3],
      [2, params],
      [3, 2],
      [4, await parts.pin.macWith(token, signed)],
    ]);
    expect(await parts.host.cbor(0x0d, request)).toMatchObject({ status: 0x37 });
  });

  test('hands a key over with a PIN that must be changed', async () => {
    const parts = await bench();
    expect(await configure(parts, new Map([[3, true]]))).toMatchObject({ status: 0 });
    expect(await parts.pin.token(TRAINING_PIN, 1, 'example.com')).toMatchObject({ status: 0x37 });
  });

  test('without a token 0x36, without a PIN nothing to force 0x35, other sub-commands 0x3E', async () => {
    const parts = await bench();
    expect(
      await parts.host.cbor(
        0x0d,
        new Map<number, unknown>([
          [1, 3],
          [2, new Map([[1, 6]])],
        ]),
      ),
    ).toMatchObject({ status: 0x36 });
    expect(await parts.host.cbor(0x0d, new Map([[1, 2]]))).toMatchObject({ status: 0x3e });
    const fresh = await keyBench({ model: MODERN_KEY, memory: {} });
    const host = new RawHost(fresh.link, fresh.clock);
    await host.init();
    const force = new Map<number, unknown>([
      [1, 3],
      [2, new Map([[3, true]])],
    ]);
    expect(await host.cbor(0x0d, force)).toMatchObject({ status: 0x35 });
  });
});
