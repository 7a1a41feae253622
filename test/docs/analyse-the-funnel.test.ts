import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { HOUR, manualClock, MINUTE, SECOND } from '../../src/core/clock.ts';
import type { Millis, RequestId } from '../../src/core/ids.ts';
import { seededRandom } from '../../src/core/random.ts';
import { answeredRecord } from '../../src/funnel/answered.ts';
import { exportFunnel } from '../../src/funnel/export.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import type { LogRecord } from '../../src/log/port.ts';
import { query, type Cell } from '../support/parquet.ts';
import { temporaryFolder } from '../support/real-server.ts';
import { cardOf, eventOf, pageRecord, START } from '../unit/funnel/story.ts';
import { blocksOf } from './support/markdown.ts';

/** Pages whose cards are looked at less the lower they stand, and acted on where they are looked at. */
const records = (): readonly LogRecord[] => {
  const random = seededRandom(11);
  const told: LogRecord[] = [];
  for (let n = 0; n < 120; n++) {
    const [at, member, isFeed] = [START + n * HOUR, `m${n % 15}`, n % 3 !== 2];
    const surface = isFeed ? 'feed' : 'discovery';
    const items = Array.from({ length: 5 }, (_, place) => (isFeed ? `article:a${n}-${place}` : `member:m${n + place}`));
    const page = pageRecord({ at, member, items, surface, variants: { order: n % 2 === 0 ? 'rules' : 'learned' } });
    told.push(page, answeredRecord({ requestId: page.id as RequestId, member, at: at as Millis, surface }, items.map((_, place) => ({ candidate: place + 1, position: place }))));
    items.forEach((item, place) => {
      if (random.next() > (isFeed ? 1.1 : 0.95) - 0.15 * place) return;
      const about = { member, item, trackingId: cardOf(page, place), surface };
      const visibleMs = 1000 + Math.floor(random.next() * 9000);
      const acts = random.next() < (isFeed ? 0.2 : 0.15);
      if (acts) told.push(eventOf({ ...about, at: at + place * 3 * SECOND + Math.floor(visibleMs * (0.2 + 0.6 * random.next())), id: `act-${n}-${place}`, action: isFeed ? (random.next() < 0.7 ? 'click' : 'like') : 'invite' }));
      told.push(eventOf({ ...about, at: at + place * 3 * SECOND + visibleMs, id: `seen-${n}-${place}`, visibleMs }));
    });
  }
  return told;
};

const table = (rows: readonly Readonly<Record<string, Cell>>[]): string => {
  const names = Object.keys(rows[0] ?? {});
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '')))];
  const widths = names.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}\n`).join('');
};

const blocks = blocksOf(readFileSync('docs/guides/analyse-the-funnel.md', 'utf8'));

describe('the queries of docs/guides/analyse-the-funnel.md', () => {
  const folder = temporaryFolder();
  beforeAll(async () => {
    const log = createMemoryLog({ partitions: 1, clock: manualClock(START + 30 * MINUTE) });
    await log.append(0, records());
    await exportFunnel(log, { folder, reasonOf: String });
  });
  const queries = blocks.flatMap((block, place) => (block.language === 'sql' && block.marks.includes('run') ? [{ block, output: blocks[place + 1] }] : []));

  test('are three', () => { expect(queries).toHaveLength(3); });
  for (const { block, output } of queries) {
    test(`line ${block.line} runs on an export and answers what the page shows`, async () => {
      expect(output?.marks).toEqual(['output']);
      expect(table(await query(block.text.replaceAll('./funnel/', `${folder}/`)))).toBe(output?.text);
    });
  }
});
