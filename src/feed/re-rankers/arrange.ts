/**
 * Puts a list in its final order: at each place the best candidate that keeps every rule, and of those that are nearly as good the one least
 * like what stands just above it (maximal marginal relevance: Carbonell, Goldstein 1998). Nothing is lost and nothing stands twice.
 */
import type { ListRules } from './rules.ts';

export interface Diversity {
  /** How much of an item's standing likeness can take, 0 to 1; 0 leaves the order to value and rules. */
  readonly strength: number;
  /** How alike two candidates are, 0 to 1. */
  likeness(one: number, other: number): number;
}

/** Columns of the candidates by number; `order` is best first, and is rewritten. */
export interface Arrangeable {
  readonly size: number;
  readonly order: Int32Array;
  readonly value: ArrayLike<number>;
  readonly kind: ArrayLike<number>;
  /** Who brought it; 0 where nobody is known. */
  readonly maker: ArrayLike<number>;
}

/** Places that are compared for likeness; further down the rules alone decide. */
const DIVERSE_PLACES = 60;
/** Candidates of each kind that compete for a place by likeness. */
const COMPETING = 8;
/** Of what was placed before a candidate began to compete, the last so many are held against it. */
const FELT = 6;
/** The value that stands for nothing: that of the candidate at this place. */
const LOW_PLACE = 120;

/**
 * Rules are given up in this order, one after the other, where no candidate that is left keeps them all: distances between kinds, kinds in a
 * row, makers apart.
 */
export const RULES_KEPT = { all: 3, withoutKindApart: 2, makersAlone: 1, none: 0 } as const;

export interface Arranger { arrange(list: Arrangeable, rules: ListRules, diversity: Diversity): void }

/** One list while it is arranged. */
interface Asked { readonly list: Arrangeable; readonly rules: ListRules; readonly diversity: Diversity; readonly low: number; readonly span: number }
/** A place to be filled, and the rules that are still kept. */
interface Place { readonly place: number; readonly kept: number }

/** Memory of an arranger: candidates wait in a queue of their kind, best first, over places of the given order. */
const createMemory = (shape: { readonly capacity: number; readonly kinds: number }) => ({
  /** The first place of each queue, and behind each place the next; -1 at the end. */
  first: new Int32Array(shape.kinds), next: new Int32Array(shape.capacity),
  /** The kinds that the list has, and how many. */
  kinds: new Int32Array(shape.kinds), present: 0,
  placed: new Int32Array(shape.capacity), lastPlace: new Int32Array(shape.kinds),
  /** Of the place to be filled: the makers near it, how many, and the kind that may not follow itself once more, -1 for none. */
  nearMakers: new Int32Array(shape.capacity), near: 0, run: -1,
  /** By candidate: what likeness has left of it, and up to which place that was reckoned. */
  left: new Float64Array(shape.capacity), reckoned: new Int32Array(shape.capacity),
});
type Memory = ReturnType<typeof createMemory>;

const fillQueues = (memory: Memory, { size, order, kind }: Arrangeable): void => {
  const { first, next, lastPlace, left, reckoned, kinds } = memory;
  first.fill(-1);
  lastPlace.fill(-1);
  for (let at = size - 1; at >= 0; at--) {
    const c = order[at] ?? 0;
    // By candidate and not by place: a list may hold some of the candidates alone, the last among them.
    left[c] = 1;
    reckoned[c] = -1;
    const own = kind[c] ?? 0;
    next[at] = first[own] ?? -1;
    first[own] = at;
  }
  memory.present = 0;
  for (let own = 0; own < first.length; own++) if ((first[own] ?? -1) >= 0) kinds[memory.present++] = own;
};

/** Makes out what a place may not be given: makers of the places just above it, and a kind that fills as many of them as may follow each other. */
const lookAbove = (memory: Memory, { place, list: { kind, maker }, rules }: Asked & Place): void => {
  const { placed, nearMakers } = memory;
  memory.near = Math.min(rules.makerApart, place);
  for (let back = 1; back <= memory.near; back++) nearMakers[back - 1] = maker[placed[place - back] ?? 0] ?? 0;
  const last = place < rules.inARow ? -1 : (kind[placed[place - 1] ?? 0] ?? 0);
  memory.run = last;
  for (let back = 2; back <= rules.inARow && memory.run >= 0; back++) if (kind[placed[place - back] ?? 0] !== last) memory.run = -1;
};

const isMakerNear = ({ nearMakers, near }: Memory, own: number): boolean => {
  if (own === 0) return false;
  for (let i = 0; i < near; i++) if (nearMakers[i] === own) return true;
  return false;
};

/** Whether one of this kind may stand here, by the rules that are still kept. */
const mayStand = ({ lastPlace, run }: Memory, own: number, { place, kept, rules }: Asked & Place): boolean => {
  if (kept >= RULES_KEPT.all) {
    const apart = rules.kindApart[own] ?? 0;
    const before = lastPlace[own] ?? -1;
    if (apart > 0 && before >= 0 && place - before <= apart) return false;
  }
  return kept < RULES_KEPT.withoutKindApart || run !== own;
};

/** What is left of a candidate beside those that are placed: each pair is compared once. */
const standing = ({ placed, left, reckoned }: Memory, c: number, { place, diversity: { strength, likeness } }: Asked & Place): number => {
  for (let at = Math.max((reckoned[c] ?? -1) + 1, place - FELT); at < place; at++) left[c] = (left[c] ?? 1) * (1 - strength * likeness(c, placed[at] ?? 0));
  reckoned[c] = place - 1;
  return left[c] ?? 1;
};

/** Where a candidate waits: its place in the given order, and the one before it in its queue, -1 for none. */
interface Found { at: number; before: number }

/** The best that these rules let stand here; `at` -1 where there is none. */
const look = (memory: Memory, asked: Asked & Place, best: Found): void => {
  const { first, next, kinds, present } = memory;
  const { list: { order, value, maker }, low, span, place, kept, diversity } = asked;
  const compares = diversity.strength > 0 && place < DIVERSE_PLACES;
  let most = -1;
  best.at = -1;
  for (let i = 0; i < present; i++) {
    const own = kinds[i] ?? 0;
    if ((first[own] ?? -1) < 0 || !mayStand(memory, own, asked)) continue;
    let competing = compares ? COMPETING : 1;
    let before = -1;
    for (let at = first[own] ?? -1; at >= 0 && competing > 0; before = at, at = next[at] ?? -1) {
      const c = order[at] ?? 0;
      if (kept >= RULES_KEPT.makersAlone && isMakerNear(memory, maker[c] ?? 0)) continue;
      competing--;
      const worth = compares ? Math.max(0, ((value[c] ?? 0) - low) / span) * standing(memory, c, asked) : 0;
      if (best.at < 0 || worth > most || (worth === most && at < best.at)) { most = worth; best.at = at; best.before = before; }
    }
  }
};

/** @param shape the longest list, and how many kinds there are */
export const createArranger = (shape: { readonly capacity: number; readonly kinds: number }): Arranger => {
  const memory = createMemory(shape);
  const { first, next, placed, lastPlace } = memory;
  const best: Found = { at: -1, before: -1 };
  return {
    arrange: (list, rules, diversity) => {
      const { size, order, value } = list;
      fillQueues(memory, list);
      const low = value[order[Math.min(size, LOW_PLACE) - 1] ?? 0] ?? 0;
      const asked = { list, rules, diversity, low, span: Math.max(1e-9, (value[order[0] ?? 0] ?? 0) - low), place: 0, kept: 0 };
      for (let place = 0; place < size; place++) {
        asked.place = place;
        lookAbove(memory, asked);
        asked.kept = RULES_KEPT.all;
        do look(memory, asked, best); while (best.at < 0 && asked.kept-- > RULES_KEPT.none);
        const c = order[best.at] ?? 0;
        const own = list.kind[c] ?? 0;
        if (best.before < 0) first[own] = next[best.at] ?? -1; else next[best.before] = next[best.at] ?? -1;
        placed[place] = c;
        lastPlace[own] = place;
      }
      order.set(placed.subarray(0, size));
    },
  };
};
