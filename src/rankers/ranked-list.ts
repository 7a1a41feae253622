/** A ranker's answer as columns: the best `limit` items by score, a reason and up to three actors each. */
import { orderBest } from '../memory/order.ts';
import { createScratch } from '../memory/scratch.ts';
import { reasonNumber, type ReasonCode } from './reasons.ts';

export const MAX_ACTORS = 3;

/**
 * A reason by number (see `because`) and who is named in it: a dense number, -1 for nobody; or which two skills (dense terms): the one
 * that the viewer has and the one that it leads to. Rankers make it once, not once per item.
 */
export interface Why { readonly reason: number; readonly actor: number; readonly terms?: { readonly known: number; readonly asked: number } }

export const because = (reason: ReasonCode, actor = -1): Why => ({ reason: reasonNumber(reason), actor });

export interface RankedList {
  /** After `finish`: how many, best first. */
  readonly size: number;
  readonly item: Int32Array;
  readonly score: Float32Array;
  readonly reason: Uint16Array;
  /** Actors of row r at r × MAX_ACTORS (dense number + 1; 0: none), and how many there were in all. Below 0 stand terms: see `termIn`. */
  readonly actors: Int32Array;
  readonly actorCount: Uint16Array;
  /** The same item again adds to its score; the reason of the largest part stands, with the actors who gave that reason. */
  add(item: number, score: number, why: Why): void;
  /** Adds a row of another list as it stands there: score, reason, and who gave it. */
  take(from: RankedList, row: number): void;
  /** Told of since the last clear and left out: no entity, or no score above 0. */
  readonly refused: number;
  /** Sorts and cuts to the limit. */
  finish(limit: number): void;
  clear(entities: number): void;
}

/** The term that stands in a place of actors, or -1: an actor or nobody does. Both are never named in one reason. */
export const termIn = (place: number): number => (place < 0 ? -place - 1 : -1);

const CAPACITY = 4096;
/** More than any ranker means: in 32 bits a larger sum would be no number. */
const MOST = 1e30;

/** What a list is filled in: columns of every candidate told of, and who stands where. */
const createFilling = () => ({
  row: createScratch(),
  item: new Int32Array(CAPACITY), score: new Float32Array(CAPACITY), part: new Float32Array(CAPACITY), reason: new Uint16Array(CAPACITY),
  actors: new Int32Array(CAPACITY * MAX_ACTORS), actorCount: new Uint16Array(CAPACITY), order: new Int32Array(CAPACITY),
});
type Filling = ReturnType<typeof createFilling>;

/** Lists that are filled one after the other use the same memory, which is then in the processor's cache. */
const idle: Filling[] = [];

const forgetActors = ({ actors, actorCount }: Filling, at: number): void => {
  for (let a = at * MAX_ACTORS; a < (at + 1) * MAX_ACTORS; a++) actors[a] = 0;
  actorCount[at] = 0;
};

const nameActor = ({ actors, actorCount }: Filling, at: number, actor: number): void => {
  const start = at * MAX_ACTORS;
  for (let i = start; i < start + MAX_ACTORS; i++) {
    if (actors[i] === actor + 1) return;
    if (actors[i] === 0) { actors[i] = actor + 1; break; }
  }
  actorCount[at] = (actorCount[at] ?? 0) + 1;
};

export const createRankedList = (): RankedList => {
  const item = new Int32Array(CAPACITY);
  const score = new Float32Array(CAPACITY);
  const reason = new Uint16Array(CAPACITY);
  const actors = new Int32Array(CAPACITY * MAX_ACTORS);
  const actorCount = new Uint16Array(CAPACITY);
  /** From the first candidate until the list is finished. */
  let filling: Filling | undefined;
  let size = 0;
  let known = 0;
  let refused = 0;

  const begin = (): Filling => {
    const memory = idle.pop() ?? createFilling();
    memory.row.clear(known);
    filling = memory;
    return memory;
  };
  /** Takes the rows named by the first `kept` of the order. */
  const gather = (from: Filling, kept: number): void => {
    for (let to = 0; to < kept; to++) {
      const at = from.order[to] ?? 0;
      item[to] = from.item[at] ?? 0;
      score[to] = from.score[at] ?? 0;
      reason[to] = from.reason[at] ?? 0;
      actorCount[to] = from.actorCount[at] ?? 0;
      for (let a = 0; a < MAX_ACTORS; a++) actors[to * MAX_ACTORS + a] = from.actors[at * MAX_ACTORS + a] ?? 0;
    }
  };
  const list: RankedList = {
    get size() { return size; },
    get refused() { return refused; },
    item, score, reason, actors, actorCount,
    take: (from, row) => {
      const candidate = from.item[row] ?? -1;
      list.add(candidate, from.score[row] ?? 0, { reason: from.reason[row] ?? 0, actor: -1 });
      const at = (filling?.row.values[candidate] ?? 0) - 1;
      if (filling === undefined || at < 0) return;
      for (let a = 0; a < MAX_ACTORS; a++) filling.actors[at * MAX_ACTORS + a] = from.actors[row * MAX_ACTORS + a] ?? 0;
      filling.actorCount[at] = from.actorCount[row] ?? 0;
    },
    add: (candidate, amount, why) => {
      // Whatever a ranker says, nothing but an entity with a score enters.
      if (!(amount > 0 && amount < MOST && candidate >= 0 && candidate < known && Number.isInteger(candidate))) { refused++; return; }
      const into = filling ?? begin();
      let at = (into.row.values[candidate] ?? 0) - 1;
      if (at < 0) {
        if (size === CAPACITY) return;
        at = size++;
        into.row.set(candidate, at + 1);
        into.item[at] = candidate; into.score[at] = 0; into.part[at] = -Infinity;
        forgetActors(into, at);
      }
      const { score: sums, part, reason: reasons, actors: named } = into;
      sums[at] = (sums[at] ?? 0) + amount;
      if (amount > (part[at] ?? 0)) {
        part[at] = amount;
        if (reasons[at] !== why.reason || why.terms !== undefined) forgetActors(into, at);
        reasons[at] = why.reason;
        if (why.terms !== undefined) { named[at * MAX_ACTORS] = -why.terms.known - 1; named[at * MAX_ACTORS + 1] = -why.terms.asked - 1; }
      }
      // "Ana and 2 others liked this" names those who liked it, not who posted it.
      if (why.actor >= 0 && reasons[at] === why.reason) nameActor(into, at, why.actor);
    },
    finish: (limit) => {
      if (filling === undefined) return;
      const { order, item: tie } = filling;
      for (let i = 0; i < size; i++) order[i] = i;
      // Ties go to the newer entity, so that equal scores order the same way everywhere.
      orderBest(order, { size, limit }, { score: filling.score, tie });
      size = Math.min(limit, size);
      gather(filling, size);
      idle.push(filling);
      filling = undefined;
    },
    clear: (entities) => { filling?.row.clear(entities); size = 0; known = entities; refused = 0; },
  };
  return list;
};
