// The re-ranker on generated lists: rules broken in a million of them, its time, and how much likeness it takes out of a page for how much value.
import { normal, seededRandom, type Random } from '../src/core/random.ts';
import { createArranger, type Arrangeable, type Diversity } from '../src/feed/re-rankers/arrange.ts';
import { STRENGTH } from '../src/feed/re-rankers/diversity.ts';
import { LIST_RULES } from '../src/feed/re-rankers/rules.ts';
import { machine } from './lib/machine.ts';

const LISTS = Number(process.argv[2] ?? 1_000_000);
const SIZES = [40, 80, 200];
const PAGE = 20;
const TOPICS = 12;
const KINDS = [2, 3, 4, 0];
const SHARES = [0.45, 0.35, 0.12, 0.08];

interface List extends Arrangeable { readonly topic: Int32Array }

const random: Random = seededRandom(1);
const below = (n: number): number => Math.floor(random.next() * n);
const drawKind = (): number => {
  let left = random.next();
  return KINDS[SHARES.findIndex((share) => (left -= share) < 0)] ?? 0;
};

/** A viewer likes some topics more than others, so that what is best is also alike. */
const draw = (size: number): List => {
  const taste = Array.from({ length: TOPICS }, () => normal(random));
  const topic = Int32Array.from({ length: size }, () => below(TOPICS));
  const value = Float64Array.from(topic, (each) => 1 / (1 + Math.exp(3 - (taste[each] ?? 0) - 0.5 * normal(random))));
  return {
    size, topic, value, kind: Int32Array.from({ length: size }, drawKind), maker: Int32Array.from({ length: size }, () => below(15)),
    order: Int32Array.from({ length: size }, (_, c) => c).sort((a, b) => (value[b] ?? 0) - (value[a] ?? 0)),
  };
};

const likenessIn = ({ topic, kind, maker }: List) => (one: number, other: number): number =>
  Math.min(1, (topic[one] === topic[other] ? 0.9 : 0) + (kind[one] === kind[other] ? 0.1 : 0) + (maker[one] !== 0 && maker[one] === maker[other] ? 0.3 : 0));

/** Rules kept by a candidate at a place, 3 to 0, by their words. */
const keeps = ({ order, kind, maker }: List, place: number, c: number): number => {
  for (let back = 1; back <= LIST_RULES.makerApart && back <= place; back++) if (maker[c] !== 0 && maker[order[place - back] ?? 0] === maker[c]) return 0;
  let run = 0;
  while (run < LIST_RULES.inARow && run < place && kind[order[place - run - 1] ?? 0] === kind[c]) run++;
  if (run === LIST_RULES.inARow) return 1;
  for (let back = 1; back <= (LIST_RULES.kindApart[kind[c] ?? 0] ?? 0) && back <= place; back++) if (kind[order[place - back] ?? 0] === kind[c]) return 2;
  return 3;
};

/** Places at which something that was left would have kept more of the rules; and items lost or repeated. */
const faults = (list: List): number => {
  let found = 0;
  const seen = new Uint8Array(list.size);
  for (let place = 0; place < list.size; place++) {
    const c = list.order[place] ?? 0;
    found += seen[c] ?? 0;
    seen[c] = 1;
    const own = keeps(list, place, c);
    for (let below = place + 1; own < 3 && below < list.size; below++) if (keeps(list, place, list.order[below] ?? 0) > own) { found++; break; }
  }
  return found + list.size - seen.reduce((sum, each) => sum + each, 0);
};

const gain = ({ order, value }: List): number => { let sum = 0; for (let place = 0; place < PAGE; place++) sum += (value[order[place] ?? 0] ?? 0) / Math.log2(place + 2); return sum; };
const apart = (list: List): number => {
  const alike = likenessIn(list);
  let sum = 0;
  for (let a = 0; a < PAGE; a++) for (let b = 0; b < a; b++) sum += 1 - alike(list.order[a] ?? 0, list.order[b] ?? 0);
  return sum / (PAGE * (PAGE - 1) / 2);
};

const arranger = createArranger({ capacity: 1024, kinds: 16 });
const arrange = (list: List, strength: number): void => { const diversity: Diversity = { strength, likeness: likenessIn(list) }; arranger.arrange(list, LIST_RULES, diversity); };

process.stdout.write(`${machine()}\n\n`);
let broken = 0;
const started = performance.now();
for (let n = 0; n < LISTS; n++) {
  const list = draw(SIZES[n % 2] ?? 40);
  arrange(list, STRENGTH);
  broken += faults(list);
}
process.stdout.write(`${LISTS} lists of ${SIZES[0]} and ${SIZES[1]}: ${broken} places where a rule was broken that something left would have kept, items lost, or repeated; ${((performance.now() - started) / 1000).toFixed(0)} s with the check\n\n`);

process.stdout.write('strength  gain@20 of the order by rules alone  list apart@20 against it  p50 µs  p99 µs (200 candidates)\n');
const sample = Array.from({ length: 2000 }, () => draw(200));
const baseline = sample.map((list) => { const copy = { ...list, order: list.order.slice() }; arrange(copy, 0); return { gain: gain(copy), apart: apart(copy) }; });
for (const strength of [0, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.2, 0.4]) {
  const times: number[] = [];
  let [gains, aparts] = [0, 0];
  sample.forEach((list, n) => {
    const copy = { ...list, order: list.order.slice() };
    const from = performance.now();
    arrange(copy, strength);
    times.push((performance.now() - from) * 1000);
    gains += gain(copy) / (baseline[n]?.gain ?? 1) / sample.length;
    aparts += apart(copy) / (baseline[n]?.apart ?? 1) / sample.length;
  });
  times.sort((a, b) => a - b);
  process.stdout.write(`${strength.toFixed(2).padEnd(10)}${gains.toFixed(4).padEnd(38)}${aparts.toFixed(3).padEnd(25)}${(times[1000] ?? 0).toFixed(0).padEnd(8)}${(times[1980] ?? 0).toFixed(0)}\n`);
}
