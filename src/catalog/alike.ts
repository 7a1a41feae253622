/** Members who say the same of themselves: where they live, and what they work as. */
import type { Space } from '../memory/space.ts';
import { openLists, type Lists } from '../memory/structures.ts';
import { openDictionary, type Dictionary } from '../memory/tables.ts';
import { normalise } from './carriers.ts';
import type { StoredEntity } from './records.ts';

export const TRAITS = ['place', 'role'] as const;
export type Trait = (typeof TRAITS)[number];

/** Members kept under one place or one role: the newest. */
const KEPT = 512;

export interface Alike {
  /** Places and roles as they are compared ("place Berlin" and "role Berlin" are two), and as members spell them. */
  readonly traits: Dictionary;
  /** Member → the number of their place (or role), and of how they spell it; empty for who says nothing. */
  readonly of: Readonly<Record<Trait, Lists>>;
  /** Place (or role) → who names it, the newest last. */
  readonly with: Readonly<Record<Trait, Lists>>;
  /** As this member spells it; undefined for who says nothing. */
  spelled(trait: Trait, member: number): string | undefined;
  /** What an entity says of itself from now on; undefined: nothing. Writer only, as what follows. */
  describe(number: number, entity: StoredEntity | undefined): void;
  /** Forgets words that nobody uses any more. @param entities how many there are */
  forgetUnused(entities: number): void;
}

interface Position { readonly title?: unknown; readonly from?: unknown; readonly to?: unknown }

/** The title of the position that goes on, or ended last; else the headline up to where it names an employer. */
const roleOf = ({ attributes }: StoredEntity): string | undefined => {
  const positions = Array.isArray(attributes['positions']) ? (attributes['positions'] as readonly Position[]) : [];
  const month = (value: unknown, absent: string): string => (typeof value === 'string' ? value : absent);
  const [latest] = positions.toSorted((a, b) => month(b.to, '9999-12').localeCompare(month(a.to, '9999-12')) || month(b.from, '').localeCompare(month(a.from, '')));
  if (typeof latest?.title === 'string') return latest.title;
  const { headline } = attributes;
  return typeof headline === 'string' ? headline.split(/ at | @ |[|·,]/u, 1)[0] : undefined;
};

const said = (entity: StoredEntity, trait: Trait): string | undefined => {
  const text = trait === 'role' ? roleOf(entity) : entity.attributes['place'];
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
};

const SEPARATOR = '\n';
const SPELLED = 'spelled';

export const openAlike = (space: Space): Alike => {
  const traits = openDictionary(space, 'traits');
  const lists = (name: string, keep?: number): Record<Trait, Lists> =>
    ({ place: openLists(space, `place.${name}`, keep === undefined ? {} : { keep }), role: openLists(space, `role.${name}`, keep === undefined ? {} : { keep }) });
  const of = lists('of');
  const having = lists('with', KEPT);
  return {
    traits, of, with: having,
    spelled: (trait, member) => {
      const [, spelling] = of[trait].values(member);
      return spelling === undefined ? undefined : traits.name(spelling).split(SEPARATOR)[1];
    },
    describe: (number, entity) => {
      for (const trait of TRAITS) {
        const [before] = of[trait].values(number);
        const text = entity?.kind === 'member' ? said(entity, trait) : undefined;
        const now = text === undefined ? undefined : traits.intern(`${trait}${SEPARATOR}${normalise(text)}`);
        if (before !== undefined && before !== now) having[trait].remove(before, number);
        if (now !== undefined && before !== now) having[trait].push(now, number);
        if (now === undefined || text === undefined) of[trait].clear(number);
        else of[trait].set(number, [now, traits.intern(`${SPELLED} ${trait}${SEPARATOR}${text.slice(0, 120)}`)]);
      }
    },
    forgetUnused: (entities) => {
      const inUse = new Set<number>();
      for (const trait of TRAITS) for (let number = 0; number < entities; number++) for (const used of of[trait].values(number)) inUse.add(used);
      const unused: number[] = [];
      for (let trait = 0; trait < traits.size(); trait++) if (!inUse.has(trait) && traits.name(trait) !== '') unused.push(trait);
      traits.forget(...unused);
    },
  };
};
