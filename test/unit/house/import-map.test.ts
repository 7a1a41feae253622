import { describe, expect, test } from 'vitest';
import { importsOf, judge, parseImportMap, roomOf, tableOf } from './import-map.ts';
import { read, repositoryFiles } from './repository.ts';

const SURFACES = ['feed', 'discovery', 'offers', 'writing'];
const TOP = ['serve', 'http', 'cli'];

const files = repositoryFiles('src', 'web').filter((path) => /\.tsx?$/u.test(path) && (path.startsWith('src/') || path.startsWith('web/src/')));
const rooms = new Set(files.flatMap((path) => roomOf(path) ?? []));
const imports = files.flatMap((path) => importsOf(path, read(path)));
const map = parseImportMap(read('ARCHITECTURE.md'));
const found = judge(map, imports, rooms);
const today = `the imports of today are:\n${tableOf(imports, rooms)}`;

describe('the import map of ARCHITECTURE.md', () => {
  test('allows every import there is', () => {
    expect(found.forbidden, today).toEqual([]);
  });

  test('has a row for every room', () => {
    expect(found.roomless, today).toEqual([]);
  });

  test('allows nothing that is never used', () => {
    expect(found.unused, today).toEqual([]);
  });

  test('keeps the surfaces apart and the edges on top', () => {
    for (const surface of SURFACES) expect(SURFACES.filter((other) => map.get(surface)?.has(other))).toEqual([]);
    const importersOf = (target: string): string[] => [...map].filter(([, allowed]) => allowed.has(target)).map(([room]) => room);
    for (const top of TOP) expect(importersOf(top).filter((room) => ![...TOP, 'index'].includes(room))).toEqual([]);
    expect(importersOf('platform').filter((room) => ![...TOP, 'index'].includes(room))).toEqual([]);
  });

  test('has no circles', () => {
    const visit = (room: string, path: readonly string[]): string[] => {
      if (path.includes(room)) return [[...path.slice(path.indexOf(room)), room].join(' → ')];
      return [...map.get(room)?.keys() ?? []].flatMap((next) => visit(next, [...path, room]));
    };
    expect([...new Set([...map.keys()].flatMap((room) => visit(room, [])))]).toEqual([]);
  });
});

describe('the reading of imports', () => {
  const specifiers = (source: string): string[] => importsOf('src/feed/mixer.ts', source).map(({ specifier }) => specifier);

  test('sees every form of import', () => {
    const source = [
      "import { a } from '../core/ids.ts';",
      "import type {\n  B,\n} from '../log/port.ts';",
      "import './side.ts';",
      "export * from '../funnel/event.ts';",
      "const late = await import('../http/server.ts');",
      "new Worker(new URL('../cli/worker.ts', import.meta.url));",
      "import { readFile } from 'node:fs/promises';",
    ].join('\n');
    expect(specifiers(source)).toEqual(['../core/ids.ts', '../log/port.ts', './side.ts', '../funnel/event.ts', '../http/server.ts', '../cli/worker.ts', 'node:fs/promises']);
  });

  test('names the file and line of a forbidden import, and each allowance that is not used', () => {
    const table = parseImportMap('## Import map\n\n| room | may import |\n|---|---|\n| core | — |\n| log | core |\n| feed | core, log, (offers) |\n');
    const judged = judge(table, importsOf('src/log/lmdb.ts', "import '../core/a.ts';\nimport { x } from '../feed/mixer.ts';"), new Set(['core', 'log', 'feed', 'offers']));
    expect(judged).toEqual({
      forbidden: ['src/log/lmdb.ts:2 imports ../feed/mixer.ts: the row of log does not allow feed'],
      unused: ['feed may import core and never does', 'feed may import log and never does'],
      roomless: ['offers'],
    });
  });

  test('counts a browser file that reaches into src as an import of that room', () => {
    const table = parseImportMap('## Import map\n| web | client |\n');
    expect(judge(table, importsOf('web/src/app.tsx', "import { Feed } from '../../src/feed/mixer.ts';\nimport { connect } from 'throughline/client';"), new Set(['web'])).forbidden).toHaveLength(1);
  });
});
