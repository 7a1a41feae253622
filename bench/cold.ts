// Cold start of the journey model: recall@10 by how often an item was touched and by how much of the member is known, beside ids alone and content alone.
import { DAY, SECOND, systemClock } from '../src/core/clock.ts';
import { seededRandom } from '../src/core/random.ts';
import { openLmdbLog } from '../src/log/lmdb.ts';
import { clusterBootstrap } from '../src/models/metrics.ts';
import { fitJourney, type FittedJourney } from '../src/models/journey/fit.ts';
import { dataBefore } from '../src/models/journey/past.ts';
import { contentId } from '../src/models/sequences/content.ts';
import type { SequenceData } from '../src/models/sequences/data.ts';
import { createEncoder } from '../src/models/sequences/encoder.ts';
import { isTarget, readSequences, trainingSplit, type LogSequences } from '../src/models/sequences/from-log.ts';
import { createScorer } from '../src/models/sequences/scorer.ts';
import { logFolder } from '../src/platform/open.ts';
import { sample } from '../src/world/chance.ts';
import { machine } from './lib/machine.ts';

const [folder, seed = '1', most = '4000'] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: npm run bench -- cold <folder of a store> [seed] [most events that are predicted]');
const random = seededRandom(Number(seed));
const print = (text: string): void => { process.stdout.write(`${text}\n`); };

const TOP = 10;
/** Popular is what was touched in so many days before the moment that is asked about, what came after learning ended included. */
const POPULAR_DAYS = 7;
type Data = LogSequences['data'];

/** An event that is predicted: event `event` of `member`, who is read up to it. */
interface Asked { readonly member: number; readonly event: number; readonly item: number; readonly seconds: number }

/** What is learned from lies before the moment; what is asked for is each later action that a member does because they like an item, on one that is new to them. */
const askedOf = (data: Data, cutoff: number): Asked[] => {
  const asked: Asked[] = [];
  for (let member = 0; member < data.members; member++) {
    const seen = new Set<number>();
    for (let event = data.starts[member] ?? 0; event < (data.starts[member + 1] ?? 0); event++) {
      const [item = 0, seconds = 0] = [data.item[event], data.seconds[event]];
      if (seconds >= cutoff && !seen.has(item) && isTarget(data, event)) asked.push({ member, event, item, seconds });
      seen.add(item);
    }
  }
  return asked;
};

/** Moments at which each item was touched, in order of time. */
const touchesOf = ({ items, item, seconds }: Data): readonly Float64Array[] => {
  const touches = Array.from({ length: items }, (): number[] => []);
  item.forEach((each, event) => { touches[each]?.push(seconds[event] ?? 0); });
  return touches.map((each) => Float64Array.from(each).sort());
};
const countBefore = (sorted: Float64Array, moment: number): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) { const middle = (low + high) >>> 1; if ((sorted[middle] ?? 0) < moment) low = middle + 1; else high = middle; }
  return low;
};

/** Scores of all items for one who is asked about, [items]. */
type Ranker = (asked: Asked, row: number, out: Float32Array) => void;

const product = (state: Float32Array, vectors: Float32Array, out: Float32Array): void => {
  for (let item = 0, at = 0; item < out.length; item++) {
    let sum = 0;
    for (let i = 0; i < state.length; i++, at++) sum += (state[i] ?? 0) * (vectors[at] ?? 0);
    out[item] = sum;
  }
};

/** Vectors of items, and states of those asked about: of their events, or of their profile where they have none. */
const rankBy = async (fitted: FittedJourney, data: Data, { asked, profiles, gates }: { readonly asked: readonly Asked[]; readonly profiles: Int32Array; readonly gates?: Float32Array }): Promise<Ranker> => {
  const facts = gates === undefined ? fitted.facts : { ...fitted.facts, gates };
  const scorer = createScorer(fitted.model, fitted.arena, facts);
  await scorer.refresh();
  const { width } = fitted.model;
  const states = new Float32Array(asked.length * width);
  const encoder = createEncoder(fitted.model, fitted.arena, facts);
  await encoder.encode(data, { members: Int32Array.from(asked, ({ member }) => member), ends: Int32Array.from(asked, ({ event }) => event), seconds: Float64Array.from(asked, ({ seconds }) => seconds) }, states);
  const vectors = Float32Array.from(scorer.vectors);
  await encoder.close();
  await scorer.close();
  return ({ member, event }, row, out) => {
    const own = event === data.starts[member] ? vectors.subarray((profiles[member] ?? 0) * width, ((profiles[member] ?? 0) + 1) * width) : states.subarray(row * width, (row + 1) * width);
    product(own, vectors, out);
  };
};

/** Whether the item that came is among the best ten of those that were there at the moment and are new to the member; of equals, as many as there is room for by chance. */
const hitOf = (data: Data, { scores, firsts }: { readonly scores: Float32Array; readonly firsts: Float64Array }, { member, event, item, seconds }: Asked): number => {
  const seen = new Set(data.item.subarray(data.starts[member] ?? 0, event));
  const own = scores[item] ?? 0;
  let [above, equal] = [0, 0];
  for (let other = 0; other < scores.length; other++) {
    if (other === item || (firsts[other] ?? Infinity) > seconds || seen.has(other)) continue;
    const score = scores[other] ?? 0;
    if (score > own) above++; else if (score === own) equal++;
  }
  return Math.min(1, Math.max(0, TOP - above) / (equal + 1));
};

/** Those of whom nothing is known, few events, and more. */
interface Column { readonly name: string; readonly holds: (known: number) => boolean }
const columnsOf = (few: number): readonly Column[] => [
  { name: 'all', holds: () => true }, { name: '0', holds: (known) => known === 0 },
  { name: `1 to ${few - 1}`, holds: (known) => known > 0 && known < few }, { name: `${few} or more`, holds: (known) => known >= few },
];

/** Members by their references: the number of an item that stands for each one's profile. The order of members is that of the data. */
const readWithProfiles = async (): Promise<{ readonly data: Data; readonly profiles: Int32Array }> => {
  const log = await openLmdbLog({ folder: logFolder(folder), clock: systemClock, readOnly: true });
  try {
    const names = new Set<string>();
    for await (const { records } of log.read(log.end().map(({ partition }) => ({ partition, sequence: 0 })))) for (const { member } of records) if (member !== undefined) names.add(member);
    const found = await readSequences(log, { items: new Set([...names].map((name) => `member:${name}`)) });
    const profiles = new Int32Array(found.data.members).fill(-1);
    const features = Uint16Array.from(found.data.content.features);
    const { width } = found.data.content;
    const isMember = contentId('k:member');
    for (const name of names) {
      const [member, item] = [found.memberOf(name), found.itemOf(`member:${name}`)];
      if (member < 0 || item < 0) continue;
      profiles[member] = item;
      // That somebody is a member says nothing of what they are about (src/models/journey/profile.ts).
      for (let f = item * width; f < (item + 1) * width; f++) if (features[f] === isMember) features[f] = 0;
    }
    return { data: { ...found.data, content: { ...found.data.content, features } }, profiles };
  } finally { await log.close(); }
};

const { data, profiles } = await readWithProfiles();
const cutoff = trainingSplit(data).cutoffs?.validation ?? 0;
const all = askedOf(data, cutoff);
const asked = sample(random.fork('sample'), all, Number(most));
const touches = touchesOf(data);
const firsts = Float64Array.from(touches, (each) => each[0] ?? Infinity);
const learnedTouches = touches.map((each) => countBefore(each, cutoff));
print(`${machine()}\n\n${data.item.length} events of ${data.members} members on ${data.items} items; learned from before ${new Date(cutoff * 1000).toISOString().slice(0, 10)}; ${asked.length} of ${all.length} later first actions are predicted, among the items that were there and are new to the member; seed ${seed}.\n`);

const fit = async (of: SequenceData): Promise<FittedJourney> => fitJourney(of, { seed: Number(seed), clock: systemClock, onEvent: (event) => { if (event.type === 'epoch') process.stderr.write(`epoch ${event.epoch + 1}: loss ${event.loss.toFixed(3)}, ${event.metric.toFixed(4)}\n`); } });
const before = dataBefore(data, cutoff);
const both = await fit(before);
const { content: _content, ...withoutContent } = before;
const byIds = await fit(withoutContent);
const rankers: readonly (readonly [string, Ranker])[] = [
  ['journey model', await rankBy(both, data, { asked, profiles })],
  ['the same, content alone', await rankBy(both, data, { asked, profiles, gates: new Float32Array(data.items) })],
  ['trained on ids alone', await rankBy(byIds, data, { asked, profiles })],
  [`popularity of ${POPULAR_DAYS} days`, ({ seconds }, _row, out) => { touches.forEach((each, item) => { out[item] = countBefore(each, seconds) - countBefore(each, seconds - POPULAR_DAYS * DAY / SECOND); }); }],
  ['popularity', (_asked, _row, out) => { out.set(learnedTouches); }],
];
const out = new Float32Array(data.items);
const hits = rankers.map(([, score]) => Float64Array.from(asked, (each, row) => { score(each, row, out); return hitOf(data, { scores: out, firsts }, each); }));
const clusters = asked.map(({ member }) => member);
const knownOf = { item: asked.map(({ item }) => learnedTouches[item] ?? 0), member: asked.map(({ member, event }) => event - (data.starts[member] ?? 0)) };
const cell = (values: Float64Array, rows: readonly number[]): string => {
  if (rows.length === 0) return '';
  const { mean, low, high } = clusterBootstrap(rows.map((row) => values[row] ?? 0), rows.map((row) => clusters[row] ?? 0), { random: random.fork('interval') });
  return `${mean.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;
};
for (const { title, known, few } of [{ title: 'events of the item that were learned from', known: knownOf.item, few: 5 }, { title: 'events of the member before', known: knownOf.member, few: 10 }]) {
  const columns = columnsOf(few).map(({ name, holds }) => ({ name, rows: asked.flatMap((_each, row) => (holds(known[row] ?? 0) ? [row] : [])) }));
  print(`| recall@${TOP}, by ${title} | ${columns.map(({ name, rows }) => `${name} (${rows.length})`).join(' | ')} |\n|---|${columns.map(() => '---|').join('')}`);
  rankers.forEach(([name], r) => { print(`| ${name} | ${columns.map(({ rows }) => cell(hits[r] ?? new Float64Array(), rows)).join(' | ')} |`); });
  print('');
}
