/**
 * Memory for the kernels, laid out by hand: named regions of 32-bit words, zeroed, at multiples of 64 bytes (a cache line), so that a kernel
 * may read and write up to the next multiple of sixteen words. Nothing is allocated while a kernel runs.
 *
 * The memory is a shared one, not because threads share it (each has its own) but because its views stay good when it grows.
 */
import { ThroughlineError } from '../core/errors.ts';
import type { SharedMemory, WebAssemblyApi } from './web-assembly.ts';

export interface Region {
  readonly name: string;
  /** Where it begins, in bytes; 0 without WebAssembly. */
  readonly address: number;
  /** The words as floats and as integers: two views of the same bytes, good until the region is released. */
  readonly floats: Float32Array;
  readonly integers: Int32Array;
}

export interface Arena {
  /** A region of `words` zeros (a whole number). Throws where the name is taken or the memory is used up. */
  allocate(name: string, words: number): Region;
  /** The same region with another number of words: contents stay, the views are new ones. */
  resize(region: Region, words: number): Region;
  /** Gives a region back; whoever still holds its views writes into somebody else's. */
  release(region: Region): void;
  /** Bytes of every region, by name. */
  sizes(): ReadonlyMap<string, number>;
}

interface Span { readonly address: number; readonly bytes: number }

const LINE = 64;
const PAGE = 65_536;
/** Four gigabytes, all that 32-bit addresses reach; what is never used is never paid for. */
const MOST_PAGES = 65_536;

const spanOf = (words: number): number => Math.max(LINE, Math.ceil((words * 4) / LINE) * LINE);

const free = (taken: ReadonlyMap<string, unknown>, name: string): void => {
  if (taken.has(name)) throw new ThroughlineError('server/internal', `the kernels' memory already has a region "${name}": give each kernel and table a name of its own, or release the old one first`);
};

const moved = (from: Region, to: Region): Region => {
  to.floats.set(from.floats.length > to.floats.length ? from.floats.subarray(0, to.floats.length) : from.floats);
  return to;
};

/** Free spans in order of address, neighbours joined. */
const joined = (spans: readonly Span[]): Span[] => {
  const result: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.address - b.address)) {
    const before = result.at(-1);
    if (before !== undefined && before.address + before.bytes === span.address) result[result.length - 1] = { address: before.address, bytes: before.bytes + span.bytes };
    else result.push(span);
  }
  return result;
};

/** Regions in one WebAssembly memory; the first span that fits is taken, else the memory grows. */
const createMemoryArena = (memory: SharedMemory): Arena => {
  const taken = new Map<string, Span>();
  // Address 0 stays empty: a kernel reads it as "not there".
  let end = LINE;
  let spans: Span[] = [];
  const extend = (name: string, bytes: number): number => {
    const address = end;
    const missing = Math.ceil((address + bytes - memory.buffer.byteLength) / PAGE);
    try {
      if (missing > 0) memory.grow(missing);
    } catch (cause) {
      throw new ThroughlineError('server/internal', `the kernels' memory has no room for the ${bytes} bytes of "${name}" beside ${address} already in use: it ends at four gigabytes, or the machine has no more`, { cause });
    }
    end = address + bytes;
    return address;
  };
  const reuse = (bytes: number): number | undefined => {
    const found = spans.find((span) => span.bytes >= bytes);
    if (found === undefined) return undefined;
    spans = [...spans.filter((span) => span !== found), ...(found.bytes > bytes ? [{ address: found.address + bytes, bytes: found.bytes - bytes }] : [])].toSorted((a, b) => a.address - b.address);
    return found.address;
  };
  const take = (name: string, words: number): Region => {
    const bytes = spanOf(words);
    const address = reuse(bytes) ?? extend(name, bytes);
    new Uint8Array(memory.buffer, address, bytes).fill(0);
    taken.set(name, { address, bytes });
    return { name, address, floats: new Float32Array(memory.buffer, address, words), integers: new Int32Array(memory.buffer, address, words) };
  };
  const give = (span: Span): void => { spans = joined([...spans, span]); };
  return {
    allocate: (name, words) => { free(taken, name); return take(name, words); },
    resize: (region, words) => {
      const larger = moved(region, take(region.name, words));
      give({ address: region.address, bytes: spanOf(region.floats.length) });
      return larger;
    },
    release: ({ name, address }) => {
      const span = taken.get(name);
      if (span === undefined || span.address !== address) return;
      taken.delete(name);
      give(span);
    },
    sizes: () => new Map([...taken].map(([name, { bytes }]) => [name, bytes])),
  };
};

/** The same without WebAssembly: each region a buffer of its own. */
export const createPlainArena = (): Arena => {
  const taken = new Map<string, Region>();
  const take = (name: string, words: number): Region => {
    const bytes = new ArrayBuffer(spanOf(words));
    const region = { name, address: 0, floats: new Float32Array(bytes, 0, words), integers: new Int32Array(bytes, 0, words) };
    taken.set(name, region);
    return region;
  };
  return {
    allocate: (name, words) => { free(taken, name); return take(name, words); },
    resize: (region, words) => moved(region, take(region.name, words)),
    release: (region) => { if (taken.get(region.name) === region) taken.delete(region.name); },
    sizes: () => new Map([...taken].map(([name, { floats }]) => [name, spanOf(floats.length)])),
  };
};

/** An arena in a memory of its own, and that memory for the module that works in it; undefined where a limit on addresses (`ulimit -v`) forbids it. */
export const createWasmArena = (api: WebAssemblyApi): { readonly arena: Arena; readonly memory: SharedMemory } | undefined => {
  try {
    const memory = new api.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
    return { arena: createMemoryArena(memory), memory };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};
