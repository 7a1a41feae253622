import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY } from '../../../src/core/clock.ts';
import type { Millis } from '../../../src/core/ids.ts';
import { hasFreshJourney, trainBeside } from '../../../src/cli/demo-journey.ts';
import { publishJourney } from '../../support/journey-model.ts';

let data = '';
beforeEach(() => { data = mkdtempSync(join(tmpdir(), 'throughline-demo-journey-')); });
afterEach(() => rmSync(data, { recursive: true, force: true }));

const madeAt = Date.parse('2026-01-01T00:00:00.000Z');
const after = (days: number): Millis => (madeAt + days * DAY) as Millis;

describe('the journey model of the demo is fresh enough', () => {
  test('for a week after it was made', async () => {
    await publishJourney(data, { items: ['article:1', 'article:2'] });
    expect([await hasFreshJourney(data, after(6)), await hasFreshJourney(data, after(8))]).toEqual([true, false]);
  });
  test('never where there is none, or none that can be read', async () => {
    expect(await hasFreshJourney(data, after(0))).toBe(false);
    writeFileSync(join(await publishJourney(data, { items: ['article:1', 'article:2'] }), 'manifest.json'), '{');
    expect(await hasFreshJourney(data, after(0))).toBe(false);
  });
});

describe('beside the demo\'s server', () => {
  const notesOf = async (trainJourney: (signal: AbortSignal) => Promise<string | undefined>, folder = '/tmp/it\'s here'): Promise<readonly string[]> => {
    const notes: string[] = [];
    const progress = { bar: () => { throw new Error('nobody waits for it'); }, note: (line: string) => { notes.push(line); } };
    await trainBeside({ data: folder, url: 'http://127.0.0.1:7700', member: '34', progress, signal: new AbortController().signal, trainJourney });
    return notes;
  };

  test('a model that serves is told of in one line, with where to look, quoted for a shell', async () => {
    const [line = '', ...more] = await notesOf(() => Promise.resolve('journey-1'));
    expect(more).toEqual([]);
    expect(line).toMatch(/^The journey model journey-1 serves now: see http:\/\/127\.0\.0\.1:7700\/console\/models, and npx throughline journey 34 --data '.*it'\\''s here'$/u);
  });
  test('a failure costs one line, however many it has', async () => {
    expect(await notesOf(() => Promise.reject(new Error('the disk is full\nat write')))).toEqual(['The feed goes on without a new journey model: the disk is full']);
  });
  test('nothing is said where nothing came of it', async () => {
    expect(await notesOf(() => Promise.resolve(undefined))).toEqual([]);
  });
});
