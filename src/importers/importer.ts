/** What every importer is: somebody else's files read into entities and events, and what could not be read counted and told. */
import { createHash } from 'node:crypto';
import type { EntityInput } from '../catalog/records.ts';
import type { Where } from '../core/errors.ts';
import type { Action } from '../funnel/events.ts';

export type Imported =
  | ImportedEntity
  | { readonly type: 'event'; readonly event: Action };
export interface ImportedEntity {
  readonly type: 'entity';
  readonly entity: EntityInput;
  /** Of an entity that is there already these lists grow, and all else about it stays; absent: it is replaced. */
  readonly joins?: readonly string[];
}

/** Rows left out for one reason, and the first of them. */
export interface LeftOut { readonly why: string; readonly rows: number; readonly first: Where }

export interface Report {
  /** A row that is not taken, and why. */
  leaveOut(why: string, where: Where): void;
  /** Reasons in the order in which they came up. */
  readonly leftOut: readonly LeftOut[];
}

export const createReport = (): Report => {
  const reasons = new Map<string, { readonly why: string; rows: number; readonly first: Where }>();
  return {
    leaveOut: (why, where) => {
      const known = reasons.get(why);
      if (known === undefined) reasons.set(why, { why, rows: 1, first: where });
      else known.rows++;
    },
    get leftOut() { return [...reasons.values()]; },
  };
};

export interface ImportOptions {
  readonly report: Report;
  /** What the ids of what is imported begin with, where an importer lets it be chosen. */
  readonly prefix?: string;
}

export interface Importer {
  readonly about: string;
  /** What it takes: a folder, or a file too. */
  readonly takes?: 'file or folder';
  /** What ids begin with unless `--prefix` says otherwise, in words; absent: it cannot be chosen. */
  readonly prefix?: string;
  /** @throws client/invalidData with file and line */
  read(folder: string, options: ImportOptions): AsyncIterable<Imported>;
}

/** An id that depends on these texts alone. */
export const idOf = (...parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);

/** Counts repeats of what has no id of its own, so that each has one and a second import repeats the first. */
export const createKeys = (): ((...parts: readonly string[]) => string) => {
  const repeats = new Map<string, number>();
  return (...parts) => {
    const key = JSON.stringify(parts);
    const repeat = repeats.get(key) ?? 0;
    repeats.set(key, repeat + 1);
    return repeat === 0 ? idOf(...parts) : idOf(...parts, String(repeat));
  };
};

/** The beginning of a text, never half a character. */
const cut = (text: string, most: number): string => {
  const end = /[\uD800-\uDBFF]/u.test(text.charAt(most - 1)) ? most - 1 : most;
  return (text.length > most ? text.slice(0, end) : text).trim();
};

/** A text as a card takes it: one line, no control characters, at most so long; undefined where nothing is left. */
export const line = (text: string, most: number): string | undefined => cut(text.replace(/[\p{Cc}\s]+/gu, ' ').trim(), most) || undefined;

/** The same with its paragraphs. */
export const paragraphs = (text: string, most: number): string | undefined =>
  cut(text.replace(/\r\n?/gu, '\n').replace(/[^\P{Cc}\n\t]/gu, ' ').replace(/\n{3,}/gu, '\n\n').trim(), most) || undefined;

/** Distinct texts as terms take them: those that are too long are left out, for nobody could have the same. */
export const termsOf = (texts: Iterable<string>, limits: { readonly most: number; readonly length: number }): string[] => {
  const found = new Map<string, string>();
  for (const text of texts) {
    const term = line(text, Number.MAX_SAFE_INTEGER);
    if (term !== undefined && term.length <= limits.length && !found.has(term.toLowerCase())) found.set(term.toLowerCase(), term);
    if (found.size === limits.most) break;
  }
  return [...found.values()];
};

/** Attributes without those that are not there or empty. */
export const present = (attributes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)));

export const entity = (kind: string, id: string, rest: { readonly at?: number | undefined; readonly attributes: EntityInput['attributes'] }): ImportedEntity =>
  ({ type: 'entity', entity: { kind, id, ...(rest.at === undefined ? {} : { createdAt: new Date(rest.at).toISOString() }), attributes: present(rest.attributes) } });
