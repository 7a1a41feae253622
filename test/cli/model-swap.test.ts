import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ThroughlineError } from '../../src/core/errors.ts';
import { featureSetHash } from '../../src/feed/second-pass.ts';
import { FEATURE_NAMES } from '../../src/models/features.ts';
import { createModelStore, MODEL_FORMAT } from '../../src/models/store.ts';
import { fillStore } from '../support/filled-store.ts';
import { PROGRAM, spawnServer, temporaryFolder, type Spawned } from '../support/real-server.ts';

/** Saved and named as the serving one, as training does. */
const publish = async (data: string, version: string): Promise<void> => {
  const store = createModelStore(data);
  const heads = [{ name: 'interact', weights: FEATURE_NAMES.map((_, i) => (i % 3) / 10), bias: -2, floor: 0 }];
  await store.save({ format: MODEL_FORMAT, model: 'second-pass', version, featureSetHash: featureSetHash(), features: [...FEATURE_NAMES], heads, examination: [] }, {
    format: MODEL_FORMAT, model: 'second-pass', version, createdAt: '', trainedThrough: [], dataWindow: { from: '', to: '' }, examples: 0, figures: {},
    featureSetHash: featureSetHash(), commit: '', positionCorrection: 'off', positionCorrectionWhy: 'made by hand', previous: null, gate: 'none',
  });
  await store.publish(version);
};

const serving = async (url: string): Promise<string> => ((await (await fetch(`${url}/health/ready`)).json()) as { readonly model: string }).model;
const until = async (url: string, version: string, withinMs: number): Promise<void> => expect.poll(() => serving(url), { timeout: withinMs, interval: 20 }).toBe(version);

const command = async (...args: readonly string[]): Promise<unknown> => {
  const child = spawn(process.execPath, [PROGRAM, ...args, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => { output += text; });
  const [code] = await once(child, 'close') as [number];
  if (code !== 0) throw new Error(`throughline ${args.join(' ')} ended with ${code}: ${output}`);
  return JSON.parse(output);
};

describe('a server and its models', () => {
  const data = temporaryFolder();
  let server: Spawned;
  beforeAll(async () => { await fillStore(data, { members: 40, articles: 120, touches: 2000 }); server = await spawnServer({ data }); });
  afterAll(() => server.close());

  test('takes up what `throughline train` publishes, and what `model rollback` names, within a second', async () => {
    expect(await serving(server.url)).toBe('untrained');
    await publish(data, 'first');
    await until(server.url, 'first', 1000);
    const { version, published, reason } = await command('train', '--data', data) as { readonly version: string; readonly published: boolean; readonly reason: string };
    expect(published, reason).toBe(true);
    await until(server.url, version, 1000);
    expect(await command('model', 'rollback', '--data', data)).toEqual({ current: 'first' });
    await until(server.url, 'first', 1000);
  });

  test('serves the same model after it starts again', async () => {
    await server.stop('SIGKILL');
    server = await spawnServer({ data });
    expect(await serving(server.url)).toBe('first');
  });

  const damages: readonly (readonly [string, (text: string) => string, ThroughlineError['code']])[] = [
    ['cut short', (text) => text.slice(0, text.length / 2), 'server/storeCorrupt'],
    ['changed by a byte', (text) => text.replace('"bias": -2', '"bias": -3'), 'server/storeCorrupt'],
    ['of a newer format', (text) => text.replace('"format": 1', '"format": 99'), 'server/storeNewer'],
  ];
  test.each(damages)('goes on with its model when the next one is %s', async (name, damage, code) => {
    const version = `bad-${name.replaceAll(' ', '-')}`;
    const before = await serving(server.url);
    const pointer = join(data, 'models', 'current.json');
    const good = readFileSync(pointer, 'utf8');
    await publish(data, `${version}-good`);
    await until(server.url, `${version}-good`, 2000);
    writeFileSync(pointer, good);
    await until(server.url, before, 2000);
    const file = join(data, 'models', `${version}-good`, 'model.json');
    writeFileSync(file, damage(readFileSync(file, 'utf8')));
    await expect(createModelStore(data).load(`${version}-good`)).rejects.toMatchObject({ code });
    writeFileSync(pointer, good.replace(`"current":"${before}"`, `"current":"${version}-good"`));
    await new Promise((resolve) => { setTimeout(resolve, 1200); });
    expect(await serving(server.url)).toBe(before);
    writeFileSync(pointer, good);
  });
});
