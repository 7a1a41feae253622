import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSpans, type Span } from '../../../src/client/spans.ts';

type Told = readonly [key: string, span: Span];
const collect = (minimumMs = 300): { readonly told: Told[]; readonly spans: ReturnType<typeof createSpans> } => {
  const told: Told[] = [];
  return { told, spans: createSpans({ minimumMs, onSpan: (key, span) => { told.push([key, span]); } }) };
};

test('tells a span when it ends, once it was long enough', () => {
  const { told, spans } = collect();
  spans.set('a', true, 100);
  spans.set('a', true, 200);
  expect(told).toEqual([]);
  spans.set('a', false, 400);
  spans.set('a', false, 900);
  expect(told).toEqual([['a', { number: 1, startedMs: 100, visibleMs: 300 }]]);
});

test('says nothing of a span that was too short, and does not count it', () => {
  const { told, spans } = collect();
  spans.set('a', true, 0);
  spans.set('a', false, 299);
  spans.set('a', true, 1000);
  spans.remove('a', 1400);
  expect(told).toEqual([['a', { number: 1, startedMs: 1000, visibleMs: 400 }]]);
});

test('ends every span when the page goes out of sight, and begins new ones for what is still there', () => {
  const { told, spans } = collect();
  spans.set('a', true, 0);
  spans.set('b', true, 100);
  spans.suspend(true, 500);
  spans.suspend(true, 600);
  spans.set('b', false, 700);
  spans.set('c', true, 700);
  spans.suspend(false, 1000);
  spans.suspend(true, 2000);
  expect(told.map(([key, { number, visibleMs }]) => [key, number, visibleMs])).toEqual([['a', 1, 500], ['b', 1, 400], ['a', 2, 1000], ['c', 1, 1000]]);
});

test('agrees with the seconds counted one by one, whatever happens in whatever order', () => {
  const step = fc.oneof(
    fc.record({ what: fc.constant('set' as const), key: fc.constantFrom('a', 'b'), on: fc.boolean() }),
    fc.record({ what: fc.constant('suspend' as const), key: fc.constant(''), on: fc.boolean() }),
    fc.record({ what: fc.constant('wait' as const), key: fc.constant(''), on: fc.boolean() }),
  );
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const { told, spans } = collect(3);
    const inPlace = new Set<string>();
    const running = new Map<string, number>();
    const expected: (readonly [string, number])[] = [];
    let hidden = false;
    const finish = (key: string): void => {
      const length = running.get(key) ?? 0;
      running.delete(key);
      if (length >= 3) expected.push([key, length]);
    };
    steps.forEach(({ what, key, on }, at) => {
      if (what === 'set') {
        spans.set(key, on, at);
        if (on) inPlace.add(key);
        else { inPlace.delete(key); finish(key); }
      } else if (what === 'suspend') {
        spans.suspend(on, at);
        hidden = on;
        if (on) for (const one of ['a', 'b']) finish(one);
      }
      if (!hidden) for (const one of inPlace) running.set(one, (running.get(one) ?? 0) + 1);
    });
    const sorted = (list: readonly (readonly [string, number])[]): readonly string[] => list.map(String).toSorted();
    expect(sorted(told.map(([key, { visibleMs }]) => [key, visibleMs]))).toEqual(sorted(expected));
  }), { seed: 7, numRuns: 300 });
});
