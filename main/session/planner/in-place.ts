// Whether an address lies where a policy's location condition says. Source: Microsoft Graph: conditionalAccessLocations,
// ipNamedLocation, countryNamedLocation.
import ipaddr from 'ipaddr.js';
import type { AccessPolicy, DeskPlace, NamedLocation } from '../../ports/tenant.ts';

/** `unknown`: the place, or what the tenant means by it, can't be read. */
export type Answer = 'yes' | 'no' | 'unknown';

type LocationCondition = NonNullable<AccessPolicy['locations']>;

/** Whether the condition looks at places at all: one that includes everywhere and excludes nothing does not. */
export function looksAtPlace(condition: AccessPolicy['locations']): condition is LocationCondition {
  return condition !== null && (condition.exclude.length > 0 || !condition.include.includes('All'));
}

/** Whether a policy with this location condition applies at `place`. An exclusion wins over an inclusion. */
export function appliesAt(
  condition: AccessPolicy['locations'],
  place: DeskPlace | null,
  locations: readonly NamedLocation[] | null,
): Answer {
  if (!looksAtPlace(condition)) return 'yes';
  const excluded = anyOf(condition.exclude.map((id) => within(id, place, locations)));
  if (excluded === 'yes') return 'no';
  const included = anyOf(condition.include.map((id) => within(id, place, locations)));
  return included === 'yes' && excluded === 'unknown' ? 'unknown' : included;
}

/** The names of the places that would change the answer, for whoever has to cure it. */
export function placeNames(condition: LocationCondition, locations: readonly NamedLocation[] | null): readonly string[] {
  const ids = condition.exclude.length > 0 ? condition.exclude : condition.include;
  const named = (locations ?? []).filter(
    (location) => ids.includes(location.id) || (ids.includes('AllTrusted') && location.kind === 'ip' && location.isTrusted),
  );
  return named.map((location) => location.displayName);
}

/** The names of the places that `place` lies in for certain. */
export function placesAround(place: DeskPlace, locations: readonly NamedLocation[]): readonly string[] {
  return locations.filter((location) => inLocation(location, place) === 'yes').map((location) => location.displayName);
}

function within(id: string, place: DeskPlace | null, locations: readonly NamedLocation[] | null): Answer {
  if (id === 'All') return 'yes';
  if (place === null || locations === null) return 'unknown';
  if (id === 'AllTrusted') {
    const trusted = locations.filter((location) => location.kind === 'ip' && location.isTrusted);
    return anyOf(trusted.map((location) => inLocation(location, place)));
  }
  const location = locations.find((candidate) => candidate.id === id);
  return location === undefined ? 'unknown' : inLocation(location, place);
}

function inLocation(location: NamedLocation, place: DeskPlace): Answer {
  if (location.kind === 'ip') return inRanges(place.address, location.ranges);
  if (location.lookup === 'authenticatorAppGps') return 'unknown';
  if (place.country === null) return 'unknown';
  return location.countries.includes(place.country) ? 'yes' : 'no';
}

/** Whether an address is in one of these CIDR ranges. */
export function inRanges(address: string, ranges: readonly string[]): Answer {
  // `process` turns an IPv4 address written as IPv6 into IPv4, as the identity platform sees it.
  if (!ipaddr.isValid(address)) return 'unknown';
  const own = ipaddr.process(address);
  return anyOf(
    ranges.map((range) => {
      if (!ipaddr.isValidCIDR(range)) return 'unknown';
      const [network, bits] = ipaddr.parseCIDR(range);
      if (own instanceof ipaddr.IPv4) return network instanceof ipaddr.IPv4 && own.match(network, bits) ? 'yes' : 'no';
      return network instanceof ipaddr.IPv6 && own.match(network, bits) ? 'yes' : 'no';
    }),
  );
}

function anyOf(answers: readonly Answer[]): Answer {
  if (answers.includes('yes')) return 'yes';
  return answers.includes('unknown') ? 'unknown' : 'no';
}
