// Three software authenticators as they were seen to behave, written again from notes on them: LionKey, canokey-core and
// pico-fido. They differ from each other, and from the virtual keys, wherever the specification leaves room or they leave it.
import type { HidCall } from '../../main/fido/hid/channel.ts';
import {
  CLIENT_PIN,
  GET_ASSERTION,
  MAKE_CREDENTIAL,
  SELECTION,
  ScriptedAuthenticator,
  okay,
  type Parameters,
  type Request,
} from './fido-scripted-authenticator.ts';
import { hidDevice, type HidHabits } from './fido-hid-device.ts';
import type { ScriptedLink } from './fido-scripted-link.ts';

const PIN_RETRIES = 1;
const SET_PIN = 3;
const TOKEN = 9;
const MC_OR_GA = 0x03;
const nobody: HidCall = { signal: new AbortController().signal };

export interface Peer {
  readonly authenticator: ScriptedAuthenticator;
  /** Plugs it in; whatever a power cycle ends is over. */
  plugIn(): ScriptedLink;
  /** How often it was brought to its knees. */
  readonly crashes: () => number;
}

export type PeerName = 'LionKey' | 'canokey' | 'pico-fido';

interface Habits {
  readonly hid: HidHabits;
  readonly info: readonly (readonly [number, unknown])[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly habit: (
    authenticator: ScriptedAuthenticator,
    crash: () => void,
  ) => (request: Request) => number | Uint8Array | undefined;
}

const sub = ({ parameters }: Request): unknown => parameters.get(2);

const PEERS: Readonly<Record<PeerName, Habits>> = {
  LionKey: {
    hid: { capabilities: 0x0c, initBytes: 17, keepalives: [1, 2] },
    info: [
      [1, ['FIDO_2_0', 'FIDO_2_1']],
      [5, 1_024],
      [6, [2, 1]],
      [7, 128],
      [8, 128],
    ],
    options: { rk: true, up: true, credMgmt: true, pinUvAuthToken: true, makeCredUvNotRqd: true },
    habit: () => (request) => {
      // A right that needs a site, without one.
      const { parameters } = request;
      const isToken = request.command === CLIENT_PIN && sub(request) === TOKEN;
      if (isToken && parameters.get(9) === undefined) return 0x14;
      return isToken && ((parameters.get(9) as number) & MC_OR_GA) !== 0 && !parameters.has(10) ? 0x02 : undefined;
    },
  },
  canokey: {
    hid: { capabilities: 0x04, answersAnyChannel: true, longestPing: { bytes: 1_300, beyond: 'refused' }, keepalives: [2] },
    info: [
      [1, ['U2F_V2', 'FIDO_2_0', 'FIDO_2_1']],
      [5, 1_300],
      [6, [1, 2]],
      [7, 8],
      [8, 96],
      // -48 was its number for SM2 before ML-DSA took it.
      [
        10,
        [-7, -8, -48].map(
          (alg) =>
            new Map<string, unknown>([
              ['alg', alg],
              ['type', 'public-key'],
            ]),
        ),
      ],
    ],
    options: { rk: true, up: true, credMgmt: true, pinUvAuthToken: true },
    habit: (authenticator) => (request) => {
      const { command, parameters } = request;
      if (command === CLIENT_PIN) {
        // Without a PIN it answers a negative count; with one it leaves the power-cycle state out.
        if (sub(request) === PIN_RETRIES)
          return okay(new Map([[3, authenticator.pin === undefined ? -61 : authenticator.retries]]));
        const known = new Set([1, 2, 3, 4, 5, 9]);
        return known.has(sub(request) as number) ? undefined : 0x00;
      }
      const user = parameters.get(3) as Parameters | undefined;
      const isLong = (name: unknown): boolean => typeof name === 'string' && Buffer.byteLength(name) > 64;
      if (command === MAKE_CREDENTIAL && (isLong(user?.get('name')) || isLong(user?.get('displayName')))) return 0x12;
      return command === SELECTION ? 0xf1 : undefined;
    },
  },
  'pico-fido': {
    hid: {
      capabilities: 0x05,
      initBytes: 17,
      answersAnyChannel: true,
      longestPing: { bytes: 1_024, beyond: 'silence' },
      keepalives: [2, 2],
      lateKeepalives: [1],
    },
    info: [
      [1, ['U2F_V2', 'FIDO_2_0', 'FIDO_2_1', 'FIDO_2_2']],
      [5, 7_609],
      [6, [2, 1]],
      [7, 16],
      [8, 1_024],
      [21, [0xfeed_0001n, 0xffff_ffff_ffff_ffffn]],
    ],
    options: { rk: true, up: true, credMgmt: true, authnrCfg: true, ep: false, pinUvAuthToken: true, perCredMgmtRO: true },
    habit: (authenticator, crash) => (request) => {
      if (request.command !== CLIENT_PIN) return undefined;
      if (sub(request) === PIN_RETRIES && authenticator.pin === undefined) {
        crash();
        return undefined;
      }
      if (sub(request) === SET_PIN && authenticator.pin !== undefined) return 0x30;
      if (sub(request) !== TOKEN) return undefined;
      if (request.parameters.get(9) === undefined) return 0x02;
      if (authenticator.wrongInARow < 3) return undefined;
      // It counts on while it is blocked, even for the right PIN.
      authenticator.retries = Math.max(0, authenticator.retries - 1);
      return authenticator.retries === 0 ? 0x32 : 0x34;
    },
  },
};

export const PEER_NAMES = Object.keys(PEERS) as PeerName[];

export function peer(name: PeerName): Peer {
  const { hid, info, options, habit } = PEERS[name];
  const authenticator = new ScriptedAuthenticator();
  authenticator.options = { ...options };
  for (const [key, value] of info) authenticator.info.set(key, value);
  let crashes = 0;
  let link: ScriptedLink | undefined;
  const crash = (): void => {
    crashes += 1;
    link?.unplug();
  };
  authenticator.interceptions.push(habit(authenticator, crash));
  // One of a list of one goes without saying (CTAP 2.3 §6.2.2).
  const carryOut = async (request: Uint8Array): Promise<Uint8Array> => {
    const answer = await authenticator.cbor(request, nobody);
    const asked = authenticator.requests.at(-1);
    const allowed = asked?.parameters.get(3) as readonly unknown[] | undefined;
    if (asked?.command !== GET_ASSERTION || answer[0] !== 0 || allowed?.length !== 1) return answer;
    const map = new Map(authenticator.read(answer.subarray(1)));
    map.delete(1);
    return okay(map);
  };
  return {
    authenticator,
    plugIn: () => {
      authenticator.replug();
      link = hidDevice(carryOut, hid);
      return link;
    },
    crashes: () => crashes,
  };
}
