/** What training does when its process is killed or told to stop, and when its disk refuses: on real processes and real system calls. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/core/random.ts';
import { createCheckpointStore } from '../../src/nn/checkpoint.ts';
import type { runTraining } from '../../src/nn/child.ts';
import type { TrainingEvent } from '../../src/nn/loop.ts';
import { readTrace, runUnderStrace, whyNoStrace } from '../support/strace.ts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const MODULE = new URL('../support/training-module.mjs', import.meta.url).href;
const WRITER = fileURLToPath(new URL('../support/checkpoint-writer.mjs', import.meta.url));
const PROCESS = pathToFileURL(join(DIST, 'nn', 'training-process.js')).href;

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'throughline-training-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const compiled = async (): Promise<typeof runTraining> => (await import(join(DIST, 'nn', 'child.js')) as { readonly runTraining: typeof runTraining }).runTraining;
/** The arrays of the current checkpoint, which is read and checked on the way. */
const arraysIn = async (name: string) => (await createCheckpointStore(join(folder, name)).load())?.arrays;
const optionsOf = (name: string, more: object = {}): object => ({ dist: DIST, folder: join(folder, name), ...more });

describe('a training process', () => {
  test('trains at the lowest priority and says what happens', async () => {
    const events: TrainingEvent[] = [];
    const result = await (await compiled())({ module: MODULE, options: optionsOf('a'), onEvent: (event) => { events.push(event); } });
    expect(result).toMatchObject({ reason: 'epochs', steps: 72, priority: 19 });
    expect(events.filter(({ type }) => type === 'epoch')).toHaveLength(6);
    expect(events.filter(({ type }) => type === 'batch').length).toBeGreaterThanOrEqual(6);
  });
  test('told to stop, even before it has started, writes a checkpoint, and another goes on to the same bits', async () => {
    const run = await compiled();
    await run({ module: MODULE, options: optionsOf('straight') });
    const [early, late] = [new AbortController(), new AbortController()];
    early.abort();
    expect(await run({ module: MODULE, options: optionsOf('stopped'), signal: early.signal })).toMatchObject({ reason: 'stopped', steps: 0 });
    const result = await run({ module: MODULE, options: optionsOf('stopped', { batchMs: 20 }), signal: late.signal, onEvent: (event) => { if (event.type === 'epoch') late.abort(); } });
    expect(result).toMatchObject({ reason: 'stopped' });
    expect(await run({ module: MODULE, options: optionsOf('stopped') })).toMatchObject({ reason: 'epochs', steps: 72 });
    expect(await arraysIn('stopped')).toEqual(await arraysIn('straight'));
  });
  test('fails with the code, the sentence and the place of what failed in it', async () => {
    const failing = (await compiled())({ module: MODULE, options: { dist: DIST, fail: true } });
    await expect(failing).rejects.toMatchObject({ code: 'client/noData', message: 'there is nothing to learn from', where: { field: 'events' } });
  });
  test('that is missing its module says which', async () => {
    await expect((await compiled())({ module: `${MODULE}.missing`, options: {} })).rejects.toThrow('training-module.mjs.missing');
  });
});

/** A child as `runTraining` starts it, whose process is ours to signal; resolves when it is gone. */
const startChild = (options: object): { readonly ended: Promise<NodeJS.Signals | number | null>; kill(signal: NodeJS.Signals): void; disconnect(): void; onEvent(listener: (event: TrainingEvent) => void): void } => {
  const child = spawn(process.execPath, [fileURLToPath(PROCESS)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' });
  child.send({ type: 'start', module: MODULE, options });
  return {
    ended: new Promise((resolve) => { child.once('exit', (code, signal) => { resolve(signal ?? code); }); }),
    kill: (signal) => { child.kill(signal); },
    disconnect: () => { child.disconnect(); },
    onEvent: (listener) => { child.on('message', (message: { readonly type: string; readonly event?: TrainingEvent }) => { if (message.event !== undefined) listener(message.event); }); },
  };
};

describe('the checkpoint', () => {
  test('of a process killed twelve times, wherever it was, is usable, and the run ends with the same bits', async () => {
    const run = await compiled();
    await run({ module: MODULE, options: optionsOf('straight') });
    const random = seededRandom(11);
    let resumed = 0;
    for (let cycle = 0; cycle < 12; cycle++) {
      // A checkpoint after every batch, so that many kills meet one being written.
      const child = startChild(optionsOf('killed', { batchMs: 1 }));
      let seen = 0;
      const after = 1 + Math.floor(random.next() * 6);
      const waitMs = random.next() * 8;
      child.onEvent((event) => {
        if (event.type === 'start' && event.resumed) resumed++;
        if (event.type === 'checkpoint' && ++seen === after) setTimeout(() => { child.kill('SIGKILL'); }, waitMs);
      });
      expect(await child.ended).toBe('SIGKILL');
      expect(Object.keys(await arraysIn('killed') ?? {})).toContain('weights.f32');
    }
    expect(resumed).toBe(11);
    expect(await run({ module: MODULE, options: optionsOf('killed') })).toMatchObject({ reason: 'epochs', steps: 72 });
    expect(await arraysIn('killed')).toEqual(await arraysIn('straight'));
    expect(readdirSync(join(folder, 'killed')).filter((name) => !name.endsWith('.lock')).toSorted()).toEqual(['current.json', 'epoch-0006-batch-000000']);
  });

  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
    test(`is written when the process is ended by ${signal}, in the middle of an epoch`, async () => {
      const child = startChild(optionsOf('stopped', { batchMs: 10, everyMs: 1e9 }));
      let sent = false;
      child.onEvent((event) => {
        if (sent || event.type !== 'batch') return;
        sent = true;
        if (signal === 'disconnect') child.disconnect();
        else child.kill(signal);
      });
      expect(await child.ended).toBe(0);
      const saved = await createCheckpointStore(join(folder, 'stopped')).load();
      expect(saved?.progress.batch).toBeGreaterThan(0);
    });
  }

  test('says what killed the process that had not written one yet', async () => {
    const run = await compiled();
    // Its module never returns: the process is killed by itself.
    const module = `data:text/javascript,${encodeURIComponent('export const runTrainingModule = () => { process.kill(process.pid, "SIGKILL"); return new Promise(() => undefined); };')}`;
    await expect(run({ module, options: {} })).rejects.toMatchObject({ code: 'server/internal', message: expect.stringContaining('SIGKILL') as string });
  });
});

describe('a disk that refuses', () => {
  const second = 'epoch-0002-batch-000000.new';
  const cases = [
    ['weights.f32', 'write:error=ENOSPC:when=1+', join(second, 'weights.f32')],
    ['moments.f32', 'write:error=EIO:when=1+', join(second, 'moments.f32')],
    ['best.f32', 'fsync:error=EIO:when=1+', join(second, 'best.f32')],
    ['manifest.json', 'write:error=ENOSPC:when=1+', join(second, 'manifest.json')],
    ['current.json', 'write:error=ENOSPC:when=1+', 'current.json.tmp'],
  ] as const;
  for (const [name, inject, file] of cases) {
    test(`at ${name} leaves the checkpoint before, says so, and the run goes on from it to the same bits (${inject})`, async (context) => {
      const why = whyNoStrace();
      if (why !== undefined) context.skip(why);
      const run = await compiled();
      await run({ module: MODULE, options: optionsOf('straight', { everyMs: 1e9 }) });
      await run({ module: MODULE, options: optionsOf('full', { epochs: 1, everyMs: 1e9 }) });
      const [traceFile, root] = [join(folder, 'trace'), join(folder, 'full')];
      const before = readFileSync(join(root, 'current.json'), 'utf8');
      const { output } = await runUnderStrace([process.execPath, WRITER, DIST, root, '6'], { traceFile, inject, calls: ['write', 'writev', 'pwrite64', 'fsync'], onlyFile: join(root, file) });
      expect(readTrace(traceFile).some(({ injected }) => injected)).toBe(true);
      expect(output).toMatch(/^server\/storeUnwritable /u);
      expect(output).toContain(`${name}`);
      expect(output).toContain('the checkpoint epoch-0001-batch-000000 before it is whole and stays the current one: free or repair the disk');
      expect(readFileSync(join(root, 'current.json'), 'utf8')).toBe(before);
      expect((await createCheckpointStore(root).load())?.progress).toMatchObject({ epoch: 1, batch: 0 });
      expect(await run({ module: MODULE, options: optionsOf('full', { everyMs: 1e9 }) })).toMatchObject({ reason: 'epochs', steps: 72 });
      expect(await arraysIn('full')).toEqual(await arraysIn('straight'));
    });
  }
});
