/** How the heap of a server may grow. */
import { setFlagsFromString } from 'node:v8';

/**
 * What lives in the heap of a server is little, for its columns lie outside, so V8 lets it grow by a few megabytes before it marks all of it again: every
 * few seconds at 100 pages a second, and for 20 to 60 ms where server and marking threads share a core. At five times what lives that is rare, and
 * costs about a hundred megabytes (bench/RESULTS.md). It holds for the whole process: for programs that do nothing but serve.
 */
export const letHeapGrow = (): void => { setFlagsFromString('--heap-growing-percent=400'); };
