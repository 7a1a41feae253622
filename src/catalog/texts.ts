/**
 * Texts of entities, rendered on write: cards, author parts, names and what members state, in one heap. What a text replaces is wiped at once, under
 * readers in other threads; so an entity's version is odd while its texts change, and a reader that saw it change reads again.
 */
import type { Space } from '../memory/space.ts';
import type { Heap, Table } from '../memory/structures.ts';

export const TEXT_SCHEMA = {
  /** Odd while its texts change, and another even number afterwards. */
  version: 'i32',
  /** Places in the text heap; offset 0 for none. */
  card: 'u32', cardLength: 'u32', authorPart: 'u32', authorPartLength: 'u32', name: 'u32', nameLength: 'u32', stated: 'u32', statedLength: 'u32',
} as const;
export type TextColumn = 'card' | 'authorPart' | 'name' | 'stated';
const TEXT_COLUMNS: readonly TextColumn[] = ['card', 'authorPart', 'name', 'stated'];

export interface Texts {
  /** Replaces all texts of an entity; those left out are gone. Writer only. */
  write(number: number, texts: Readonly<Partial<Record<TextColumn, string>>>): void;
  /** Hands a text to `take`, and again should it have changed meanwhile. @returns false where there is none */
  take(column: TextColumn, number: number, take: (bytes: Uint8Array, offset: number, length: number) => void): boolean;
  /** Empty where there is none. */
  read(column: TextColumn, number: number): string;
}

const encoder = new TextEncoder();

export const openTexts = (space: Space, items: Table<typeof TEXT_SCHEMA>, heap: Heap): Texts => {
  const replace = (column: TextColumn, number: number, text: string | undefined): void => {
    const lengths = items.columns[`${column}Length`];
    heap.wipe(items.columns[column][number] ?? 0, lengths[number] ?? 0);
    const bytes = encoder.encode(text ?? '');
    items.columns[column][number] = text === undefined ? 0 : heap.write(bytes);
    lengths[number] = bytes.length;
  };
  const take: Texts['take'] = (column, number, reader) => {
    if (number < 0) return false;
    for (;;) {
      const version = Atomics.load(items.columns.version, number);
      const offset = items.columns[column][number] ?? 0;
      const isWhole = version % 2 === 0;
      if (isWhole && offset !== 0) reader(heap.view.bytes, offset, items.columns[`${column}Length`][number] ?? 0);
      // Larger memory announced meanwhile may be where the text has gone to.
      if (!space.isCurrent()) space.refresh();
      else if (isWhole && Atomics.load(items.columns.version, number) === version) return offset !== 0;
    }
  };
  return {
    take,
    write: (number, texts) => {
      Atomics.add(items.columns.version, number, 1);
      for (const column of TEXT_COLUMNS) replace(column, number, texts[column]);
      Atomics.add(items.columns.version, number, 1);
    },
    read: (column, number) => {
      let text = '';
      return take(column, number, (_bytes, offset, length) => { text = heap.text(offset, length); }) ? text : '';
    },
  };
};
