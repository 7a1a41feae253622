/** How a card looks: slots for texts, how many lines each may take, and which goes first where room is short. Clients lay out slots and know no kind. */
export const SLOTS = ['primary', 'secondary', 'socialProof', 'text'] as const;
export type Slot = (typeof SLOTS)[number];

export interface CardTemplate {
  /** Lines of each slot that it has; the rest is cut with an ellipsis, and read out whole. */
  readonly maxLines: Readonly<Partial<Record<Slot, 1 | 2 | 3>>>;
  /** Which slots are left out where there is no room, first to last. `primary`, the image and the button always stay. */
  readonly drop: readonly Slot[];
  readonly image: 'small' | 'medium' | 'large';
}

export const TEMPLATES = {
  /** One line beside a small picture: hashtags. */
  small: { maxLines: { primary: 1, socialProof: 1 }, drop: ['socialProof'], image: 'small' },
  /** A picture above two headers: people, pages, groups. */
  medium: { maxLines: { primary: 2, secondary: 2, socialProof: 2 }, drop: ['socialProof', 'secondary'], image: 'medium' },
  /** With a text of its own: newsletters, events, jobs, courses. */
  large: { maxLines: { primary: 2, secondary: 2, socialProof: 2, text: 3 }, drop: ['text', 'socialProof', 'secondary'], image: 'large' },
} as const satisfies Record<string, CardTemplate>;
export type TemplateName = keyof typeof TEMPLATES;
export const TEMPLATE_NAMES = Object.keys(TEMPLATES) as readonly TemplateName[];
