import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { reportOf, runTruth, TRUTH_SIZE, type TruthOptions } from '../../src/cli/demo-truth.ts';
import { createProgress } from '../../src/cli/progress.ts';
import { MINUTE, systemClock } from '../../src/core/clock.ts';
import { openLmdbLog } from '../../src/log/lmdb.ts';
import { logFolder } from '../../src/platform/open.ts';
import { temporaryFolder } from '../support/real-server.ts';

const run = (options: Omit<TruthOptions, 'progress'>): ReturnType<typeof runTruth> => runTruth({ ...options, progress: createProgress({ quiet: true }) });

/** Of every record: its id, time, member and content, in the order of the log. */
const digestOf = async (data: string): Promise<string> => {
  const log = await openLmdbLog({ folder: logFolder(data), clock: systemClock, readOnly: true });
  const hash = createHash('sha256');
  for await (const { records } of log.read([{ partition: 0, sequence: 0 }])) {
    for (const { type, id, at, member, payload } of records) hash.update(`${type} ${id} ${at} ${member ?? ''} ${payload.length}\n`).update(payload);
  }
  await log.close();
  return hash.digest('hex');
};

describe('a world with a simulated clock', () => {
  test('makes the same log, byte for byte, from the same seed, models and pages included', async () => {
    const small = { seed: 3, freshDays: 0.25, values: { members: 60, historyDays: 3, trainings: 2 } };
    const [one, again] = [temporaryFolder(), temporaryFolder()];
    const first = await run({ ...small, data: one });
    const second = await run({ ...small, data: again });
    expect(second.model).toEqual(first.model);
    expect(await digestOf(again)).toBe(await digestOf(one));
  });
});

describe('the model of the demo world, held against the truth on impressions after training', () => {
  test('recovers the examination curve and means what it says', async () => {
    const { depth, examination, examinationError, truth, actions } = reportOf(await run({ seed: 11, data: temporaryFolder(), freshDays: 4, values: TRUTH_SIZE }));
    // A page has 20 places: at least the better part of one must be told apart.
    expect(depth).toBeGreaterThanOrEqual(15);
    expect(examinationError, JSON.stringify(examination)).toBeLessThanOrEqual(0.05);
    expect(truth.ratio).toBeGreaterThanOrEqual(0.98);
    expect(truth.ratio).toBeLessThanOrEqual(1.02);
    for (const { ratio } of truth.bins) {
      expect(ratio, JSON.stringify(truth.bins)).toBeGreaterThanOrEqual(0.9);
      expect(ratio, JSON.stringify(truth.bins)).toBeLessThanOrEqual(1.1);
    }
    expect(truth.ece).toBeLessThanOrEqual(0.01);
    // Action by action, those that there are enough of: what sponsored cards earn and are barred by rests on clicks and hides alone.
    const many = actions.filter((action) => action.true >= 1000);
    expect(many.map(({ action }) => action)).toEqual(expect.arrayContaining(['click', 'like', 'comment', 'share']));
    for (const { ratio } of many) {
      expect(ratio, JSON.stringify(actions)).toBeGreaterThanOrEqual(0.9);
      expect(ratio, JSON.stringify(actions)).toBeLessThanOrEqual(1.1);
    }
  }, 20 * MINUTE);
});
