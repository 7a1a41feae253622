import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isMissing, syncFolder, writeFlushed, writeWhole } from '../../../src/core/durable.ts';

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'throughline-durable-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('durable writing', () => {
  test('replaces a file and leaves nothing beside it', async () => {
    const file = join(folder, 'a.json');
    await writeWhole(file, 'first, and longer');
    await writeWhole(file, Uint8Array.of(0x7b, 0x7d));
    await syncFolder(folder);
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['{}', ['a.json']]);
  });
  test('leaves the old file where the new one cannot take its name', async () => {
    const file = join(folder, 'taken');
    mkdirSync(file);
    await expect(writeWhole(file, 'x')).rejects.toMatchObject({ code: 'EISDIR' });
    expect(readdirSync(folder)).toContain('taken');
  });
  test('tells a missing file from other errors', async () => {
    const missing: unknown = await writeFlushed(join(folder, 'no', 'such'), 'x').catch((error: unknown) => error);
    const denied: unknown = await writeFlushed(folder, 'x').catch((error: unknown) => error);
    expect([isMissing(missing), isMissing(denied), isMissing('ENOENT')]).toEqual([true, false, false]);
  });
});
