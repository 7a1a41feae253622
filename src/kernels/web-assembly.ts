/** The few parts of WebAssembly that are used: Node's type packages leave it out, and the whole browser's types would come with it. */

export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  /** Adds pages of 64 KiB; throws a RangeError beyond the maximum, or when there is no more. */
  grow(pages: number): number;
}

/** What a module exports, by name; addresses and counts are plain numbers. */
export type Exports = Readonly<Record<KernelName, (...words: readonly number[]) => number>>;

export type KernelName = 'dotRange' | 'dotRows' | 'firstOutside' | 'gemm' | 'fold' | 'lightHead' | 'weighAll' | 'rowMeans' | 'rowSums' | 'topK';

export interface WebAssemblyApi {
  readonly validate: (bytes: Uint8Array) => boolean;
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number; readonly shared: true }) => SharedMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: { readonly env: { readonly memory: SharedMemory } }) => { readonly exports: Exports };
}

declare const WebAssembly: WebAssemblyApi | undefined;

/** Undefined where it is switched off, as by `node --jitless`. */
export const webAssembly = (): WebAssemblyApi | undefined => (typeof WebAssembly === 'undefined' ? undefined : WebAssembly);
