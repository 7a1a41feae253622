/** The cards of one cohort in order: those that are shown first, then those that stand by for dismissed ones. Pure. */
import type { DiscoveryCard } from 'throughline/client';

/** What taking a dismissal back needs to know. */
export interface Gone {
  readonly card: DiscoveryCard;
  readonly place: number;
  /** Which card took its place, and from where; absent where none stood by. */
  readonly taker?: { readonly trackingId: string; readonly place: number };
}

const without = (cards: readonly DiscoveryCard[], trackingId: string): readonly DiscoveryCard[] => cards.filter((card) => card.trackingId !== trackingId);
const withAt = (cards: readonly DiscoveryCard[], place: number, card: DiscoveryCard): readonly DiscoveryCard[] => [...cards.slice(0, place), card, ...cards.slice(place)];

/**
 * The first card that stands by takes the place of the dismissed one; all others stay where they are.
 * @param shown how many of the cards are in sight
 */
export const takeOut = (cards: readonly DiscoveryCard[], trackingId: string, shown: number): { readonly cards: readonly DiscoveryCard[]; readonly gone: Gone } | undefined => {
  const place = cards.findIndex((card) => card.trackingId === trackingId);
  const card = cards[place];
  if (card === undefined) return undefined;
  const taker = place < shown ? cards[shown] : undefined;
  if (taker === undefined) return { cards: without(cards, trackingId), gone: { card, place } };
  const rest = without(without(cards, trackingId), taker.trackingId);
  return { cards: withAt(rest, place, taker), gone: { card, place, taker: { trackingId: taker.trackingId, place: shown } } };
};

/** The last dismissal taken back: everything stands as before, and what was loaded meanwhile stays behind it. */
export const putBack = (cards: readonly DiscoveryCard[], { card, place, taker }: Gone): readonly DiscoveryCard[] => {
  const stoodIn = taker === undefined ? undefined : cards.find(({ trackingId }) => trackingId === taker.trackingId);
  if (taker === undefined || stoodIn === undefined) return withAt(cards, place, card);
  return withAt(withAt(without(cards, stoodIn.trackingId), place, card), taker.place, stoodIn);
};

/** More of the same cohort, each item once. */
export const addPage = (cards: readonly DiscoveryCard[], page: readonly DiscoveryCard[], gone: readonly Gone[]): readonly DiscoveryCard[] => {
  const known = new Set([...cards.map(({ item }) => item), ...gone.map(({ card }) => card.item)]);
  return [...cards, ...page.filter(({ item }) => !known.has(item))];
};
