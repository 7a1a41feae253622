import { expect, test } from 'vitest';
import type { Millis } from '../../../src/core/ids.ts';
import type { LogRecord } from '../../../src/log/port.ts';
import { createIntake } from '../../../src/platform/intake.ts';
import type { Projector } from '../../../src/log/projector.ts';

const record = (type: LogRecord['type'], id: string): LogRecord => ({ type, id, at: 1 as Millis, deduplicate: 'never', payload: new Uint8Array() });

/** Takes everything, and remembers in which appends it came. */
const collecting = (): { readonly projector: Projector; readonly appends: string[][] } => {
  const appends: string[][] = [];
  let sequence = 0;
  return {
    appends,
    projector: {
      submit: async (_partition, records) => { appends.push(records.map(({ id }) => id)); return records.map(() => ({ outcome: 'stored' as const, position: { partition: 0, sequence: sequence++ } })); },
      replay: async () => 0, idle: async () => undefined,
    } satisfies Projector,
  };
};

test('served records share an append, and are on their way before an action that follows them', async () => {
  const { projector, appends } = collecting();
  const intake = createIntake(projector);
  for (const id of ['page1', 'page2', 'page3']) intake.record([record('served', id)]);
  expect(appends).toEqual([]);
  await intake.submit([record('event', 'like')]);
  expect(appends).toEqual([['page1', 'page2', 'page3'], ['like']]);
});

test('what was gathered is not lost when nothing follows, when somebody waits, or when the server stops', async () => {
  const { projector, appends } = collecting();
  const intake = createIntake(projector);
  intake.record([record('served', 'alone')]);
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  expect(appends).toEqual([['alone']]);
  intake.record([record('served', 'waited')]);
  await intake.idle();
  expect(appends).toEqual([['alone'], ['waited']]);
  intake.record([record('served', 'last')]);
  intake.stop();
  intake.record([record('served', 'tooLate')]);
  await intake.idle();
  expect(appends).toEqual([['alone'], ['waited'], ['last']]);
});
