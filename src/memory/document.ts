/** One value as a whole, as JSON in shared memory: a write swaps it for every thread, and each parses it once, when it is next asked for. */
import type { Space } from './space.ts';

export interface SharedDocument<Value> {
  /** The same object until another was written; undefined before the first. */
  read(): Value | undefined;
  /** Writer only. */
  write(value: Value): void;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const openDocument = <Value>(space: Space, name: string): SharedDocument<Value> => {
  let unread: SharedArrayBuffer | undefined;
  let value: Value | undefined;
  space.bind(name, 0, (buffer) => { unread = buffer; });
  return {
    read: () => {
      if (unread === undefined) return value;
      // A decoder takes no shared memory.
      const bytes = new Uint8Array(unread).slice();
      unread = undefined;
      value = bytes.length === 0 ? undefined : JSON.parse(decoder.decode(bytes)) as Value;
      return value;
    },
    write: (next) => {
      const bytes = encoder.encode(JSON.stringify(next));
      const buffer = new SharedArrayBuffer(bytes.length);
      new Uint8Array(buffer).set(bytes);
      space.replace(new Map([[name, buffer]]));
    },
  };
};
