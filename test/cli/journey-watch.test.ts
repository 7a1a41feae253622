/** `throughline train journey --watch`: one process trains, another tells how it goes, neither on a terminal. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { journeyDiary, journeyFolder, runFolder } from '../../src/models/journey/diary.ts';
import type { TrainingEvent } from '../../src/nn/loop.ts';
import { trainerOf } from '../../src/nn/training-lock.ts';
import { fillStore } from '../support/filled-store.ts';
import { PROGRAM, temporaryFolder } from '../support/real-server.ts';

interface Running { readonly child: ChildProcess; readonly ended: Promise<number | null>; output(): string; lines(): readonly string[] }

const started: ChildProcess[] = [];
const run = (...args: readonly string[]): Running => {
  const child = spawn(process.execPath, [PROGRAM, 'train', 'journey', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => { output += text; });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { errors += text; });
  return { child, ended: once(child, 'close').then(([code]) => code as number | null), output: () => output, lines: () => errors.split('\n').slice(0, -1) };
};

const diaryOf = (data: string): string => { try { return readFileSync(journeyDiary(data), 'utf8'); } catch { return ''; } };
/** The process that trains in the folder, once it has said that it began. */
const begun = async (data: string): Promise<number> => {
  await expect.poll(() => diaryOf(data).includes('\n'), { timeout: 200_000, interval: 5 }).toBe(true);
  const trainer = trainerOf(journeyFolder(data));
  if (trainer === undefined) throw new Error('it ended before it could be watched');
  return trainer;
};

describe('a training of the journey model, watched by another process', () => {
  const data = temporaryFolder();
  beforeAll(() => fillStore(data, { members: 30, articles: 60, touches: 900 }));
  beforeEach(() => rmSync(runFolder(data), { recursive: true, force: true }));
  afterEach(() => { for (const child of started.splice(0)) child.kill('SIGKILL'); });

  /** Holds the trainer until the watcher has told of its beginning: a small training could end before anybody looks. */
  const watched = async (...more: readonly string[]): Promise<{ readonly trainer: number; readonly training: Running; readonly watcher: Running }> => {
    const training = run('--data', data, ...more);
    const trainer = await begun(data);
    process.kill(trainer, 'SIGSTOP');
    const watcher = run('--watch', '--data', data);
    await expect.poll(() => watcher.lines().length, { timeout: 100_000 }).toBeGreaterThan(0);
    return { trainer, training, watcher };
  };
  const eventsOf = ({ lines }: Running): readonly TrainingEvent[] => lines().map((line) => JSON.parse(line) as TrainingEvent);

  test('killed in the middle ends the watching too, and a stopped run is told of as far as it came', async () => {
    const { trainer, training, watcher } = await watched();
    process.kill(trainer, 'SIGKILL');
    expect(await watcher.ended).toBe(0);
    expect(eventsOf(watcher)[0]).toMatchObject({ type: 'start', part: 'choosing', epoch: 0, resumed: false });
    expect(eventsOf(watcher).some(({ type }) => type === 'end')).toBe(false);
    expect(await training.ended).toBe(70);
    const again = run('--watch', '--data', data);
    expect(await again.ended).toBe(0);
    expect(again.lines()).toEqual(watcher.lines());
  });

  test('is told event by event, and the watching ends with it', async () => {
    const { trainer, training, watcher } = await watched('--json');
    process.kill(trainer, 'SIGCONT');
    expect(await training.ended).toBe(0);
    expect(await watcher.ended).toBe(0);
    expect(JSON.parse(training.output())).toMatchObject({ version: expect.stringMatching(/^journey-/u) as string });
    const events = eventsOf(watcher);
    expect(events[0]).toMatchObject({ type: 'start', part: 'choosing', epoch: 0 });
    const epochs = events.flatMap((event) => (event.type === 'epoch' ? [event.epoch] : []));
    expect(epochs.slice(0, 3)).toEqual([0, 1, 2]);
    expect(watcher.output()).toMatch(/^[▁-█]+ {2}\d\.\d{4} to \d\.\d{4}, best \d\.\d{4}\n$/u);
  });

  test('that is over cannot be watched, which is said in one sentence', async () => {
    const watcher = run('--watch', '--data', data);
    expect(await watcher.ended).toBe(66);
    expect(watcher.lines()).toEqual([`Error: no journey model is being trained in ${data}; start with "throughline train journey" (client/noData)`]);
  });
});
