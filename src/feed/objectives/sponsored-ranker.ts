/** Sponsored updates as a first-pass ranker: what campaigns that bid for this viewer would show. It stands beside the pool and is merged last. */
import { STATE } from '../../catalog/catalog.ts';
import { ENTITY_KINDS } from '../../core/registry.ts';
import { createScratch } from '../../memory/scratch.ts';
import type { FirstPassRanker, RankRequest } from '../../rankers/ranker.ts';
import { reasonNumber } from '../../rankers/reasons.ts';
import { SCORED } from './ads.ts';
import { createBidders, type Audience, type Campaigns } from './campaigns.ts';
import type { SponsoredOptions } from './settings.ts';

export interface SponsoredParts { readonly campaigns: Campaigns; readonly options: SponsoredOptions }

export const SPONSORED_RANKER = 'sponsored';
export const PROMOTED = reasonNumber('promoted');
/** Who asks, as campaigns are told of them. */
export const audienceOf = ({ viewer, context }: Pick<RankRequest, 'viewer' | 'context'>, { options: { currency } }: SponsoredParts): Audience =>
  ({ member: viewer.number, now: context.now, profile: context.allowed.profile, currency });

const bidders = createBidders(SCORED);
/** Items that a better campaign shows. Used by one request at a time, for this ranker awaits nothing. */
const taken = createScratch();
/** Filled anew for each item: a list copies what it is told. */
const why = { reason: PROMOTED, actor: -1 };

/**
 * The score is what a card is likely to bring: bid, as far as its pace allows, times what is known of its clicks. The actor is the campaign.
 * Cost: the newest campaigns of each entry that targets the viewer (`targeting.ts`), whatever the number of campaigns.
 * @param parts absent where nothing is sponsored: it finds nothing
 */
export const sponsoredRanker = (parts?: SponsoredParts): FirstPassRanker => ({
  name: SPONSORED_RANKER, about: `what the ${SCORED} campaigns promote that bid most for you, by targeting and pace`,
  kinds: ENTITY_KINDS, signals: [], limit: SCORED,
  rank: (request, into) => {
    if (parts === undefined) return;
    const { campaigns } = parts;
    const { catalog } = request.views;
    campaigns.bidders(audienceOf(request, parts), bidders);
    taken.clear(catalog.entities.size());
    for (let i = 0; i < bidders.size; i++) {
      const row = bidders.row[i] ?? 0;
      const item = (campaigns.columns.item[row] ?? 0) - 1;
      // The first of an item's campaigns bids most.
      if (item >= 0 && taken.values[item] === 1) continue;
      if (item >= 0) taken.set(item, 1);
      why.actor = (campaigns.columns.entity[row] ?? 0) - 1;
      // What is gone counts as refused: the trace tells.
      into.add(catalog.items.columns.state[item] === STATE.alive ? item : -1, bidders.worth[i] ?? 0, why);
    }
  },
});
