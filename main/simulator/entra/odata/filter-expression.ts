// `$filter` of OData, as far as Graph's pages use it on what the twin lists: comparisons, `in`, startsWith, endsWith, contains,
// and, or, not, brackets, and `any` over a collection. Source: OData 4.01 URL Conventions §5.1.1; Microsoft Graph "Use the
// $filter query parameter", "Advanced query capabilities".

/** A thing with members; paths go into objects. */
export type Entity = Readonly<Record<string, unknown>>;

export interface FilterExpression {
  matches(entity: Entity): boolean;
  /** Directory objects answer it only with `ConsistencyLevel: eventual` and `$count=true`. */
  readonly advanced: boolean;
  /** Set when the whole filter is one member's equality with a text, for collections that can look that up. */
  readonly equality: { readonly member: string; readonly text: string } | null;
}

type Test = (entity: Entity) => boolean;
type Literal = string | number | boolean | null;

class FilterSyntaxError extends Error {
  override readonly name = 'FilterSyntaxError';
}

/** Null for text that is no filter the twin knows. */
export function parseFilter(text: string): FilterExpression | null {
  try {
    const parser = new Parser(text);
    const matches = parser.whole();
    return {
      matches,
      advanced: parser.advanced,
      equality: parser.comparisons === 1 && !parser.advanced ? parser.equality : null,
    };
  } catch (error) {
    if (error instanceof FilterSyntaxError) return null;
    throw error;
  }
}

const TOKEN = /\s*('(?:[^']|'')*'|[A-Za-z_@][\w@.]*(?:\/[A-Za-z_]\w*)*|\d[\w.:+-]*|[(),:]|-\d+)/y;
const COMPARISONS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
const FUNCTIONS = ['startswith', 'endswith', 'contains'] as const;
/** Nobody writes deeper filters; a hostile one must not exhaust the stack. */
const MAX_DEPTH = 32;

class Parser {
  readonly #tokens: readonly string[];
  #next = 0;
  #depth = 0;
  advanced = false;
  /** How many tests the filter has, and the last one that was a plain equality. */
  comparisons = 0;
  equality: FilterExpression['equality'] = null;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  whole(): Test {
    const test = this.#or();
    if (this.#next < this.#tokens.length) throw new FilterSyntaxError('more than one expression');
    return test;
  }

  #or(): Test {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new FilterSyntaxError('too deep');
    const tests = [this.#and()];
    while (this.#takeWord('or')) tests.push(this.#and());
    this.#depth -= 1;
    return (entity) => tests.some((test) => test(entity));
  }

  #and(): Test {
    const tests = [this.#single()];
    while (this.#takeWord('and')) tests.push(this.#single());
    return (entity) => tests.every((test) => test(entity));
  }

  #single(): Test {
    this.comparisons += 1;
    if (this.#takeWord('not')) {
      this.advanced = true;
      const test = this.#bracketed() ?? this.#call() ?? this.#comparison();
      return (entity) => !test(entity);
    }
    return this.#bracketed() ?? this.#call() ?? this.#comparison();
  }

  #bracketed(): Test | null {
    if (!this.#take('(')) return null;
    const test = this.#or();
    this.#expect(')');
    return test;
  }

  #call(): Test | null {
    const word = this.#tokens[this.#next]?.toLowerCase();
    const name = FUNCTIONS.find((known) => known === word);
    if (name === undefined || this.#tokens[this.#next + 1] !== '(') return null;
    this.#next += 2;
    if (name === 'endswith') this.advanced = true;
    const path = this.#path();
    this.#expect(',');
    const wanted = String(this.#literal()).toLowerCase();
    this.#expect(')');
    return (entity) => {
      const value = at(entity, path);
      if (typeof value !== 'string') return false;
      const text = value.toLowerCase();
      return name === 'startswith'
        ? text.startsWith(wanted)
        : name === 'endswith'
          ? text.endsWith(wanted)
          : text.includes(wanted);
    };
  }

  #comparison(): Test {
    const path = this.#path();
    if (path.at(-1)?.toLowerCase() === 'any') return this.#any(path.slice(0, -1));
    if (this.#takeWord('in')) return this.#in(path);
    const word = this.#tokens[this.#next];
    const operator = COMPARISONS.find((known) => known === word?.toLowerCase());
    if (operator === undefined) throw new FilterSyntaxError('no comparison');
    this.#next += 1;
    if (operator === 'ne') this.advanced = true;
    const wanted = this.#literal();
    const [member, ...deeper] = path;
    if (operator === 'eq' && typeof wanted === 'string' && member !== undefined && deeper.length === 0)
      this.equality = { member, text: wanted };
    return (entity) => compares(at(entity, path), operator, wanted);
  }

  #in(path: readonly string[]): Test {
    this.#expect('(');
    const wanted = [this.#literal()];
    while (this.#take(',')) wanted.push(this.#literal());
    this.#expect(')');
    return (entity) => wanted.some((one) => compares(at(entity, path), 'eq', one));
  }

  /** `collection/any(x:x/member eq 'value')`. */
  #any(path: readonly string[]): Test {
    this.#expect('(');
    const variable = this.#path()[0] ?? '';
    this.#expect(':');
    const test = this.#or();
    this.#expect(')');
    return (entity) => {
      const list = at(entity, path);
      return Array.isArray(list) && list.some((item: unknown) => test({ [variable]: item }));
    };
  }

  #path(): readonly string[] {
    const token = this.#tokens[this.#next];
    if (token === undefined || !/^[A-Za-z_@]/.test(token)) throw new FilterSyntaxError('no name');
    this.#next += 1;
    return token.split('/');
  }

  #literal(): Literal {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new FilterSyntaxError('no value');
    this.#next += 1;
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (token === 'true' || token === 'false') return token === 'true';
    if (token === 'null') return null;
    if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
    if (/^[\w.:+-]+$/.test(token)) return token; // a date or a GUID, which stand without quotes
    throw new FilterSyntaxError('no value');
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#next] !== token) return false;
    this.#next += 1;
    return true;
  }

  #takeWord(word: string): boolean {
    if (this.#tokens[this.#next]?.toLowerCase() !== word) return false;
    this.#next += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new FilterSyntaxError(`no ${token}`);
  }
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  const token = new RegExp(TOKEN);
  const end = text.trimEnd().length;
  while (token.lastIndex < end) {
    const found = token.exec(text)?.[1];
    if (found === undefined) throw new FilterSyntaxError('unreadable');
    tokens.push(found);
  }
  return tokens;
}

function at(entity: Entity, path: readonly string[]): unknown {
  let value: unknown = entity;
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1];
  }
  return value;
}

const DATE = /^\d{4}-\d{2}-\d{2}T/;

function compares(value: unknown, operator: (typeof COMPARISONS)[number], wanted: Literal): boolean {
  const one = comparable(value);
  const other = comparable(wanted);
  switch (operator) {
    case 'eq':
      return one === other;
    case 'ne':
      return one !== other;
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      if (one === null || other === null || typeof one !== typeof other) return false;
      return operator === 'gt' ? one > other : operator === 'ge' ? one >= other : operator === 'lt' ? one < other : one <= other;
    default:
      return operator satisfies never;
  }
}

/** Text without case, dates as numbers; missing is null. */
function comparable(value: unknown): Literal {
  if (typeof value === 'string')
    return DATE.test(value) && !Number.isNaN(Date.parse(value)) ? Date.parse(value) : value.toLowerCase();
  return typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
