/** The reason of a candidate as its viewer reads it, with who and what is named in it. */
import { genderOf, type Catalog } from '../catalog/catalog.ts';
import { kindRow } from '../catalog/kinds.ts';
import { ENTITY_KINDS } from '../core/registry.ts';
import { listed, type Locale } from '../words/words.ts';
import { MAX_ACTORS, termIn, type RankedList } from './ranked-list.ts';
import { quoted, REASON_CODES, reasonText, type ReasonCode } from './reasons.ts';

/** Columns of candidates: candidate c at c, its actors at c × MAX_ACTORS (see `RankedList`). */
export type Reasons = Pick<RankedList, 'reason' | 'actors' | 'actorCount'>;

/** Written out: the wire's shape of a reason. */
export interface SpokenReason { readonly code: ReasonCode; readonly text: string; readonly actors: readonly string[]; readonly skills?: readonly string[] }

/** Whether a candidate's reason names nobody and nothing. */
export const isPlain = ({ actors, actorCount }: Reasons, c: number): boolean => actors[c * MAX_ACTORS] === 0 && (actorCount[c] ?? 0) <= 1;

/** People and companies by their names; an item by its title, as one. */
const nameOf = (catalog: Catalog, actor: number, locale: Locale): string => {
  const name = catalog.texts.read('name', actor);
  if (name === '') return listed([], 1, locale);
  return kindRow(ENTITY_KINDS[catalog.items.columns.kind[actor] ?? 0] ?? '')?.inFeed === true ? quoted(name, locale) : name;
};

export const speakReason = (reasons: Reasons, c: number, { catalog, locale }: { readonly catalog: Catalog; readonly locale: Locale }): SpokenReason => {
  const code = REASON_CODES[reasons.reason[c] ?? 0] ?? 'recent';
  const actors: number[] = [];
  const terms: string[] = [];
  for (let a = c * MAX_ACTORS; a < (c + 1) * MAX_ACTORS; a++) {
    const named = reasons.actors[a] ?? 0;
    if (named > 0) actors.push(named - 1);
    else if (named < 0) terms.push(catalog.termName(termIn(named)));
  }
  const names = actors.slice(0, 2).map((actor) => nameOf(catalog, actor, locale));
  const gender = actors[0] === undefined ? undefined : genderOf(catalog, actors[0]);
  return {
    code, text: reasonText(code, { names, total: reasons.actorCount[c] ?? 0, terms, gender }, locale), actors: actors.map((actor) => catalog.entities.name(actor)),
    ...(terms.length === 0 ? {} : { skills: terms }),
  };
};
