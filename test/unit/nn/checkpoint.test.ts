import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCheckpointStore, type Checkpoint } from '../../../src/nn/checkpoint.ts';

let root = '';
beforeEach(() => { root = join(mkdtempSync(join(tmpdir(), 'throughline-checkpoint-')), 'run'); });
afterEach(() => rmSync(join(root, '..'), { recursive: true, force: true }));

const checkpoint = (epoch: number, batch = 0): Checkpoint => ({
  identity: { seed: 3, model: { width: 2, kinds: ['a', 'b'] }, recipe: { clip: 1 }, dataHash: 'abc' },
  machine: { onnxruntime: '1.30.0', cpu: 'a processor', microBatch: 4 },
  layout: [{ name: 'w', shape: [2, 1], offset: 0 }],
  progress: { epoch, batch, step: epoch * 10 + batch, loss: 0.1, targets: 3, best: { epoch: 0, metric: 1 / 3 }, curve: [{ epoch: 0, loss: 0.5, metric: 1 / 3, details: { hits: 2 }, elapsedMs: 5 }], elapsedMs: 17 },
  arrays: { 'weights.f32': Float32Array.of(epoch, -1.5), 'moments.f32': Float32Array.of(0, 1e-20, 3e38, 4), 'rows.i32': Int32Array.of(7, -1) },
});
const folderOf = (name: string): string => join(root, name);

describe('a checkpoint', () => {
  test('comes back as it was, to the last bit', async () => {
    const store = createCheckpointStore(root);
    expect(await store.load()).toBeUndefined();
    expect(await store.save(checkpoint(2, 7))).toBe(folderOf('epoch-0002-batch-000007'));
    expect(await createCheckpointStore(root).load()).toEqual(checkpoint(2, 7));
  });
  test('is plain numbers, little-endian, and a manifest that says what lies where', async () => {
    await createCheckpointStore(root).save(checkpoint(1));
    const folder = folderOf('epoch-0001-batch-000000');
    expect(readFileSync(join(folder, 'weights.f32')).toString('hex')).toBe('0000803f0000c0bf');
    expect(readFileSync(join(folder, 'rows.i32')).toString('hex')).toBe('07000000ffffffff');
    expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).toMatchObject({ format: 1, layout: [{ name: 'w', shape: [2, 1], offset: 0 }], files: { 'weights.f32': { bytes: 8, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string } } });
  });
  test('takes the place of the one before, and of what an interrupted write left', async () => {
    const store = createCheckpointStore(root);
    await store.save(checkpoint(1));
    // Killed before its rename, and killed before the pointer moved.
    for (const leftover of ['epoch-0002-batch-000000.new', 'epoch-0002-batch-000005', 'epoch-0003-batch-000000']) {
      mkdirSync(folderOf(leftover));
      writeFileSync(join(folderOf(leftover), 'weights.f32'), 'half');
    }
    writeFileSync(join(root, 'notes.txt'), 'mine');
    expect((await store.load())?.progress.epoch).toBe(1);
    await store.save(checkpoint(3));
    expect(readdirSync(root).toSorted()).toEqual(['current.json', 'epoch-0003-batch-000000', 'notes.txt']);
    expect(await store.load()).toEqual(checkpoint(3));
  });
  test('of the same place is not written twice', async () => {
    const store = createCheckpointStore(root);
    await store.save(checkpoint(1));
    await store.save({ ...checkpoint(1), machine: {} });
    expect((await store.load())?.machine).toEqual(checkpoint(1).machine);
  });
});

describe('a checkpoint that cannot be used', () => {
  const weights = 'epoch-0001-batch-000000/weights.f32';
  const manifest = 'epoch-0001-batch-000000/manifest.json';
  const cases: readonly (readonly [title: string, file: string, change: (bytes: Buffer) => Buffer | undefined, code: string, sentence: RegExp])[] = [
    ['with weights cut short', weights, (bytes) => bytes.subarray(0, 5), 'server/storeCorrupt', /weights\.f32 has 5 bytes where its manifest says 8/],
    ['with one bit of a weight turned', weights, (bytes) => { bytes[1] = (bytes[1] ?? 0) ^ 1; return bytes; }, 'server/storeCorrupt', /weights\.f32 does not match the checksum in its manifest/],
    ['without its weights', weights, () => undefined, 'server/storeCorrupt', /weights\.f32 is missing/],
    ['with a manifest cut short', manifest, (bytes) => bytes.subarray(0, 100), 'server/storeCorrupt', /manifest\.json is cut short or is not JSON/],
    ['with another batch written into its manifest', manifest, (bytes) => Buffer.from(bytes.toString().replace('"batch": 0', '"batch": 1')), 'server/storeCorrupt', /manifest\.json does not match the checksum in current\.json/],
    ['with nothing of a manifest but braces', manifest, () => Buffer.from('{}'), 'server/storeCorrupt', /manifest\.json is not valid/],
    ['written by a newer version', manifest, (bytes) => Buffer.from(bytes.toString().replace('"format": 1', '"format": 2')), 'server/storeNewer', /was written by a newer version: it has format 2, this version reads up to 1/],
    ['whose pointer was written by a newer version', 'current.json', (bytes) => Buffer.from(bytes.toString().replace('"format":1', '"format":9')), 'server/storeNewer', /current\.json was written by a newer version/],
    ['whose pointer leads out of the folder', 'current.json', (bytes) => Buffer.from(bytes.toString().replace('epoch-0001-batch-000000', '../../elsewhere')), 'server/storeCorrupt', /current\.json is not valid/],
  ];
  for (const [title, file, change, code, sentence] of cases) {
    test(`${title} is refused with one sentence that names the file`, async () => {
      const store = createCheckpointStore(root);
      await store.save(checkpoint(1));
      const changed = change(readFileSync(join(root, file)));
      rmSync(join(root, file));
      if (changed !== undefined) writeFileSync(join(root, file), changed);
      await expect(store.load()).rejects.toMatchObject({ code, message: expect.stringMatching(sentence) as string, where: { file: join(root, file) } });
    });
  }
});

describe('a checkpoint that cannot be written', () => {
  test('leaves the one before, says so and names the file', async () => {
    const store = createCheckpointStore(root);
    await store.save(checkpoint(1));
    // Something lies in the way of a file of it: as for a full disk, the system refuses in the middle.
    const broken = { ...checkpoint(2), arrays: { ...checkpoint(2).arrays, 'missing/more.f32': Float32Array.of(1) } };
    await expect(store.save(broken)).rejects.toMatchObject({ code: 'server/storeUnwritable', message: expect.stringMatching(/more\.f32 could not be written \(ENOENT.*; the checkpoint epoch-0001-batch-000000 before it is whole and stays the current one: free or repair the disk/) as string });
    expect(await store.load()).toEqual(checkpoint(1));
    expect(readdirSync(root).toSorted()).toEqual(['current.json', 'epoch-0001-batch-000000']);
    await store.save(checkpoint(2));
    expect(await store.load()).toEqual(checkpoint(2));
  });
  test('says so where there is none before it', async () => {
    mkdirSync(join(root, '..'), { recursive: true });
    writeFileSync(root, 'a file where the folder should be');
    await expect(createCheckpointStore(root).save(checkpoint(0))).rejects.toMatchObject({ code: 'server/storeUnwritable', message: expect.stringMatching(/could not be written \(ENOTDIR.*there is no earlier checkpoint/) as string });
  });
});
