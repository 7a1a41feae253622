/** A first-pass ranker as the source of a cohort: one index and one ranking for two surfaces. */
import { kindNumber } from '../catalog/catalog.ts';
import { createRankedList, type RankedList } from '../rankers/ranked-list.ts';
import type { FirstPassRanker, RankRequest } from '../rankers/ranker.ts';
import type { Cohort } from './cohort.ts';

/** Filled and read within one turn: rankers of the pool await nothing. */
const shared = createRankedList();

const rank = (ranker: FirstPassRanker, request: RankRequest, list: RankedList): RankedList | Promise<RankedList> => {
  list.clear(request.views.catalog.entities.size());
  const ranking = ranker.rank(request, list);
  const finish = (): RankedList => { list.finish(ranker.limit); return list; };
  return ranking === undefined ? finish() : ranking.then(finish);
};

export const fromRanker = ({ ranker, ...described }: Pick<Cohort, 'name' | 'about' | 'kind' | 'words' | 'card' | 'eligible'> & { readonly ranker: FirstPassRanker }): Cohort => {
  const kind = kindNumber(described.kind);
  const cohort: Cohort<RankedList> = {
    ...described, signals: ranker.signals, limit: ranker.limit, ...(ranker.timeoutMs === undefined ? {} : { timeoutMs: ranker.timeoutMs }),
    // Whoever may wait has a list of its own.
    fetch: (request) => rank(ranker, request, ranker.timeoutMs === undefined ? shared : createRankedList()),
    transform: (list, { views: { catalog } }, into) => {
      for (let row = 0; row < list.size; row++) if (catalog.items.columns.kind[list.item[row] ?? 0] === kind) into.list.take(list, row);
    },
  };
  return cohort;
};
