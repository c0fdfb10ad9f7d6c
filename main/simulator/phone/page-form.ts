// Reading a form out of a sign-in page, as far as the phone's in-app browser needs it. Made for plain, server-written
// pages; it is not a browser.

export interface PageForm {
  /** Absolute. */
  readonly action: string;
  /** Hidden and prefilled fields; buttons by the first value of their name. */
  readonly fields: ReadonlyMap<string, string>;
}

/** The first form of a page, or null. */
export function readForm(page: string, pageUrl: string): PageForm | null {
  const found = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(page);
  if (!found) return null;
  const [, formTag = '', content = ''] = found;
  const fields = new Map<string, string>();
  for (const [, tag = ''] of content.matchAll(/<(?:input|button)\b([^>]*)>/gi)) {
    const name = attribute(tag, 'name');
    if (name !== null && !fields.has(name)) fields.set(name, attribute(tag, 'value') ?? '');
  }
  return { action: new URL(attribute(formTag, 'action') ?? '', pageUrl).href, fields };
}

/** Absolute address of the first link that contains `part`, or null. */
export function readLink(page: string, pageUrl: string, part: string): string | null {
  for (const [, tag = ''] of page.matchAll(/<a\b([^>]*)>/gi)) {
    const href = attribute(tag, 'href');
    if (href?.includes(part)) return new URL(href, pageUrl).href;
  }
  return null;
}

/** The AADSTS number a page shows, or null. */
export function readProblem(page: string): number | null {
  const found = /AADSTS(\d+)/.exec(page)?.[1];
  return found === undefined ? null : Number(found);
}

function attribute(tag: string, name: string): string | null {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return found === undefined ? null : unescaped(found);
}

const ENTITIES: Readonly<Record<string, string>> = { '&quot;': '"', '&#39;': "'", '&lt;': '<', '&gt;': '>', '&amp;': '&' };

function unescaped(text: string): string {
  return text.replaceAll(/&(?:quot|#39|lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}
