/** The reason of a candidate, put into words for the viewer. */
import { genderOf, type Catalog } from '../catalog/catalog.ts';
import { kindRow } from '../catalog/kinds.ts';
import { ENTITY_KINDS } from '../core/registry.ts';
import { listed } from '../words/words.ts';
import { MAX_ACTORS, termIn, type RankedList } from './ranked-list.ts';
import { quoted, REASON_CODES, reasonText, type ReasonCode } from './reasons.ts';

/** Of those who are named, so many stand in the sentence; the others are counted. */
const MOST_NAMES = 2;

export interface ToldReason {
  readonly code: ReasonCode;
  readonly text: string;
  /** References of those who are named, and names of the skills. */
  readonly actors: readonly string[];
  readonly terms: readonly string[];
}

/** People and companies by their names; an item by its title, as one. */
const spoken = (catalog: Catalog, actor: number, locale: string): string => {
  const name = catalog.texts.read('name', actor);
  if (name === '') return listed([], 1, locale);
  return kindRow(ENTITY_KINDS[catalog.items.columns.kind[actor] ?? 0] ?? '')?.inFeed === true ? quoted(name, locale) : name;
};

/** @param list whose candidate stands `at` a place; see `ranked-list.ts` for its columns */
export const tellReason = (catalog: Catalog, list: Pick<RankedList, 'reason' | 'actors' | 'actorCount'>, { at, locale }: { readonly at: number; readonly locale: string }): ToldReason => {
  const code = REASON_CODES[list.reason[at] ?? 0] ?? 'recent';
  const actors: number[] = [];
  const terms: string[] = [];
  for (let a = at * MAX_ACTORS; a < (at + 1) * MAX_ACTORS; a++) {
    const named = list.actors[a] ?? 0;
    if (named > 0) actors.push(named - 1);
    else if (named < 0) terms.push(catalog.termName(termIn(named)));
  }
  const [first] = actors;
  const names = actors.slice(0, MOST_NAMES).map((actor) => spoken(catalog, actor, locale));
  const text = reasonText(code, { names, total: list.actorCount[at] ?? 0, terms, gender: first === undefined ? undefined : genderOf(catalog, first) }, locale);
  return { code, text, actors: actors.map((actor) => catalog.entities.name(actor)), terms };
};
