import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentJourney, readJourney, rollbackJourney, writeJourney } from '../../../../src/models/journey/artefact.ts';
import { openJourney } from '../../../../src/models/journey/reader.ts';
import { createModelStore } from '../../../../src/models/store.ts';
import { madeArtefact, madeData, madeModel } from './made.ts';

const FIRST = 'journey-20260101T000000-aaaaaa';
const SECOND = 'journey-20260102T000000-bbbbbb';
const artefact = madeArtefact(madeModel(madeData({ members: 3, items: 9, events: 5 })), FIRST);

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'throughline-journey-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const inVersion = (version: string, file: string): string => join(folder, 'models', 'journey', version, file);

describe('a stored journey model', () => {
  it('is read back as it was written, and serves', async () => {
    expect(await openJourney(folder)).toBeUndefined();
    await writeJourney(folder, artefact);
    expect(await currentJourney(folder)).toBe(FIRST);
    const { weights, ...read } = await readJourney(folder);
    const { weights: written, ...rest } = artefact;
    expect(read).toEqual(rest);
    expect(weights.layout).toEqual(written.layout);
    // Two million numbers: compared at once, not one by one.
    expect(Buffer.from(weights.values.buffer).equals(Buffer.from(written.values.buffer))).toBe(true);
    const reader = await openJourney(folder);
    expect(reader?.version).toBe(FIRST);
    expect(reader?.itemRow('post:1')).toBeGreaterThanOrEqual(0);
    await reader?.close();
  });

  it('can be gone back from, to a version that is still whole', async () => {
    await writeJourney(folder, artefact);
    await expect(rollbackJourney(folder)).rejects.toMatchObject({ code: 'client/noModel' });
    await writeJourney(folder, { ...artefact, version: SECOND });
    expect(await rollbackJourney(folder)).toBe(FIRST);
    expect((await readJourney(folder)).version).toBe(FIRST);
  });

  it('names no member and no item in any of its files', async () => {
    await writeJourney(folder, artefact);
    for (const file of readdirSync(inVersion(FIRST, '.'))) expect(readFileSync(inVersion(FIRST, file)).toString('latin1'), file).not.toMatch(/member:|post:/);
  });

  it('is no version of the second pass', async () => {
    await writeJourney(folder, artefact);
    expect(await createModelStore(folder).versions()).toEqual([]);
  });

  it.each([
    ['cut short', () => { truncateSync(inVersion(FIRST, 'weights.f32'), 12); }, 'server/storeCorrupt', 'weights.f32 has 12 bytes'],
    ['changed', () => { const bytes = readFileSync(inVersion(FIRST, 'gates.f32')); bytes[0] = (bytes[0] ?? 0) ^ 1; writeFileSync(inVersion(FIRST, 'gates.f32'), bytes); }, 'server/storeCorrupt', 'gates.f32 does not match'],
    ['without a file', () => { rmSync(inVersion(FIRST, 'items.i32')); }, 'server/storeCorrupt', 'items.i32 is missing'],
    ['with a manifest that was changed', () => { writeFileSync(inVersion(FIRST, 'manifest.json'), readFileSync(inVersion(FIRST, 'manifest.json'), 'utf8').replace('"heads": 2', '"heads": 4')); }, 'server/storeCorrupt', 'manifest.json does not match'],
    ['with a manifest cut short', () => { truncateSync(inVersion(FIRST, 'manifest.json'), 40); }, 'server/storeCorrupt', 'manifest.json is cut short'],
    ['of a newer version', () => { writeFileSync(inVersion(FIRST, 'manifest.json'), JSON.stringify({ format: 3 })); }, 'server/storeNewer', 'has format 3'],
    ['of an older version', () => { writeFileSync(inVersion(FIRST, 'manifest.json'), JSON.stringify({ format: 1 })); }, 'client/noModel', 'has format 1, which this version no longer reads'],
    ['that the pointer does not lead to', () => { rmSync(inVersion(FIRST, '.'), { recursive: true }); }, 'server/storeCorrupt', 'manifest.json is missing'],
  ] as const)('%s is refused, naming what is wrong', async (...[, spoil, code, sentence]) => {
    await writeJourney(folder, artefact);
    spoil();
    await expect(readJourney(folder)).rejects.toMatchObject({ code });
    await expect(readJourney(folder)).rejects.toThrow(sentence);
  });

  it('with a number that is none is refused', async () => {
    const values = artefact.weights.values.slice();
    values[5] = Number.NaN;
    await writeJourney(folder, { ...artefact, weights: { ...artefact.weights, values } });
    await expect(readJourney(folder)).rejects.toThrow('a number that is none, at 5');
  });

  it('that is not there is asked for in vain', async () => {
    await expect(readJourney(folder)).rejects.toMatchObject({ code: 'client/noModel' });
    await expect(readJourney(folder, '../../etc')).rejects.toMatchObject({ code: 'client/noModel' });
  });
});
