/**
 * Members of a music service (HetRec 2011, Last.fm 2K), whom they are friends with and what they listen to: real ties beside real deeds. A tenth of the friendships is
 * hidden. Its listenings have no times: each member's artists stand in an order by chance. Artists with small audiences stand for groups, and the six
 * most listened to for what a profile declares.
 */
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { systemClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { fitJourney } from '../../src/models/journey/fit.ts';
import { CONTENT_BUCKETS, CONTENT_WIDTH, contentId } from '../../src/models/sequences/content.ts';
import type { SequenceData, Split } from '../../src/models/sequences/data.ts';
import { sample } from '../../src/world/chance.ts';
import { askedOf, stateAndVectors, type Acquaintances } from './acquaintances.ts';

const HIDDEN = 0.1;
const DECLARED = 6;
/** Listeners of an artist who make a group. */
const GROUP = { least: 2, most: 40 } as const;

const tableOf = (folder: string, file: string): readonly (readonly string[])[] => gunzipSync(readFileSync(join(folder, `${file}.gz`))).toString('utf8').trim().split('\n').slice(1).map((line) => line.trim().split('\t'));

interface Listeners { readonly refs: readonly string[]; /** By member: names of artists, the most listened to first. */ readonly artists: readonly (readonly string[])[]; readonly friends: readonly (readonly number[])[] }

const read = (folder: string): Listeners => {
  const names = new Map(tableOf(folder, 'artists.tsv').map(([id = '', name = '']) => [id, name]));
  const heard = new Map<string, { readonly name: string; readonly times: number }[]>();
  for (const [user = '', artist = '', times] of tableOf(folder, 'user_artists.dat')) heard.set(user, [...heard.get(user) ?? [], { name: names.get(artist) ?? artist, times: Number(times) }]);
  const users = [...heard.keys()];
  const numbers = new Map(users.map((user, number) => [user, number]));
  const friends = users.map((): number[] => []);
  for (const [user = '', friend = ''] of tableOf(folder, 'user_friends.dat')) { const other = numbers.get(friend); if (other !== undefined) friends[numbers.get(user) ?? -1]?.push(other); }
  return { refs: users.map((user) => `member:${user}`), artists: users.map((user) => (heard.get(user) ?? []).sort((a, b) => b.times - a.times).map(({ name }) => name)), friends };
};

const dataOf = ({ refs, artists }: Listeners, random: ReturnType<typeof seededRandom>): { readonly data: SequenceData; readonly split: Split } => {
  const known = [...new Set(artists.flat())];
  const numbers = new Map(known.map((name, number) => [name, number]));
  const order = artists.map((own) => sample(random, own.map((name) => numbers.get(name) ?? 0), own.length));
  const starts = Int32Array.from({ length: refs.length + 1 }, () => 0);
  order.forEach((own, m) => { starts[m + 1] = (starts[m] ?? 0) + own.length; });
  const items = known.length + refs.length;
  const features = new Uint16Array(items * CONTENT_WIDTH);
  known.forEach((name, item) => { features.set([contentId('k:artist'), contentId(`t:${name}`)], item * CONTENT_WIDTH); });
  artists.forEach((own, m) => { features.set([contentId('k:member'), ...own.slice(0, DECLARED).map((name) => contentId(`t:${name}`))], (known.length + m) * CONTENT_WIDTH); });
  const last = Int32Array.from(refs, (_, m) => Math.max(starts[m] ?? 0, (starts[m + 1] ?? 0) - 1));
  return {
    data: {
      members: refs.length, items, starts, item: Int32Array.from(order.flat()), content: { width: CONTENT_WIDTH, buckets: CONTENT_BUCKETS, features },
      memberNames: refs.map((_, m) => String(m)), itemNames: [...known.map((name) => `artist:${name}`), ...refs],
    },
    split: { protocol: 'the last of each member\'s artists chooses', trainEnds: last, validation: last.map((event, m) => (event > (starts[m] ?? 0) ? event : -1)), test: new Int32Array(refs.length).fill(-1) },
  };
};

export const listeners = async (folder: string, seed: number): Promise<Acquaintances> => {
  const random = seededRandom(seed);
  const found = read(folder);
  const { refs, artists, friends } = found;
  const hidden = new Set(friends.flatMap((own, m) => own.flatMap((other) => (m < other && random.next() < HIDDEN ? [`${m} ${other}`] : []))));
  const isHidden = (one: number, other: number): boolean => hidden.has(`${Math.min(one, other)} ${Math.max(one, other)}`);
  const shown = friends.map((own, m) => own.filter((other) => !isHidden(m, other)));
  const audiences = new Map<string, number[]>();
  artists.forEach((own, m) => { for (const name of own) audiences.set(name, [...audiences.get(name) ?? [], m]); });
  const { data, split } = dataOf(found, random);
  const fitted = await fitJourney(data, { seed, clock: systemClock, split });
  const embedded = await stateAndVectors(fitted, data, { members: refs.map((_, m) => m), items: refs.map((_, m) => data.items - refs.length + m) });
  const asked = refs.map((_, member) => askedOf({
    member, embedded, friends: shown, tied: shown[member] ?? [],
    shared: [[], [], (artists[member] ?? []).map((name) => audiences.get(name) ?? []).filter(({ length }) => length >= GROUP.least && length <= GROUP.most)],
    isHidden: (other) => isHidden(member, other), isLater: () => false,
  }));
  return { asked, ties: { hidden: { all: 2 * hidden.size, found: asked.reduce((sum, each) => sum + each.hidden.reduce((ones, one) => ones + one, 0), 0) }, later: { all: 0, found: 0 } }, events: data.item.length };
};
