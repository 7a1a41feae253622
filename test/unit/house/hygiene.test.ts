import { describe, expect, test } from 'vitest';
import { read, repositoryFiles } from './repository.ts';

const CODE = /\.(?:ts|tsx|mjs|js|css)$/u;
/** Where time and chance enter: everything else is handed a Clock and a Random. */
const EDGE = ['examples/terminal-client/', 'src/core/clock.ts', 'src/cli/', 'src/client/', 'scripts/', 'bin/', 'web/', 'bench/', 'test/'];

const all = repositoryFiles();
const code = all.filter((path) => CODE.test(path));
const text = all.filter((path) => CODE.test(path) || /\.(?:md|json|ya?ml|sh)$/u.test(path) || path === '.ci/run');

/** `file:line` of every line that matches; a pattern is written in pieces so that this file does not match itself. */
const linesWith = (paths: readonly string[], pattern: RegExp): string[] =>
  paths.flatMap((path) => read(path).split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])));

const either = (...words: readonly string[]): RegExp => new RegExp(words.join('|'), 'u');

describe('the repository', () => {
  test('is found, so that these rules look at something', () => {
    expect(code.length).toBeGreaterThan(20);
  });

  test('promises no later work in its code', () => {
    expect(linesWith(code, either('\\bTO' + 'DO\\b', '\\bFIX' + 'ME\\b', '\\bXX' + 'X\\b'))).toEqual([]);
  });

  test('runs every test it has: none alone, none left out without a reason', () => {
    const tests = code.filter((path) => path.startsWith('test/'));
    expect(linesWith(tests, new RegExp('\\b(?:test|it|describe)\\.(?:on' + 'ly|sk' + 'ip|to' + 'do)\\b', 'u'))).toEqual([]);
  });

  test('asks for time and chance only at the edge', () => {
    const inside = code.filter((path) => !EDGE.some((edge) => path.startsWith(edge)));
    expect(linesWith(inside, either('\\bMath\\.random\\b', '\\bDate\\.now\\b', '\\bnew Date\\(\\)'))).toEqual([]);
  });

  test('keeps every file within 400 lines', () => {
    expect(code.filter((path) => read(path).split('\n').length > 401)).toEqual([]);
  });

  test('names no machine', () => {
    const places = ['/wo' + 'rk/', '/ho' + 'me/\\w', '/ro' + 'ot/', '/Us' + 'ers/\\w'].map((place) => `(?<![\\w.])${place}`);
    expect(linesWith(text.filter((path) => path !== 'package-lock.json'), either(...places))).toEqual([]);
  });
});

interface Manifest { readonly dependencies?: Record<string, string>; readonly devDependencies?: Record<string, string>; readonly optionalDependencies?: Record<string, string> }
interface Locked extends Manifest { readonly version?: string; readonly dev?: boolean }

describe('the packages', () => {
  test('are pinned to exact versions', () => {
    const loose = all.filter((path) => /(?:^|\/)package\.json$/u.test(path)).flatMap((path) => {
      const manifest = JSON.parse(read(path)) as Manifest;
      return Object.entries({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies })
        .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/u.test(version))
        .map(([name, version]) => `${path}: ${name}@${version}`);
    });
    expect(loose).toEqual([]);
  });

  test('are locked for every platform, else npm ci refuses; scripts/complete-lock.mjs repairs it', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
    const wanted = Object.entries(packages).flatMap(([parent, one]) => Object.keys(one.optionalDependencies ?? {}).map((name) => [parent, name] as const));
    expect(wanted.filter(([parent, name]) => packages[`${parent}/node_modules/${name}`] === undefined && packages[`node_modules/${name}`] === undefined)).toEqual([]);
  });
});
