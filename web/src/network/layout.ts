/** How a card is laid out: read from the template that the server sent, for it may be one that was made after this page. */
import type { CardSlot, CardTemplate, DiscoveryCard } from 'throughline/client';

export interface PlacedSlot {
  readonly slot: string;
  readonly text: string;
  readonly lines: number;
  /** 1 for the slot that goes first where there is no room; absent: it stays. */
  readonly drop: number | undefined;
}

export interface Layout {
  /** Decides the columns too. */
  readonly size: CardTemplate['image'] | 'generic';
  slots(card: DiscoveryCard): readonly PlacedSlot[];
}

const GENERIC_LINES = 2;

/** @param template undefined where the answer does not say what it looks like: then every slot that there is has two lines */
export const layoutOf = (template: CardTemplate | undefined): Layout => ({
  size: template?.image ?? 'generic',
  slots: ({ slots }) => Object.entries(slots).map(([slot, text]) => {
    const drop = template?.drop.indexOf(slot as CardSlot) ?? -1;
    return { slot, text, lines: template?.maxLines[slot as CardSlot] ?? GENERIC_LINES, drop: drop < 0 ? undefined : drop + 1 };
  }),
});

/** What a card is called. */
export const nameOf = ({ slots, item }: DiscoveryCard): string => slots.primary ?? item;
