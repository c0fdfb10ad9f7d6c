// Collections of Graph: `$filter`, `$search`, `$select`, `$orderby`, `$top`, `$count` and pages with `@odata.nextLink`.
// Source: Microsoft Graph "Use query parameters", "Paging", "Advanced query capabilities on Microsoft Entra ID objects".
import { GRAPH_ROOT, graphJson, problems, type GraphProblem } from '../graph/graph-answer.ts';
import { metadataContext, type GraphCall } from '../graph/graph-calls.ts';
import { parseFilter, type Entity } from './filter-expression.ts';

export interface Collection {
  /** Under its name in the metadata. */
  readonly name: string;
  readonly entities: () => Iterable<Entity>;
  /** What an equality leaves, where that can be looked up; null where it can't. */
  readonly lookUp?: (member: string, text: string) => readonly Entity[] | null;
  /** Entities of several types, each with members of its own: anything may be selected. */
  readonly severalTypes?: boolean;
  readonly pageSize: number;
  readonly largestPage: number;
  /** Members answered when nothing is selected; all when left out. */
  readonly usual?: readonly string[];
  /** Directory objects: some questions need `ConsistencyLevel: eventual`. Others cannot search. */
  readonly directoryObjects?: boolean;
  /** Members `$search` looks at. */
  readonly searched?: readonly string[];
}

export function answerCollection(call: GraphCall, collection: Collection): Response | GraphProblem {
  const { context, ids } = call;
  const query = new URL(context.req.url).searchParams;
  const selection = readSelection(query.get('$select'), collection);
  if (selection === 'unknown') return problems.propertyUnknown;
  const top = query.get('$top');
  const size = top === null ? collection.pageSize : /^\d{1,9}$/.test(top) ? Number(top) : 0;
  if (size < 1 || size > collection.largestPage) return problems.pageSize;
  const matches = readMatches(call, query, collection);
  if (!('test' in matches)) return matches;
  const offset = readOffset(query.get('$skiptoken'));
  if (offset === null) return problems.skipToken;

  // Skipping by number is not served; pages go by their token.
  if (query.has('$skip')) return problems.unsupportedQuery;
  const order = readOrder(query.get('$orderby'));
  if (order === 'unreadable') return problems.unsupportedQuery;

  const candidates = matches.candidates ?? collection.entities();
  const page: Entity[] = [];
  let count = 0;
  for (const entity of order ? [...candidates].toSorted(order) : candidates) {
    if (!matches.test(entity)) continue;
    if (count >= offset && page.length < size) page.push(pick(entity, selection));
    count += 1;
  }
  const more = count > offset + page.length;
  return graphJson(ids, {
    '@odata.context': metadataContext(call, collection.name),
    ...(query.get('$count') === 'true' ? { '@odata.count': count } : {}),
    ...(more ? { '@odata.nextLink': nextLink(context.req.url, offset + page.length) } : {}),
    value: page,
  });
}

/** One entity with the members that were asked for; null when it has no such member. */
export function selected({ context }: GraphCall, entity: Entity, usual?: readonly string[]): Entity | null {
  const selection = readSelection(context.req.query('$select') ?? null, {
    entities: () => [entity],
    ...(usual ? { usual } : {}),
  });
  return selection === 'unknown' ? null : pick(entity, selection);
}

interface Matches {
  readonly test: (entity: Entity) => boolean;
  /** The only ones that can match; null: all have to be looked at. */
  readonly candidates: readonly Entity[] | null;
}

function readMatches(
  { context }: GraphCall,
  query: URLSearchParams,
  { directoryObjects = false, searched, lookUp }: Collection,
): Matches | GraphProblem {
  const eventual = context.req.header('consistencylevel')?.toLowerCase() === 'eventual';
  const filterText = query.get('$filter');
  const searchText = query.get('$search');
  const counted = query.get('$count') === 'true';
  if (directoryObjects && counted && !eventual) return problems.unsupportedQuery;
  const filter = filterText === null ? null : parseFilter(filterText);
  if (filterText !== null && filter === null) return problems.badFilter;
  if (directoryObjects && filter?.advanced && !(eventual && counted)) return problems.unsupportedQuery;
  const equality = filter?.equality;
  const candidates = (equality && lookUp?.(equality.member, equality.text)) ?? null;
  if (searchText === null) return { test: (entity) => filter?.matches(entity) ?? true, candidates };
  if (searched === undefined || !eventual) return problems.unsupportedQuery;
  const search = readSearch(searchText, searched);
  if (!search) return problems.badFilter;
  return { test: (entity) => (filter?.matches(entity) ?? true) && search(entity), candidates };
}

/** `"displayName:berg"`, joined by OR. Words are looked for from their beginnings. */
function readSearch(text: string, searched: readonly string[]): ((entity: Entity) => boolean) | null {
  const clauses = text.split(/\s+OR\s+/).map((clause) => /^"(\w+):(.+)"$/.exec(clause.trim()));
  if (!clauses.every((clause) => clause !== null && searched.includes(clause[1] ?? ''))) return null;
  return (entity) =>
    clauses.some((clause) => {
      const value = entity[clause?.[1] ?? ''];
      const wanted = (clause?.[2] ?? '').toLowerCase();
      return (
        typeof value === 'string' &&
        value
          .toLowerCase()
          .split(/[\s@.]+/)
          .concat(value.toLowerCase())
          .some((word) => word.startsWith(wanted))
      );
    });
}

type Order = (one: Entity, other: Entity) => number;

/** One member of text, without case, ascending unless it says otherwise; others are left in their order. */
function readOrder(text: string | null): Order | 'unreadable' | null {
  if (text === null) return null;
  const [, member = '', direction = 'asc'] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(text) ?? [];
  if (member === '') return 'unreadable';
  const sign = direction.toLowerCase() === 'asc' ? 1 : -1;
  const key = (entity: Entity): string => {
    const value = entity[member];
    return typeof value === 'string' ? value.toLowerCase() : '';
  };
  return (one, other) => sign * (key(one) < key(other) ? -1 : Number(key(one) > key(other)));
}

type Selection = ReadonlySet<string> | null;

function readSelection(
  text: string | null,
  { usual, entities, severalTypes }: Pick<Collection, 'usual' | 'entities' | 'severalTypes'>,
): Selection | 'unknown' {
  if (text === null || text === '') return usual ? new Set(usual) : null;
  const names = text.split(',').map((name) => name.trim());
  if (severalTypes) return new Set(names);
  const [known] = entities();
  if (known && !names.every((name) => name in known)) return 'unknown';
  return new Set(names);
}

function pick(entity: Entity, selection: Selection): Entity {
  if (selection === null) return entity;
  return Object.fromEntries(Object.entries(entity).filter(([name]) => selection.has(name) || name.startsWith('@')));
}

/** Opaque to clients, as Graph asks them to treat it. */
function nextLink(url: string, offset: number): string {
  const next = new URL(url);
  next.searchParams.set('$skiptoken', Buffer.from(JSON.stringify({ offset }), 'utf8').toString('base64url'));
  return `${GRAPH_ROOT}${next.pathname}${next.search}`;
}

function readOffset(token: string | null): number | null {
  if (token === null) return 0;
  const text = Buffer.from(token, 'base64url').toString('utf8');
  const offset = /^\{"offset":(\d{1,9})\}$/.exec(text)?.[1];
  return offset === undefined ? null : Number(offset);
}
