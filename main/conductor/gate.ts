// The gate: asks the company's beacon and this machine whether the desk stands where it should, each time somebody begins.
import { because, type Reason } from '../../contract/reason.ts';
import type { NetworkPathPort } from '../ports/network-path.ts';
import type { Outcome } from '../ports/outcome.ts';
import type { Settings } from '../ports/settings.ts';
import type { DeskPlace, PlacePort } from '../ports/tenant.ts';
import { gateIsSet, isPublic, notWhereItShouldBe, outOfRange } from '../session/gate/where-it-should-be.ts';

export interface GateParts {
  readonly settings: Settings;
  /** Tells where the desk is, unsigned: good enough to plan with. */
  readonly place: PlacePort | null;
  /** The company's, signed. */
  readonly beacon: PlacePort | null;
  readonly path: NetworkPathPort | null;
  readonly onBug: (bug: unknown) => void;
}

export interface Standing {
  readonly place: DeskPlace | null;
  readonly elsewhere: Reason | null;
}

/** Somebody stands in front of the desk; a beacon in the same building answers within milliseconds. */
const LOOK_WITHIN_MS = 5_000;

export class Gate {
  readonly #parts: GateParts;
  readonly isSet: boolean;
  /** Whether somebody tells the desk where it is, without vouching for it. */
  readonly tellsPlace: boolean;

  constructor(parts: GateParts) {
    this.#parts = parts;
    this.isSet = gateIsSet(parts.settings);
    this.tellsPlace = parts.place !== null;
  }

  /** Asks now. Rejects with the signal's reason when it is given up. */
  async look(signal: AbortSignal): Promise<Standing> {
    const { settings, place, beacon, path } = this.#parts;
    const call = { signal, deadlineMs: LOOK_WITHIN_MS };
    const [where, vouched, way] = await Promise.all([
      place === null ? null : this.#answered(place.where(call), signal),
      beacon === null ? null : this.#answered(beacon.where(call), signal),
      path === null || !this.isSet ? null : this.#answered(path.look(call), signal),
    ]);
    return {
      place: where?.ok === true ? where.value : publicPlace(vouched),
      elsewhere: this.isSet ? notWhereItShouldBe(settings, { place: vouched, path: way }) : null,
    };
  }

  /**
   * Of the address from which Microsoft saw the person sign in; null: it did not say. Where a beacon has vouched for the desk
   * before, its silence is no refusal.
   */
  refusesSignInFrom(address: string | null): Reason | null {
    const { settings } = this.#parts;
    return address === null && settings.beaconUrl !== null ? null : outOfRange(settings, address, null);
  }

  async #answered<T>(asked: Promise<Outcome<T>>, signal: AbortSignal): Promise<Outcome<T>> {
    try {
      return await asked;
    } catch (thrown) {
      signal.throwIfAborted();
      this.#parts.onBug(thrown);
      return { ok: false, reason: because('desk.placeUntold') };
    }
  }
}

/** A beacon in the same building sees an address that Microsoft never sees: nothing can be planned with that one. */
function publicPlace(vouched: Outcome<DeskPlace> | null): DeskPlace | null {
  return vouched?.ok === true && isPublic(vouched.value.address) ? vouched.value : null;
}
