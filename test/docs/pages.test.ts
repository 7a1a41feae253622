import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repositoryFiles } from '../unit/house/repository.ts';
import { namesIn, relativeLinks } from './support/markdown.ts';

const read = (path: string): string => readFileSync(path, 'utf8');
const pages = repositoryFiles().filter((path) => path.endsWith('.md'));
const decisions = pages.filter((path) => path.startsWith('docs/decisions/'));

const FOLDERS = /^(?:src|web|test|scripts|bench|docs|bin)\//u;
/** Names that are written together with the file that has them: `page` in `src/feed/service.ts`. */
const NAMED_IN = /`([A-Za-z]\w*)`\s+(?:in|of)\s+`([\w./-]+\.ts)`/gu;

describe('the documents', () => {
  test('are found, so that these rules look at something', () => {
    expect(pages.length).toBeGreaterThan(15);
    expect(decisions.length).toBeGreaterThan(10);
  });

  test('link to nothing that is not there', () => {
    const broken = pages.flatMap((page) => relativeLinks(read(page)).filter((target) => !existsSync(join(dirname(page), target))).map((target) => `${page}: ${target}`));
    expect(broken).toEqual([]);
  });

  test('name no file or folder that is not there', () => {
    const gone = pages.flatMap((page) => namesIn(read(page)).filter((name) => FOLDERS.test(name) && /^[\w./-]+$/u.test(name) && !existsSync(name)).map((name) => `${page}: ${name}`));
    expect(gone).toEqual([]);
  });

  test('name no function that its file does not have', () => {
    const named = pages.flatMap((page) => [...read(page).matchAll(NAMED_IN)].map(([, name = '', file = '']) => ({ page, name, file })));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(({ name, file }) => existsSync(file) && !new RegExp(`\\b${name}\\b`, 'u').test(read(file)))).toEqual([]);
  });

  test('ARCHITECTURE.md stays within two pages', () => {
    expect(read('ARCHITECTURE.md').trimEnd().split('\n').length).toBeLessThanOrEqual(120);
  });

  test('ARCHITECTURE.md asks one question per folder of src', () => {
    const folders = new Set(repositoryFiles('src').filter((path) => path.split('/').length > 2).map((path) => path.split('/').slice(0, 2).join('/')));
    const asked = new Set([...read('ARCHITECTURE.md').matchAll(/^\| `(src\/\w+)` \| [^|]+\? \|$/gmu)].map(([, folder]) => folder));
    expect([...folders].filter((folder) => !asked.has(folder))).toEqual([]);
  });

  test('README.md shows a picture, two commands and a request on its first screen', () => {
    const screen = read('README.md').split('\n').slice(0, 32).join('\n');
    for (const part of ['docs/images/feed.png', 'npm start', 'npm test', 'curl -s', '"trackingId"']) expect(screen).toContain(part);
  });

  test('name no machine and no registry host', () => {
    const host = new RegExp(['registry\\.npm' + 'js', 'npm\\.pkg', 'localhost:48' + '73'].join('|'), 'u');
    expect(pages.filter((page) => host.test(read(page)) || /(?<![\w.])\/(?:work|home|root|tmp|Users)\//u.test(read(page)))).toEqual([]);
  });
});

describe('the decisions', () => {
  test.each(decisions)('%s has a number, a date, and says context, decision and consequence', (path) => {
    const text = read(path);
    const number = /\/(\d{4})-[a-z0-9-]+\.md$/u.exec(path)?.[1];
    expect(text).toMatch(new RegExp(`^# ${Number(number)}\\. \\S`, 'u'));
    expect(text).toMatch(/^Date: \d{4}-\d{2}-\d{2}$/mu);
    expect([...text.matchAll(/^## (.+)$/gmu)].map(([, heading]) => heading)).toEqual(['Context', 'Decision', 'Consequence']);
    expect(text.split('\n').length).toBeLessThanOrEqual(40);
  });

  test('are numbered from 1 without a gap', () => {
    expect(decisions.map((path) => Number(/(\d{4})/u.exec(path)?.[1]))).toEqual(decisions.map((_, place) => place + 1));
  });
});
