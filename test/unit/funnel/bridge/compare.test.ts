import { expect, test } from 'vitest';
import { compareCounts, createCounts, type Counts } from '../../../../src/funnel/bridge/compare.ts';

const DAY = Date.UTC(2026, 5, 1);
const counted = (...groups: readonly (readonly [number, string, string | undefined, number])[]): Counts => {
  const counts = createCounts();
  for (const [many, action, entityType, time] of groups) for (let n = 0; n < many; n++) counts.add(JSON.stringify({ eventName: 'E', action, time: time + n, ...(entityType === undefined ? {} : { entityType }) }));
  return counts;
};

test('keys agree within a tenth of a percent, or are named, the furthest first', () => {
  const host = counted([2000, 'FOLLOW', 'GROUP', DAY], [2000, 'FOLLOW', 'COMPANY', DAY], [10, 'INVITE', undefined, DAY]);
  expect(compareCounts(host, host)).toEqual({ host: 4010, bridge: 4010, keys: 3, tolerance: 0.001, within: true, differing: [] });
  const bridge = counted([2002, 'FOLLOW', 'GROUP', DAY], [1990, 'FOLLOW', 'COMPANY', DAY], [10, 'INVITE', undefined, DAY + 86_400_000]);
  expect(compareCounts(host, bridge)).toMatchObject({ keys: 4, within: false, differing: [
    { action: 'INVITE', kind: 'MEMBER', day: '2026-06-01', host: 10, bridge: 0, relative: -1 }, { day: '2026-06-02', host: 0, bridge: 10, relative: 1 }, { kind: 'COMPANY', relative: -0.005 },
  ] });
});

test('a line that is no event is refused, an empty one passed over', () => {
  const counts = createCounts();
  counts.add('');
  for (const line of ['{', '[]', '{"eventName":"E","action":"A"}', '{"eventName":"E","action":"A","time":1e300}']) expect(() => { counts.add(line); }).toThrow(RangeError);
  expect(counts.byKey.size).toBe(0);
});
