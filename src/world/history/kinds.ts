/** What a plain feed of the history shows, and what can be done to each kind of it. */
import { RESPONSES, RESPONSE_NAMES } from '../parameters.ts';
import { REPEATABLE, UNWILLING } from '../truth.ts';

/** Kinds that a plain feed shows: each has two topics at most. */
export const KINDS: readonly string[] = ['article', 'post', 'job', 'group', 'event', 'newsletter', 'course'];
const KIND_NUMBERS: ReadonlyMap<string, number> = new Map(KINDS.map((kind, number) => [kind, number]));
/** What no feed shows. */
const OTHER = KINDS.length;
export const kindNumber = (kind: string): number => KIND_NUMBERS.get(kind) ?? OTHER;

/** What can be done to one kind, as columns: number of the response, its weights, and how it is drawn. */
export interface KindTable {
  readonly responses: Uint8Array;
  readonly bias: Float64Array;
  readonly interest: Float64Array;
  readonly tie: Float64Array;
  readonly quality: Float64Array;
  readonly freshness: Float64Array;
  /** 1, or -1 for what is done out of dislike. */
  readonly mood: Float64Array;
  readonly repeatable: Uint8Array;
}

export interface ResponseTable {
  readonly kinds: readonly KindTable[];
  /** Most responses of one kind. */
  readonly most: number;
  /** Writes what logits of an item of this kind and quality begin with. */
  fill(into: Float64Array, kind: number, quality: number): void;
}

export const createResponseTable = (): ResponseTable => {
  const kinds = KINDS.map((kind): KindTable => {
    const names = RESPONSE_NAMES.filter((name) => (RESPONSES[name].kinds as readonly string[]).includes(kind));
    const column = (of: (name: (typeof names)[number]) => number): Float64Array => Float64Array.from(names, of);
    return {
      responses: Uint8Array.from(names, (name) => RESPONSE_NAMES.indexOf(name)), repeatable: Uint8Array.from(names, (name) => (REPEATABLE.has(name) ? 1 : 0)),
      bias: column((name) => RESPONSES[name].bias), interest: column((name) => RESPONSES[name].interest), tie: column((name) => RESPONSES[name].tie),
      quality: column((name) => RESPONSES[name].quality), freshness: column((name) => RESPONSES[name].freshness), mood: column((name) => (UNWILLING.has(name) ? -1 : 1)),
    };
  });
  return {
    kinds, most: Math.max(...kinds.map(({ responses }) => responses.length)),
    fill: (into, kind, quality) => {
      const table = kinds[kind];
      if (table === undefined) return;
      for (let r = 0; r < table.responses.length; r++) into[r] = (table.bias[r] ?? 0) + (table.quality[r] ?? 0) * quality;
    },
  };
};
