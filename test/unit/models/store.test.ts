import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gate } from '../../../src/models/gate.ts';
import type { ModelCard, ModelFile } from '../../../src/models/store.ts';
import { createModelStore } from '../../../src/models/store.ts';

let data = '';
beforeEach(async () => { data = await mkdtemp(join(tmpdir(), 'throughline-models-')); });
afterEach(() => rm(data, { recursive: true, force: true }));

const model = (version: string): ModelFile =>
  ({ format: 1, model: 'second-pass', version, featureSetHash: 'abc', features: ['age', 'score'], heads: [{ name: 'click', weights: [-1.5, 0.25], bias: 0.1, floor: 0 }], examination: [1, 0.8] });
const card = (version: string): Omit<ModelCard, 'sha256'> =>
  ({ format: 1, model: 'second-pass', version, createdAt: '2026-01-01T00:00:00.000Z', trainedThrough: [{ partition: 0, sequence: 12 }], dataWindow: { from: '2025-12-01T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z' }, examples: 100, figures: { auc: 0.7 }, featureSetHash: 'abc', commit: '0.1.0', positionCorrection: 'on', positionCorrectionWhy: 'impressions carry positions', previous: null, gate: 'published' });
const save = async (version: string): Promise<ReturnType<typeof createModelStore>> => {
  const store = createModelStore(data);
  await store.save(model(version), card(version));
  return store;
};

describe('the model store', () => {
  test('hands back what was saved, and serves nothing until published', async () => {
    const store = await save('v1');
    expect(await store.current()).toBeUndefined();
    await store.publish('v1');
    expect(await createModelStore(data).current()).toBe('v1');
    expect((await store.load('v1')).model).toEqual(model('v1'));
    expect((await store.load('v1')).card.figures).toEqual({ auc: 0.7 });
  });

  test('rolls back step by step, and says when there is nothing before', async () => {
    for (const version of ['v1', 'v2', 'v3']) await (await save(version)).publish(version);
    const store = createModelStore(data);
    expect(await store.rollback()).toBe('v2');
    expect(await store.rollback()).toBe('v1');
    await expect(store.rollback()).rejects.toMatchObject({ code: 'client/noModel' });
    expect(await store.current()).toBe('v1');
    expect(await store.versions()).toEqual(['v1', 'v2', 'v3']);
  });

  const damage: readonly [string, (text: string) => string, string][] = [
    ['cut short', (text) => text.slice(0, 80), 'server/storeCorrupt'],
    ['with one weight changed', (text) => text.replace('-1.5', '-1.6'), 'server/storeCorrupt'],
    ['with a weight missing', (text) => text.replace('-1.5,', ''), 'server/storeCorrupt'],
    ['of a newer format', (text) => text.replace('"format": 1', '"format": 9'), 'server/storeNewer'],
  ];
  test.each(damage)('refuses a model %s, and the pointer stays', async (_, change, code) => {
    const store = await save('v1');
    await store.publish('v1');
    await save('v2');
    const file = join(data, 'models', 'v2', 'model.json');
    await writeFile(file, change(await readFile(file, 'utf8')));
    await expect(store.publish('v2')).rejects.toMatchObject({ code, where: { file } });
    expect(await store.current()).toBe('v1');
  });

  test('a name that leaves the folder is no model', () => expect(createModelStore(data).load('../../etc')).rejects.toMatchObject({ code: 'client/noModel' }));
});

describe('the gate', () => {
  const interval = (low: number, high: number): { mean: number; low: number; high: number } => ({ mean: (low + high) / 2, low, high });
  const check = (figures: Parameters<typeof gate>[0], publish: boolean): void => expect(gate(figures)).toMatchObject({ publish, reason: expect.stringContaining(publish ? 'published' : 'refused') });
  test('lets the first model through when it beats chance', () => check({ auc: 0.6 }, true));
  test('refuses what is no better than chance', () => check({ auc: 0.5 }, false));
  test('refuses what is worse beyond noise', () => check({ auc: 0.7, against: { serving: 'v1', logLoss: interval(0.001, 0.01) } }, false));
  test('refuses a worse order', () => check({ auc: 0.7, against: { serving: 'v1', logLoss: interval(-0.1, 0.1), ndcg: interval(-0.2, -0.1) } }, false));
  test('lets a tie through', () => check({ auc: 0.7, against: { serving: 'v1', logLoss: interval(-0.001, 0.001), ndcg: interval(-0.01, 0.01) } }, true));
  test('refuses figures that are not numbers', () => check({ auc: 0.7, against: { serving: 'v1', logLoss: interval(Number.NaN, Number.NaN) } }, false));
});
