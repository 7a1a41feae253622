// Does what a member reads in the feed reach the jobs that they are shown? Jobs of a company after feed activity about it alone, against matched controls.
import { systemClock } from '../src/core/clock.ts';
import { seededRandom, type Random } from '../src/core/random.ts';
import { fitJourney } from '../src/models/journey/fit.ts';
import { clusterBootstrap, mean } from '../src/models/metrics.ts';
import { createScorer } from '../src/models/sequences/scorer.ts';
import { COMPANIES_PER_TRACK, companyOf, createMember, dataOf, isJob, ITEMS, TURNED, withTurn, type Member } from './lib/companies.ts';
import { machine } from './lib/machine.ts';

const [members = '3000', tested = '360', seeds = '1', epochs = '24'] = process.argv.slice(2);
const TOP = 10;
const HALF_LIVES = [2, 8, 32];
/** Events within which one item leads to another, where that is learned. */
const WITHIN = 10;

/** Scores of all items, [members, ITEMS]. */
type Ranker = (of: readonly Member[]) => Promise<Float32Array>;

const journey = async (learned: readonly Member[], told: { readonly surfaces: boolean }, seed: number): Promise<Ranker> => {
  const from = process.cpuUsage();
  const fitted = await fitJourney(dataOf(learned, told), { seed, clock: systemClock, epochs: Number(epochs), onEvent: (event) => { if (event.type === 'epoch') process.stderr.write(`epoch ${event.epoch + 1}: loss ${event.loss.toFixed(3)}\n`); } });
  const { user, system } = process.cpuUsage(from);
  process.stderr.write(`fitted in ${((user + system) / 1e6).toFixed(0)} s of processor time\n`);
  const scorer = createScorer(fitted.model, fitted.arena, fitted.facts);
  await scorer.refresh();
  return async (of) => {
    const data = dataOf(of, told);
    const out = new Float32Array(of.length * ITEMS);
    // Asked half a day after the last event.
    const seconds = Float64Array.from(of, (member) => (member.seconds.at(-1) ?? 0) + 43_200);
    await scorer.score(data, { members: Int32Array.from(of.keys()), ends: data.starts.slice(1), seconds }, out);
    return out;
  };
};

/** What follows each item of a profile that fades, learned from the same members: it knows items, and nothing of where they were met. */
const fading = (learned: readonly Member[], halfLife: number): Ranker => {
  const follows = new Float64Array(ITEMS * ITEMS);
  for (const { items } of learned) items.forEach((item, i) => { for (const next of items.slice(i + 1, i + 1 + WITHIN)) follows[item * ITEMS + next] = (follows[item * ITEMS + next] ?? 0) + 1; });
  const sums = Float64Array.from({ length: ITEMS }, (_, item) => Math.max(1, follows.subarray(item * ITEMS, (item + 1) * ITEMS).reduce((sum, each) => sum + each, 0)));
  return async (of) => Promise.resolve(Float32Array.from({ length: of.length * ITEMS }, (_, at) => {
    const [{ items } = { items: [] }, other] = [of[Math.floor(at / ITEMS)], at % ITEMS];
    return items.reduce((sum, item, i) => sum + 2 ** ((i + 1 - items.length) / halfLife) * (follows[item * ITEMS + other] ?? 0) / (sums[item] ?? 1), 0);
  }));
};

/** Share of the company's jobs among the ten jobs that score highest, by member. @param companies of each member the one asked about */
const shares = async (ranker: Ranker, of: readonly Member[], companies: readonly number[]): Promise<Float64Array> => {
  const scores = await ranker(of);
  return Float64Array.from(of, (_, row) => {
    const jobs = Array.from({ length: ITEMS }, (_item, item) => item).filter(isJob).sort((a, b) => (scores[row * ITEMS + b] ?? 0) - (scores[row * ITEMS + a] ?? 0));
    return jobs.slice(0, TOP).filter((item) => companyOf(item) === companies[row]).length / TOP;
  });
};

/** Who read about the company in the feed, and who is like them but for one thing. */
interface Asked { readonly treated: readonly Member[]; readonly otherCompany: readonly Member[]; readonly elsewhere: readonly Member[]; readonly companies: readonly number[] }

const ask = (chance: Random): Asked => {
  const treated = Array.from({ length: Number(tested) }, () => createMember(chance, { turns: 1, asked: true }));
  const other = (company: number): number => company - (company % COMPANIES_PER_TRACK) + (company + 1 + Math.floor(chance.next() * (COMPANIES_PER_TRACK - 1))) % COMPANIES_PER_TRACK;
  return {
    treated, companies: treated.map(({ company }) => company),
    otherCompany: treated.map((member) => withTurn(member, { company: other(member.company) })),
    elsewhere: treated.map((member) => withTurn(member, { surfaces: Array.from({ length: TURNED }, () => 2 + Math.floor(chance.next() * 2)) })),
  };
};

interface Shares { readonly treated: number[]; readonly otherCompany: number[]; readonly elsewhere: number[]; /** What was learned by chance of a company is the same for all who are asked about it: one number for each of a seed. */ readonly cluster: number[] }
const found = new Map<string, Shares>();
const collect = async (name: string, ranker: Ranker, { treated, otherCompany, elsewhere, companies }: Asked): Promise<void> => {
  const own = found.get(name) ?? { treated: [], otherCompany: [], elsewhere: [], cluster: [] };
  const before = Math.max(-1, ...own.cluster) + 1;
  own.cluster.push(...companies.map((company) => before + company));
  found.set(name, own);
  own.treated.push(...await shares(ranker, treated, companies));
  own.otherCompany.push(...await shares(ranker, otherCompany, companies));
  own.elsewhere.push(...await shares(ranker, elsewhere, companies));
};

process.stdout.write(`${machine()}\n${members} members learned from, with 4 to 8 turns to companies; ${tested} asked after one such turn, ${TURNED} events in the feed, and no job ever; ${ITEMS} items, half of them jobs; seeds 1 to ${seeds}\n\n`);
for (let seed = 1; seed <= Number(seeds); seed++) {
  const random = seededRandom(seed);
  const chance = random.fork('learned');
  const learned = Array.from({ length: Number(members) }, () => createMember(chance, { turns: 4 + Math.floor(chance.next() * 5), asked: false }));
  const asked = ask(random.fork('asked'));
  await collect('journey', await journey(learned, { surfaces: true }, seed), asked);
  await collect('journey, surfaces switched off', await journey(learned, { surfaces: false }, seed), asked);
  for (const halfLife of HALF_LIVES) await collect(`fading, half-life ${halfLife}, learned`, fading(learned, halfLife), asked);
}
const text = (name: string, values: readonly number[], cluster: readonly number[]): string => {
  const { mean: middle, low, high } = clusterBootstrap(values, cluster, { random: seededRandom(7).fork(name) });
  return `${middle.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
};
process.stdout.write('| ranker | share of its jobs | after as much feed about another company | lift | after the same articles, elsewhere | lift |\n|---|---|---|---|---|---|\n');
for (const [name, { treated, otherCompany, elsewhere, cluster }] of found) {
  const lift = (control: readonly number[]): readonly number[] => treated.map((share, i) => share - (control[i] ?? 0));
  process.stdout.write(`| ${name} | ${mean(treated).toFixed(3)} | ${mean(otherCompany).toFixed(3)} | ${text(`${name} company`, lift(otherCompany), cluster)} | ${mean(elsewhere).toFixed(3)} | ${text(`${name} elsewhere`, lift(elsewhere), cluster)} |\n`);
}
