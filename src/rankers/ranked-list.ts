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

// Where columns wait while they are put in order; lists are finished one at a time.
const spare = { item: new Int32Array(CAPACITY), score: new Float32Array(CAPACITY), reason: new Uint16Array(CAPACITY), actorCount: new Uint16Array(CAPACITY), actors: new Int32Array(CAPACITY * MAX_ACTORS) };

export const createRankedList = (): RankedList => {
  const item = new Int32Array(CAPACITY);
  const score = new Float32Array(CAPACITY);
  const part = new Float32Array(CAPACITY);
  const reason = new Uint16Array(CAPACITY);
  const actors = new Int32Array(CAPACITY * MAX_ACTORS);
  const actorCount = new Uint16Array(CAPACITY);
  const row = createScratch();
  const order = new Int32Array(CAPACITY);
  let size = 0;
  let known = 0;
  let refused = 0;

  const forgetActors = (at: number): void => {
    for (let a = at * MAX_ACTORS; a < (at + 1) * MAX_ACTORS; a++) actors[a] = 0;
    actorCount[at] = 0;
  };
  const nameActor = (at: number, actor: number): void => {
    const start = at * MAX_ACTORS;
    for (let i = start; i < start + MAX_ACTORS; i++) {
      if (actors[i] === actor + 1) return;
      if (actors[i] === 0) { actors[i] = actor + 1; break; }
    }
    actorCount[at] = (actorCount[at] ?? 0) + 1;
  };
  /** The rows named by the first `kept` of `order` become rows 0, 1, 2 … */
  const gather = (kept: number): void => {
    for (let to = 0; to < kept; to++) {
      const at = order[to] ?? 0;
      spare.item[to] = item[at] ?? 0;
      spare.score[to] = score[at] ?? 0;
      spare.reason[to] = reason[at] ?? 0;
      spare.actorCount[to] = actorCount[at] ?? 0;
      for (let a = 0; a < MAX_ACTORS; a++) spare.actors[to * MAX_ACTORS + a] = actors[at * MAX_ACTORS + a] ?? 0;
    }
    item.set(spare.item.subarray(0, kept));
    score.set(spare.score.subarray(0, kept));
    reason.set(spare.reason.subarray(0, kept));
    actorCount.set(spare.actorCount.subarray(0, kept));
    actors.set(spare.actors.subarray(0, kept * MAX_ACTORS));
  };
  return {
    get size() { return size; },
    get refused() { return refused; },
    item, score, reason, actors, actorCount,
    add: (candidate, amount, why) => {
      // Whatever a ranker says, nothing but an entity with a score enters.
      if (!(amount > 0 && amount < MOST && candidate >= 0 && candidate < known && Number.isInteger(candidate))) { refused++; return; }
      let at = (row.values[candidate] ?? 0) - 1;
      if (at < 0) {
        if (size === CAPACITY) return;
        at = size++;
        row.set(candidate, at + 1);
        item[at] = candidate; score[at] = 0; part[at] = -Infinity;
        forgetActors(at);
      }
      score[at] = (score[at] ?? 0) + amount;
      if (amount > (part[at] ?? 0)) {
        part[at] = amount;
        if (reason[at] !== why.reason || why.terms !== undefined) forgetActors(at);
        reason[at] = why.reason;
        if (why.terms !== undefined) { actors[at * MAX_ACTORS] = -why.terms.known - 1; actors[at * MAX_ACTORS + 1] = -why.terms.asked - 1; }
      }
      // "Ana and 2 others liked this" names those who liked it, not who posted it.
      if (why.actor >= 0 && reason[at] === why.reason) nameActor(at, why.actor);
    },
    finish: (limit) => {
      for (let i = 0; i < size; i++) order[i] = i;
      // Ties go to the newer entity, so that equal scores order the same way everywhere.
      orderBest(order, { size, limit }, { score, tie: item });
      size = Math.min(limit, size);
      gather(size);
    },
    clear: (entities) => { row.clear(entities); size = 0; known = entities; refused = 0; },
  };
};
