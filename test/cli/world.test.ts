/** The world from the command line: a small one lived through, and what each way of ranking is worth in it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { PROGRAM, temporaryFolder } from '../support/real-server.ts';
import type { WorldReport } from '../../src/cli/world.ts';
import type { GenerateReport } from '../../src/cli/world-generate.ts';

const run = (...args: readonly string[]): { readonly code: number | null; readonly out: string; readonly err: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'world', ...args], { encoding: 'utf8', timeout: 580_000 });
  return { code: status, out: stdout, err: stderr };
};

beforeAll(() => { run('parameters'); }, 120_000);

let report: WorldReport | undefined;
/** One small world, lived through once for whoever asks about it. */
const judged = (): WorldReport => {
  if (report === undefined) {
    const { code, out, err } = run('evaluate', '--seeds', '1', '--members', '120', '--past', '12', '--days', '1', '--requests', '24', '--no-journey', '--json');
    expect([code, err]).toEqual([0, '']);
    report = JSON.parse(out) as WorldReport;
  }
  return report;
};

describe('the world', () => {
  test('tells every parameter and their hash', () => {
    const { parameters, hash } = JSON.parse(run('parameters', '--json').out) as { readonly parameters: Record<string, number>; readonly hash: string };
    expect(parameters).toMatchObject({ members: 240, examinationSlope: 0.12 });
    expect(hash).toMatch(/^[0-9a-f]{16}$/u);
    expect(run('parameters').out).toContain(hash);
  });

  test('holds rankings of the same candidates against the truth: the oracle above what was learned, and that above no model', () => {
    const { policies, gapClosed, requests, seeds } = judged();
    expect([requests, seeds]).toEqual([24, [501]]);
    const worth = Object.fromEntries(policies.map(({ name, engagement: { mean } }) => [name, mean]));
    expect(Object.keys(worth)).toEqual(['recency', 'popularity', 'rules by hand', 'regression', 'oracle']);
    expect(worth['oracle']).toBeGreaterThan(worth['regression'] ?? Infinity);
    expect(worth['regression']).toBeGreaterThan(worth['popularity'] ?? Infinity);
    for (const { engagement: { mean, low, high } } of policies) expect(low <= mean && mean <= high).toBe(true);
    expect(gapClosed.mean).toBeCloseTo(((worth['regression'] ?? 0) - (worth['popularity'] ?? 0)) / ((worth['oracle'] ?? 0) - (worth['popularity'] ?? 0)), 6);
  }, 600_000);

  test('judges whole sessions, too: deeper, more acted on and more members who return the better the ranking', () => {
    const { policies, sessionGain } = judged();
    const sessions = new Map(policies.map(({ name, session }) => [name, session]));
    const [oracle, popular] = [sessions.get('oracle'), sessions.get('popularity')];
    for (const figure of ['actions', 'depth', 'returns'] as const) expect(oracle?.[figure].mean, figure).toBeGreaterThan(popular?.[figure].mean ?? Infinity);
    expect(sessionGain.actions.mean).toBeCloseTo((sessions.get('regression')?.actions.mean ?? 0) - (popular?.actions.mean ?? 0), 9);
  }, 600_000);

  test('says what each ranking opens up, and that no sponsored card passed the ceiling on predicted hides', () => {
    const { policies, breadth: { rows, creators, wanted, sponsored } } = judged();
    expect(rows.map(({ name }) => name)).toEqual(policies.map(({ name }) => name));
    expect([creators > 0, wanted > 0, sponsored.cards > 0, sponsored.aboveCeiling]).toEqual([true, true, true, 0]);
    expect(sponsored.highest).toBeLessThanOrEqual(sponsored.ceiling);
    for (const { serendipity, reach, gini } of rows) for (const { mean, low, high } of [serendipity, reach, gini]) expect(low >= 0 && low <= mean && mean <= high && high <= 1).toBe(true);
    // Cards acted on and those of them outside the past, of one and the same page.
    const [ours, own] = [rows.find(({ name }) => name === 'regression'), policies.find(({ name }) => name === 'regression')];
    expect(ours?.outsideAtEqualEngagement.mean).toBeCloseTo((ours?.serendipity.mean ?? 0) * (own?.engagement.mean ?? 0), 9);
  }, 600_000);

  test('makes a whole past without a server, the same for the same seed, and writes it into a store once', () => {
    const data = temporaryFolder();
    const past = (...args: readonly string[]): GenerateReport => {
      const { code, out, err } = run('generate', '--members', '60', '--days', '3', '--json', ...args);
      expect([code, err]).toEqual([0, '']);
      return JSON.parse(out) as GenerateReport;
    };
    const [nowhere, written, again] = [past(), past('--data', data), past('--data', data)];
    expect(written.digest).toBe(nowhere.digest);
    expect(past('--seed', '8').digest).not.toBe(nowhere.digest);
    expect([nowhere.written, written.written?.entities]).toEqual([undefined, nowhere.entities]);
    expect(written.written?.events).toBe(nowhere.events);
    expect(again.written?.events).toBe(0);
  }, 600_000);

  test('is kept where it is told to live, and begins with nothing', () => {
    const data = temporaryFolder();
    mkdirSync(join(data, 'the-world-as-it-is-501'));
    const { code, err } = run('evaluate', '--seeds', '1', '--data', data);
    expect([code, err.includes('is there already, and a world begins with nothing')]).toEqual([78, true]);
  });

  test.each([[['generate', '--start', 'tomorrow']], [['evaluate', '--seeds', 'many']], [['evaluate', '--members', '-3']]])('refuses %j in one sentence', (args) => {
    const { code, err } = run(...args);
    expect(code).toBe(64);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});
