/** Who is named in a reason, as it is written down: references of entities, and skills by their words. */
import type { Catalog } from '../catalog/catalog.ts';
import { skillNamed } from '../funnel/served.ts';
import { MAX_ACTORS, termIn } from './ranked-list.ts';

/** @param actors of candidate c at c × MAX_ACTORS (see `RankedList.actors`) */
export const namedActors = (actors: Int32Array, c: number, catalog: Catalog): readonly string[] => {
  const named: string[] = [];
  for (let a = c * MAX_ACTORS; a < (c + 1) * MAX_ACTORS; a++) {
    const place = actors[a] ?? 0;
    if (place > 0) named.push(catalog.entities.name(place - 1));
    else if (place < 0) named.push(skillNamed(catalog.terms.name(termIn(place))));
  }
  return named;
};
