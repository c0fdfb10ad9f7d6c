// The lists an administrator keeps for Conditional Access: named locations, authentication strengths and policies.
import { randomGuid, type RandomBytes } from '../directory/random-text.ts';
import { completePolicy, type AccessPolicy, type AccessPolicyDraft } from './access-policy.ts';
import type { AccessQuestion } from './access-question.ts';
import { BUILT_IN_STRENGTHS, isCombination, type AuthenticationStrength, type ProvenSignIn } from './authentication-strength.ts';
import { decideAccess, type AccessDecision, type AccessLists } from './conditional-access.ts';
import type { CountryNamedLocation, IpNamedLocation, NamedLocation } from './named-location.ts';
import { parseRange } from './place.ts';

export interface StrengthDraft {
  readonly id?: string;
  readonly displayName: string;
  readonly description?: string;
  readonly allowedCombinations: readonly string[];
  readonly fido2Aaguids?: readonly string[];
}

export type LocationDraft =
  | ({ readonly id?: string } & Pick<IpNamedLocation, 'kind' | 'displayName' | 'ranges'> &
      Partial<Pick<IpNamedLocation, 'isTrusted'>>)
  | ({ readonly id?: string } & Pick<CountryNamedLocation, 'kind' | 'displayName' | 'countries'> &
      Partial<Pick<CountryNamedLocation, 'includesUnknown' | 'lookup'>>);

export interface AccessRulesParts {
  readonly wallMs: () => number;
  readonly randomBytes: RandomBytes;
  /** Whether the tenant is licensed for Conditional Access; without, policies stand there and hold nobody up. */
  readonly licensed: () => boolean;
}

export class AccessRules implements AccessLists {
  readonly #parts: AccessRulesParts;
  readonly #locations = new Map<string, NamedLocation>();
  readonly #strengths = new Map<string, AuthenticationStrength>();
  readonly #policies = new Map<string, AccessPolicy>();

  constructor(parts: AccessRulesParts) {
    this.#parts = parts;
    this.clear();
  }

  clear(): void {
    for (const list of [this.#locations, this.#strengths, this.#policies]) list.clear();
    for (const strength of BUILT_IN_STRENGTHS) this.#strengths.set(strength.id, strength);
  }

  get locations(): readonly NamedLocation[] {
    return [...this.#locations.values()];
  }

  get strengths(): readonly AuthenticationStrength[] {
    return [...this.#strengths.values()];
  }

  get policies(): readonly AccessPolicy[] {
    return [...this.#policies.values()];
  }

  /** @throws {RangeError} for a range that is none, and for an id that is taken. */
  addLocation(draft: LocationDraft): NamedLocation {
    const face = {
      id: draft.id ?? randomGuid(this.#parts.randomBytes),
      displayName: draft.displayName,
      createdAtMs: this.#parts.wallMs(),
    };
    if (draft.kind === 'ip' && !draft.ranges.every((range) => parseRange(range) !== null))
      throw new RangeError('a named location has a range that is none');
    const location: NamedLocation =
      draft.kind === 'ip'
        ? { ...face, kind: 'ip', isTrusted: draft.isTrusted ?? false, ranges: draft.ranges }
        : {
            ...face,
            kind: 'country',
            countries: draft.countries.map((country) => country.toUpperCase()),
            includesUnknown: draft.includesUnknown ?? false,
            lookup: draft.lookup ?? 'clientIpAddress',
          };
    return add(this.#locations, location);
  }

  /** @throws {RangeError} for a combination Graph does not know, and for an id that is taken. */
  addStrength(draft: StrengthDraft): AuthenticationStrength {
    if (draft.allowedCombinations.length === 0 || !draft.allowedCombinations.every(isCombination))
      throw new RangeError('a strength has a combination that is none');
    const atMs = this.#parts.wallMs();
    return add(this.#strengths, {
      id: draft.id ?? randomGuid(this.#parts.randomBytes),
      displayName: draft.displayName,
      description: draft.description ?? '',
      policyType: 'custom',
      requirementsSatisfied: 'mfa',
      allowedCombinations: draft.allowedCombinations,
      fido2Aaguids: draft.fido2Aaguids ?? null,
      createdAtMs: atMs,
      modifiedAtMs: atMs,
    });
  }

  /** @throws {RangeError} where a location or strength is named that is not there, and for an id that is taken. */
  addPolicy(draft: AccessPolicyDraft): AccessPolicy {
    const policy = completePolicy(draft, draft.id ?? randomGuid(this.#parts.randomBytes), this.#parts.wallMs());
    this.#checkReferences(policy);
    return add(this.#policies, policy);
  }

  /** @throws {RangeError} for a policy that is not there. */
  setPolicyState(id: string, state: AccessPolicy['state']): void {
    const policy = this.#policies.get(id);
    if (!policy) throw new RangeError('the twin has no such access policy');
    this.#policies.set(id, { ...policy, state, modifiedAtMs: this.#parts.wallMs() });
  }

  /** Whether there was one. */
  removePolicy(id: string): boolean {
    return this.#policies.delete(id);
  }

  /** `proof` null: before any sign-in. */
  decide(question: AccessQuestion, proof: ProvenSignIn | null): AccessDecision {
    if (!this.#parts.licensed()) return { kind: 'granted', reportOnly: [] };
    return decideAccess(this.policies, question, proof, this);
  }

  #checkReferences({ conditions, grantControls }: AccessPolicy): void {
    const places = [...(conditions.locations?.includeLocations ?? []), ...(conditions.locations?.excludeLocations ?? [])];
    if (!places.every((id) => id === 'All' || id === 'AllTrusted' || this.#locations.has(id)))
      throw new RangeError('an access policy names a location that is not there');
    const strengthId = grantControls?.strengthId ?? null;
    if (strengthId !== null && !this.#strengths.has(strengthId))
      throw new RangeError('an access policy names a strength that is not there');
  }
}

function add<T extends { readonly id: string }>(list: Map<string, T>, entry: T): T {
  if (list.has(entry.id)) throw new RangeError('the twin already has something of this id');
  list.set(entry.id, entry);
  return entry;
}
