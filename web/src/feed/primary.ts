import type { words } from '../words.ts';

export interface Primary {
  readonly action: keyof typeof words.primary;
  /** True where it cannot be taken back. */
  readonly isFinal: boolean;
}

/** What there is to do with a kind beside reading it. */
const PRIMARY: ReadonlyMap<string, Primary> = new Map([
  ['group', { action: 'join', isFinal: false }],
  ['event', { action: 'attend', isFinal: false }],
  ['course', { action: 'start', isFinal: true }],
  ['member', { action: 'connect', isFinal: false }],
]);

export const primaryOf = (kind: string): Primary | undefined => PRIMARY.get(kind);
