/** What a sequence model is: its sizes, and one decoder that builds training graphs and serving graphs alike. */
import type { Value } from '../../nn/graph.ts';
import type { Build } from './blocks.ts';
import { hstu } from './hstu.ts';
import { sasrec } from './sasrec.ts';

export interface SequenceModel {
  readonly name: string;
  /** Length of a state and of an item's vector. */
  readonly width: number;
  /** Events that are read, counted from the last. */
  readonly window: number;
  /** Share of numbers dropped at each site while training. */
  readonly dropout: number;
  /** What cosines are divided by before the softmax. */
  readonly temperature: number;
  /** @param events [B, L, width] @returns states [B, L, width] */
  decode(build: Build, events: Value): Value;
}

export interface ModelSizes { readonly width: number; readonly blocks: number; readonly heads: number; readonly window: number; readonly dropout: number; readonly temperature: number }

export const sasrecModel = (sizes: ModelSizes): SequenceModel => ({ ...sizes, name: 'sasrec', decode: (build, events) => sasrec(build, events, sizes) });
export const journeyModel = (sizes: ModelSizes): SequenceModel => ({ ...sizes, name: 'journey', decode: (build, events) => hstu(build, events, sizes) });
