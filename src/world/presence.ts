/** Who is about: a member who was not satisfied may stay away for a day, and some leave for good. */
import { DAY } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import type { Scalars } from './parameters.ts';
import type { Person } from './people.ts';
import { leaveProbability, returnProbability, satisfactionOf, type Tally } from './satisfaction.ts';

export interface Presence {
  /** @param at milliseconds since the epoch */
  isAbout(member: string, at: number): boolean;
  /** A session is over: decides the next day anew, so that the last session of a day counts. */
  ended(person: Person, session: { readonly at: number; readonly tally: Tally; readonly random: Random }): void;
  /** Members who left for good. */
  readonly gone: ReadonlySet<string>;
}

const dayOf = (at: number): number => Math.floor(at / DAY);

export const createPresence = (values: Scalars): Presence => {
  const away = new Map<string, number>();
  const gone = new Set<string>();
  return {
    gone,
    isAbout: (member, at) => !gone.has(member) && away.get(member) !== dayOf(at),
    ended: (person, { at, tally, random }) => {
      const satisfaction = satisfactionOf(tally, values);
      if (random.next() < returnProbability(person, satisfaction, values)) away.delete(person.ref);
      else away.set(person.ref, dayOf(at) + 1);
      if (random.next() < leaveProbability(satisfaction, values)) gone.add(person.ref);
    },
  };
};
