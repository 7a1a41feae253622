import { beforeAll, describe, expect, test } from 'vitest';
import { ablating, ablationReport, ablationText, type Ablating } from '../../../src/cli/world-ablation.ts';
import type { Pool } from '../../../src/cli/world-policies.ts';
import { actionNumber } from '../../../src/core/registry.ts';
import { seededRandom, type Random } from '../../../src/core/random.ts';
import { createExampleBuffer, type ExampleBuffer } from '../../../src/models/example-buffer.ts';
import { columnsOf, FEATURE_FAMILIES } from '../../../src/models/feature-families.ts';
import { FEATURE_NAMES, FEATURES, JOURNEY_FEATURES } from '../../../src/models/features.ts';
import { POOL } from '../../../src/rankers/pool/index.ts';

const [TOPICS = -1, FROM_JOBS = -1, SCORE_JOBS = -1, FROM_NEWS = -1] = columnsOf(['declaredTopics', 'from:jobs', 'score:jobs', 'from:news']);
const NEVER = columnsOf([...JOURNEY_FEATURES, 'score:journey', 'from:journey']);
const PLACES = 5;
const ROWS = 3000;

/** What is acted on is about the viewer's topics, or was found by `jobs`; nothing else says anything. */
const draw = (random: Random, into: Float32Array, at: number): number => {
  for (let f = 0; f < FEATURES; f++) into[at + f] = 0;
  const [topics, isJob] = [random.next(), random.next() < 0.3];
  into[at + TOPICS] = topics;
  into[at + (isJob ? FROM_JOBS : FROM_NEWS)] = 1;
  if (isJob) into[at + SCORE_JOBS] = 1;
  return 1 / (1 + Math.exp(4 - 5 * topics - (isJob ? 1.5 : 0)));
};

const shown = (random: Random): ExampleBuffer => {
  const buffer = createExampleBuffer(FEATURES);
  const values = new Float32Array(FEATURES);
  for (let row = 0; row < ROWS; row++) {
    const position = 1 + (row % PLACES);
    const isActedOn = random.next() < draw(random, values, 0) / position ** 0.3;
    buffer.push(values, 0, { bits: isActedOn ? 1 << actionNumber('click') : 0, at: row * 1000, member: row % 100, position });
  }
  return buffer;
};

const poolOf = (random: Random, cards: number): Pool => {
  const features = new Float32Array(cards * FEATURES);
  const worth = Float64Array.from({ length: cards }, (_, c) => draw(random, features, c * FEATURES));
  const card = (c: number): Pool['cards'][number] => ({
    trackingId: `t${c}`, item: `article:${c}`, kind: c % 2 === 0 ? 'article' : 'post', position: c, reason: { actors: [] }, viewer: { actions: [] }, card: { title: '', topics: [], author: null, publishedAt: '2026-01-01T00:00:00.000Z' },
  });
  return { cards: Array.from({ length: cards }, (_, c) => card(c)), features, worth, annoyance: new Float64Array(cards) };
};

describe('an ablation', () => {
  const random = seededRandom(3);
  let parts: Ablating;
  const report = (): ReturnType<typeof ablationReport> => ablationReport([parts.result], { cluster: Int32Array.from(parts.result.whole, (_, n) => n), random: seededRandom(1) });
  beforeAll(() => {
    parts = ablating(shown(random.fork('past')), NEVER, { places: PLACES, examination: () => 1 });
    for (let n = 0; n < 60; n++) parts.judge(poolOf(random.fork(`${n}`), 40));
  });

  test('leaves out every ranker and every family once, but for what nobody reads', () => {
    const names = (part: string): readonly string[] => report().rows.filter((row) => row.part === part).map(({ name }) => name);
    expect(names('ranker')).toEqual(POOL.map(({ name }) => name).filter((name) => name !== 'journey'));
    expect(names('features')).toEqual(Object.keys(FEATURE_FAMILIES).filter((name) => name !== 'journey model'));
    expect(ablationText(report())).toHaveLength(report().rows.length + 3);
  });

  test('costs what the part brought: the cards that a ranker alone found, and what a family of features says', () => {
    const rows = new Map(report().rows.map((row) => [row.name, row]));
    for (const name of ['jobs', 'profile', 'news']) expect([name, (rows.get(name)?.difference.high ?? 0) < 0]).toEqual([name, true]);
    expect(rows.get('jobs')?.alone).toBeGreaterThan(1);
    expect((rows.get('jobs')?.alone ?? 0) + (rows.get('news')?.alone ?? 0)).toBeCloseTo(PLACES, 9);
  });

  test('costs nothing where the part says nothing and brings nothing', () => {
    for (const { name, difference, alone } of report().rows.filter((row) => ['people', 'creators', 'age', 'habits', 'tie'].includes(row.name))) {
      expect([name, alone, Math.abs(difference.mean) < 0.02]).toEqual([name, 0, true]);
    }
  });
});

test('every feature is in one family', () => {
  expect(Object.values(FEATURE_FAMILIES).flat().toSorted()).toEqual([...FEATURE_NAMES].toSorted());
});
