// Groups and who is in them, directly and through other groups.

export interface Group {
  /** A GUID. */
  readonly id: string;
  readonly displayName: string;
  readonly createdAtMs: number;
}

export class Groups {
  readonly #groups = new Map<string, Group>();
  /** Direct members by group; users and groups alike. */
  readonly #members = new Map<string, Set<string>>();
  /** Direct groups by member. */
  readonly #parents = new Map<string, Set<string>>();

  clear(): void {
    for (const part of [this.#groups, this.#members, this.#parents]) part.clear();
  }

  /** @throws {RangeError} for an id that is taken. */
  add(group: Group): void {
    if (this.#groups.has(group.id)) throw new RangeError('the twin already has this group');
    this.#groups.set(group.id, group);
    this.#members.set(group.id, new Set());
  }

  find(id: string): Group | null {
    return this.#groups.get(id) ?? null;
  }

  all(): Iterable<Group> {
    return this.#groups.values();
  }

  /** `memberId`: of a user or a group. A group may end up inside itself, as in the real directory. @throws {RangeError} */
  join(groupId: string, memberId: string): void {
    const members = this.#members.get(groupId);
    if (!members) throw new RangeError('the twin has no such group');
    members.add(memberId);
    const parents = this.#parents.get(memberId) ?? new Set();
    parents.add(groupId);
    this.#parents.set(memberId, parents);
  }

  leave(groupId: string, memberId: string): void {
    this.#members.get(groupId)?.delete(memberId);
    this.#parents.get(memberId)?.delete(groupId);
  }

  membersOf(groupId: string): ReadonlySet<string> {
    return this.#members.get(groupId) ?? new Set();
  }

  directOf(memberId: string): ReadonlySet<string> {
    return this.#parents.get(memberId) ?? new Set();
  }

  /** Every group this user or group is in, directly or not. */
  allOf(memberId: string): ReadonlySet<string> {
    const found = new Set<string>();
    const open = [...(this.#parents.get(memberId) ?? [])];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (found.has(id)) continue;
      found.add(id);
      open.push(...(this.#parents.get(id) ?? []));
    }
    return found;
  }
}
