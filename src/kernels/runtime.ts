/** What every kernel stands on: a memory, and the compiled module or nothing. */
import { ThroughlineError } from '../core/errors.ts';
import { createPlainArena, createWasmArena, type Arena, type Region } from './arena.ts';
import { WASM } from './wasm.ts';
import { webAssembly, type Exports } from './web-assembly.ts';

export interface Runtime {
  readonly arena: Arena;
  /** Undefined: the kernels' plain twins run instead. */
  readonly native: Exports | undefined;
}

export const plainRuntime = (): Runtime => ({ arena: createPlainArena(), native: undefined });

/** Undefined where WebAssembly or its SIMD instructions are missing, or no addresses are left for a memory. Compiling takes about a millisecond. */
export const wasmRuntime = (): Runtime | undefined => {
  const api = webAssembly();
  const bytes = Buffer.from(WASM, 'base64');
  if (api === undefined || !api.validate(bytes)) return undefined;
  const made = createWasmArena(api);
  return made === undefined ? undefined : { arena: made.arena, native: new api.Instance(new api.Module(bytes), { env: { memory: made.memory } }).exports };
};

const wrong = (sentence: string): never => { throw new ThroughlineError('server/internal', sentence); };

/** A dimension of a kernel: a whole number from `least` (1 unless said) on. */
export const dimension = (value: number, what: string, least: number = 1): number =>
  Number.isInteger(value) && value >= least ? value : wrong(`${what} is ${value}: it must be a whole number, at least ${least}`);

/** How many rows a call may ask for. */
export const within = (kernel: string, n: number, most: number): void => {
  if (!Number.isInteger(n) || n < 0 || n > most) wrong(`the kernel "${kernel}" was asked for ${n} rows and was made for 0 to ${most}: make it with a larger "most"`);
};

/** An array that must have exactly this many values. */
export const fits = (values: { readonly length: number }, length: number, what: string): void => {
  if (values.length !== length) wrong(`${what}: ${values.length} values where the shape needs ${length}`);
};

export const present = (is: boolean, sentence: string): void => { if (!is) wrong(sentence); };

/** Panels of eight columns that hold `columns`. */
export const panelsOf = (columns: number): number => Math.ceil(columns / 8);

/**
 * Lays a matrix [rows, columns] out in panels [panels, height, 8], from row `at` of each panel on: a kernel that works on eight columns then
 * reads one stretch of memory. What is beyond the last column stays zero.
 */
export const pack = (values: Float32Array, columns: number, into: { readonly panels: Float32Array; readonly height: number; readonly at?: number }): void => {
  const rows = values.length / columns;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      into.panels[((column >> 3) * into.height + (into.at ?? 0) + row) * 8 + (column & 7)] = values[row * columns + column] ?? 0;
    }
  }
};

/** The regions of one kernel, `kernel.part` each, released together. */
export interface Regions { make(part: string, words: number): Region; release(): void }

export const regionsOf = ({ arena }: Runtime, kernel: string): Regions => {
  const made: Region[] = [];
  return {
    make: (part, words) => {
      const region = arena.allocate(`${kernel}.${part}`, words);
      made.push(region);
      return region;
    },
    release: () => { for (const region of made.splice(0)) arena.release(region); },
  };
};
