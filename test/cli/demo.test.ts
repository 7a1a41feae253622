/** The demo and its journey model: real processes over one small network, from its first start to its third. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { DemoFacts } from '../../src/cli/demo-life.ts';
import { journeyDiary, journeyFolder, runFolder } from '../../src/models/journey/diary.ts';
import { createCheckpointStore } from '../../src/nn/checkpoint.ts';
import { lockTraining, trainerOf } from '../../src/nn/training-lock.ts';
import type { ModelsView } from '../../src/platform/models-view.ts';
import { PROGRAM, temporaryFolder } from '../support/real-server.ts';

const SCRIPT = fileURLToPath(new URL('../support/small-demo.mjs', import.meta.url));
const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
/** A training at the lowest priority waits for whatever else this machine does. */
const SLOWLY_MS = 900_000;
const WAIT = { timeout: SLOWLY_MS, interval: 10 };

interface Told { readonly up?: DemoFacts; readonly trained?: string | null; readonly failed?: string; readonly note?: string; readonly stopped?: true }
interface Demo { readonly url: string; told(): readonly Told[]; heard<K extends keyof Told>(what: K): Promise<NonNullable<Told[K]> | Extract<Told[K], null>>; stop(): Promise<number | null> }

const linesOf = (child: ChildProcess): (() => readonly string[]) => {
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => { output += text; });
  return () => output.split('\n').slice(0, -1);
};

const started: ChildProcess[] = [];
afterEach(() => { for (const child of started.splice(0)) child.kill('SIGKILL'); });

/** A demo that is up. */
const startDemo = async (data: string): Promise<Demo> => {
  const child = spawn(process.execPath, [SCRIPT, DIST, data], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  const closed = once(child, 'close') as Promise<[number | null]>;
  const lines = linesOf(child);
  const told = (): readonly Told[] => lines().map((line) => JSON.parse(line) as Told);
  const heard: Demo['heard'] = async <K extends keyof Told>(what: K) => {
    await expect.poll(() => child.exitCode !== null || told().some((each) => each[what] !== undefined), WAIT).toBe(true);
    const found = told().find((each) => each[what] !== undefined)?.[what];
    if (found === undefined) throw new Error(`the demo ended with ${child.exitCode ?? 'a signal'} and never told ${what}`);
    return found;
  };
  const { url } = await heard('up');
  return { url, told, heard, stop: async () => { child.kill('SIGTERM'); return (await closed)[0]; } };
};

const modelsOf = async (url: string): Promise<ModelsView> => (await (await fetch(`${url}/v1/models`)).json()) as ModelsView;
const diaryOf = (data: string): string => { try { return readFileSync(journeyDiary(data), 'utf8'); } catch { return ''; } };

describe('the demo', { timeout: SLOWLY_MS }, () => {
  const data = join(temporaryFolder(), 'demo');

  test('serves before it has a journey model, trains one beside, and leaves a checkpoint when it is stopped', async () => {
    const demo = await startDemo(data);
    expect((await fetch(`${demo.url}/v1/members/1/feed`)).status).toBe(200);
    await expect.poll(() => diaryOf(data).includes('"type":"epoch"'), WAIT).toBe(true);
    const trainer = trainerOf(journeyFolder(data)) ?? Number.NaN;
    // Held, so that it cannot be done before it is told to stop.
    process.kill(trainer, 'SIGSTOP');
    expect((await modelsOf(demo.url)).journey).toMatchObject({ run: { state: 'training', process: trainer }, versions: [] });
    const stopped = demo.stop();
    process.kill(trainer, 'SIGCONT');
    expect(await stopped).toBe(0);
    expect(demo.told().slice(1)).toEqual([{ trained: null }, { stopped: true }]);
    expect(trainerOf(journeyFolder(data))).toBeUndefined();
    expect((await createCheckpointStore(join(runFolder(data), 'chosen')).load())?.progress.epoch).toBeGreaterThanOrEqual(0);
  });

  test('says in one line why it has no journey model, and serves without', async () => {
    const release = await lockTraining(journeyFolder(data));
    const demo = await startDemo(data);
    expect(await demo.heard('failed')).toBe('server/storeInUse');
    expect(await demo.heard('note')).toContain(`The feed goes on without a new journey model: process ${process.pid} is training in `);
    release();
    expect((await fetch(`${demo.url}/v1/members/1/feed`)).status).toBe(200);
    expect(await demo.stop()).toBe(0);
    expect(demo.told().filter(({ note }) => note !== undefined)).toHaveLength(1);
  });

  test('goes on from there at the next start, takes the model up while it runs, and says where to look', async () => {
    const demo = await startDemo(data);
    await expect.poll(() => diaryOf(data).includes('"resumed":true'), WAIT).toBe(true);
    const version = await demo.heard('trained');
    expect(await demo.heard('note')).toContain(`The journey model ${version ?? ''} serves now: see ${demo.url}/console/models, and npx throughline journey `);
    expect(await modelsOf(demo.url)).toMatchObject({ journey: { serving: version, run: null, versions: [{ version, serves: true }] } });
    const reader = spawn(process.execPath, [PROGRAM, 'journey', '1', '--data', data, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = linesOf(reader);
    expect(await once(reader, 'close')).toEqual([0, null]);
    expect(JSON.parse(lines().join('\n'))).toMatchObject({ member: 'member:1', model: version });
    expect(await demo.stop()).toBe(0);
  });

  test('trains no other while that one is fresh', async () => {
    const demo = await startDemo(data);
    expect(await demo.heard('trained')).toBeNull();
    expect((await modelsOf(demo.url)).journey).toMatchObject({ run: null, versions: [{ serves: true }] });
    expect(await demo.stop()).toBe(0);
    expect(demo.told().some(({ note }) => note !== undefined)).toBe(false);
  });
});
