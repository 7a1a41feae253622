/** A ranker's answer as columns: the best `limit` items by score, a reason and up to three actors each. */
import { createScratch } from '../memory/scratch.ts';
import { reasonNumber, type ReasonCode } from './reasons.ts';

export const MAX_ACTORS = 3;

export interface Why { readonly reason: ReasonCode; readonly actor?: number }

export interface RankedList {
  /** After `finish`: how many, best first. */
  readonly size: number;
  readonly item: Int32Array;
  readonly score: Float32Array;
  readonly reason: Uint16Array;
  /** Actors of row r at r × MAX_ACTORS (dense number + 1; 0: none), and how many there were in all. */
  readonly actors: Int32Array;
  readonly actorCount: Uint16Array;
  /** The same item again adds to its score; the reason of the largest part stands, with the actors who gave that reason. */
  add(item: number, score: number, why: Why): void;
  /** Sorts and cuts to the limit. */
  finish(limit: number): void;
  clear(entities: number): void;
}

const CAPACITY = 4096;

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

  const nameActor = (at: number, actor: number): void => {
    const start = at * MAX_ACTORS;
    for (let i = start; i < start + MAX_ACTORS; i++) {
      if (actors[i] === actor + 1) return;
      if (actors[i] === 0) { actors[i] = actor + 1; break; }
    }
    actorCount[at] = (actorCount[at] ?? 0) + 1;
  };
  const reorder = (columns: readonly (Int32Array | Float32Array | Uint16Array)[], kept: number): void => {
    for (const column of columns) {
      const copy = column.slice(0, size);
      for (let i = 0; i < kept; i++) column[i] = copy[order[i] ?? 0] ?? 0;
    }
  };
  return {
    get size() { return size; },
    item, score, reason, actors, actorCount,
    add: (candidate, amount, why) => {
      let at = (row.values[candidate] ?? 0) - 1;
      if (at < 0) {
        if (size === CAPACITY || !Number.isFinite(amount)) return;
        at = size++;
        row.set(candidate, at + 1);
        item[at] = candidate; score[at] = 0; part[at] = -Infinity; actorCount[at] = 0;
        actors.fill(0, at * MAX_ACTORS, (at + 1) * MAX_ACTORS);
      }
      score[at] = (score[at] ?? 0) + amount;
      const number = reasonNumber(why.reason);
      if (amount > (part[at] ?? 0)) {
        part[at] = amount;
        if (reason[at] !== number) { actors.fill(0, at * MAX_ACTORS, (at + 1) * MAX_ACTORS); actorCount[at] = 0; }
        reason[at] = number;
      }
      // "Ana and 2 others liked this" names those who liked it, not who posted it.
      if (why.actor !== undefined && reason[at] === number) nameActor(at, why.actor);
    },
    finish: (limit) => {
      const kept = Math.min(limit, size);
      for (let i = 0; i < size; i++) order[i] = i;
      // Ties go to the newer entity, so that equal scores order the same way everywhere.
      order.subarray(0, size).sort((a, b) => (score[b] ?? 0) - (score[a] ?? 0) || (item[b] ?? 0) - (item[a] ?? 0));
      const actorsBefore = actors.slice(0, size * MAX_ACTORS);
      for (let i = 0; i < kept; i++) for (let a = 0; a < MAX_ACTORS; a++) actors[i * MAX_ACTORS + a] = actorsBefore[(order[i] ?? 0) * MAX_ACTORS + a] ?? 0;
      reorder([item, score, reason, actorCount], kept);
      size = kept;
    },
    clear: (entities) => { row.clear(entities); size = 0; },
  };
};
