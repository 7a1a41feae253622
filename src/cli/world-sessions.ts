/** What a whole session would be under one order of the cards: how deep it goes, what is acted on, and whether its member comes back the next day. */
import type { Random } from '../core/random.ts';
import type { Person } from '../world/people.ts';
import { returnProbability, satisfactionOf } from '../world/satisfaction.ts';
import { depthOf } from '../world/session.ts';
import type { World } from '../world/world.ts';
import type { Pool } from './world-policies.ts';

/** Expectations over sessions: cards acted on, cards passed, and P(the member comes back the next day). */
export interface SessionFigures { readonly actions: number; readonly depth: number; readonly returns: number }

/** Sessions lived through for one expectation. */
const REPLAYS = 8;

/**
 * The mean of a few sessions. A stream of chance depends on the member, the replay and the card alone, so that every order of the same cards meets the
 * same luck, and what differs between two orders is their doing.
 */
export const sessionOf = (pool: Pool, order: ArrayLike<number>, of: { readonly person: Person; readonly world: World; readonly random: Random }): SessionFigures => {
  const { person, world: { values, truth } } = of;
  const sum = { actions: 0, depth: 0, returns: 0 };
  for (let replay = 0; replay < REPLAYS; replay++) {
    const random = of.random.fork(String(replay));
    let budget = depthOf({ person, random }, { values });
    let acted = 0; let annoyed = 0; let depth = 0;
    for (; depth < order.length && depth < Math.round(budget); depth++) {
      const card = order[depth] ?? 0;
      const own = random.fork(pool.cards[card]?.item ?? '');
      if (own.next() >= truth.examination(depth)) continue;
      if (own.next() < (pool.worth[card] ?? 0)) { acted++; budget = Math.min(values.depthMaximum, budget + values.depthPerAction); }
      if (own.next() < (pool.annoyance[card] ?? 0)) annoyed++;
    }
    sum.actions += acted;
    sum.depth += depth;
    sum.returns += returnProbability(person, satisfactionOf({ acted, annoyed }, values), values);
  }
  return { actions: sum.actions / REPLAYS, depth: sum.depth / REPLAYS, returns: sum.returns / REPLAYS };
};
