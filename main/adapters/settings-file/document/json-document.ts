// JSON as somebody may have written it to harm: bounded depth, every name once, no name that means something to the language.
// JSON.parse is the judge of what is JSON; jsonc-parser only tells where things stand.
import { findNodeAtLocation, parseTree, printParseErrorCode, type JSONPath, type Node, type ParseError } from 'jsonc-parser';

export type DocumentTrouble = 'notUtf8' | 'notJson' | 'tooDeep' | 'duplicateName' | 'reservedName';

/** From 1, in characters. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

export interface DocumentProblem {
  readonly trouble: DocumentTrouble;
  readonly place: TextPlace | null;
  /** The path in the document; empty where it is the document. */
  readonly path: string;
  /** A whole sentence, without the path. */
  readonly says: string;
}

export interface JsonDocument {
  readonly value: unknown;
  /** Where the member or item begins; null when there is none. */
  readonly placeOf: (path: readonly PropertyKey[]) => TextPlace | null;
}

export type ParsedDocument =
  | { readonly ok: true; readonly document: JsonDocument }
  | { readonly ok: false; readonly problems: readonly DocumentProblem[] };

/** More nesting than any document of the desk's has; less than any parser minds. */
const mostDepth = 12;
const reservedNames: readonly string[] = ['__proto__', 'constructor', 'prototype'];
/** More would only tire. */
const mostProblems = 20;

/** A byte order mark at the beginning is no error: editors on Windows like to write one. */
export function parseDocument(bytes: Uint8Array): ParsedDocument {
  const no = (trouble: DocumentTrouble, says: string, place: TextPlace | null = null): ParsedDocument => ({
    ok: false,
    problems: [{ trouble, place, path: '', says }],
  });
  const text = textOf(bytes);
  if (text === null) return no('notUtf8', 'It is not UTF-8 text.');
  const deep = tooDeepAt(text);
  if (deep !== null) return no('tooDeep', `It is nested deeper than ${mostDepth}.`, placeIn(text, deep));
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const [first] = errors;
    const what = first === undefined ? '' : ` (${printParseErrorCode(first.error)})`;
    return no('notJson', `It is not JSON${what}.`, first === undefined ? null : placeIn(text, first.offset));
  }
  if (tree === undefined) return no('notJson', 'It is not JSON.');
  const problems = nameProblems(tree, [], text).slice(0, mostProblems);
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    document: {
      value,
      placeOf(path) {
        const node = findNodeAtLocation(
          tree,
          path.map((part) => (typeof part === 'number' ? part : String(part))),
        );
        const named = node?.parent?.type === 'property' ? node.parent : node;
        return named === undefined ? null : placeIn(text, named.offset);
      },
    },
  };
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Where it becomes too deep, without recursion; null when it never does. */
function tooDeepAt(text: string): number | null {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (inText) {
      if (sign === '\\') at += 1;
      else if (sign === '"') inText = false;
    } else if (sign === '"') inText = true;
    else if (sign === '{' || sign === '[') {
      depth += 1;
      if (depth > mostDepth) return at;
    } else if (sign === '}' || sign === ']') depth -= 1;
  }
  return null;
}

function placeIn(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

function nameProblems(node: Node, path: JSONPath, text: string): readonly DocumentProblem[] {
  const children = node.children ?? [];
  if (node.type === 'array') return children.flatMap((child, index) => nameProblems(child, [...path, index], text));
  if (node.type !== 'object') return [];
  const seen = new Set<string>();
  return children.flatMap(({ children: [name, value] = [] }): readonly DocumentProblem[] => {
    if (name === undefined || value === undefined) return [];
    const own = String(name.value);
    const problem = (trouble: DocumentTrouble, says: string): DocumentProblem => ({
      trouble,
      place: placeIn(text, name.offset),
      path: [...path, own].join('.'),
      says,
    });
    const again = seen.has(own);
    seen.add(own);
    return [
      ...(again ? [problem('duplicateName', 'stands here a second time.')] : []),
      ...(reservedNames.includes(own) ? [problem('reservedName', 'is a name that no document may use.')] : []),
      ...nameProblems(value, [...path, own], text),
    ];
  });
}
