import { describe, expect, test } from 'vitest';
import { BASIS, createTaste, openTaste, stretchOf, type StateRow } from '../../../src/journey/taste.ts';
import { attachSpace } from '../../../src/memory/space.ts';

const WIDTH = 4;
const row = (changes: Partial<StateRow> = {}): StateRow => ({ basis: BASIS.events, sequence: 2, profile: 4, switched: 0, last: 1000, seconds: 1000, state: Float32Array.of(1, 2, 3, 4), ...changes });
const KEY = { sequence: 2, profile: 4, switched: 0, seconds: 1000 };

const withModel = () => {
  const writer = createTaste();
  writer.replace({ model: 'one', width: WIDTH, vectors: new Float32Array(40), light: new Uint8Array() });
  const reader = openTaste(attachSpace(writer.space.share()));
  return { writer, reader, into: new Float32Array(WIDTH) };
};

describe('the standing of a state', () => {
  test.each([
    { title: 'is fresh as long as nothing changed', made: {}, asked: {}, standing: 'fresh' },
    { title: 'is old after another event', made: {}, asked: { sequence: 4 }, standing: 'old' },
    { title: 'is old in another stretch of time', made: {}, asked: { seconds: 1100 }, standing: 'old' },
    { title: 'is fresh in the same stretch of time', made: {}, asked: { seconds: 1001 }, standing: 'fresh' },
    { title: 'is none under another consent', made: {}, asked: { switched: 8 }, standing: 'none' },
    { title: 'does not change with the profile where it was made from events', made: {}, asked: { profile: 6 }, standing: 'fresh' },
    { title: 'is old after another profile where it was made from that', made: { basis: BASIS.profile }, asked: { profile: 6 }, standing: 'old' },
    { title: 'does not change with time where it was made from the profile', made: { basis: BASIS.profile, last: 0 }, asked: { seconds: 1e9 }, standing: 'fresh' },
    { title: 'is empty where there was nothing to make it of', made: { basis: BASIS.nothing }, asked: {}, standing: 'empty' },
    { title: 'is none where there is something now', made: { basis: BASIS.nothing }, asked: { sequence: 4 }, standing: 'none' },
  ] as const)('$title', ({ made, asked, standing }) => {
    const { writer, reader, into } = withModel();
    writer.writeState(7, row(made));
    reader.refresh();
    expect(reader.read(7, { ...KEY, ...asked }, into)).toBe(standing);
    expect([...into]).toEqual(standing === 'fresh' || standing === 'old' ? [1, 2, 3, 4] : [0, 0, 0, 0]);
  });

  test('is none for whoever has no row, and for nobody', () => {
    const { reader, into } = withModel();
    expect([reader.read(3, KEY, into), reader.read(-1, KEY, into), reader.read(1e7, KEY, into)]).toEqual(['none', 'none', 'none']);
  });
});

test('stretches of time grow: a month has fewer than fifteen', () => {
  const seen = new Set<number>();
  for (let seconds = 0; seconds < 30 * 86_400; seconds += 60) seen.add(stretchOf(seconds));
  expect(seen.size).toBeLessThan(15);
});

test('another model takes the place of all states and vectors in one step', () => {
  const { writer, reader, into } = withModel();
  writer.writeState(7, row());
  writer.writeVector(5000, Float32Array.of(1, 0, 0, 0));
  reader.refresh();
  expect(reader.vectors[5000 * WIDTH]).toBe(1);
  writer.replace({ model: 'two', width: 8, vectors: new Float32Array(80).fill(0.5), light: new Uint8Array() });
  // Until the reader takes it up, it has the whole of the model before.
  expect([reader.model, reader.width, reader.read(7, KEY, into)]).toEqual(['one', WIDTH, 'fresh']);
  reader.refresh();
  expect([reader.model, reader.width, reader.vectors[9], reader.read(7, KEY, new Float32Array(8))]).toEqual(['two', 8, 0.5, 'none']);
});

test('what is wiped is zeros in memory', () => {
  const { writer, reader, into } = withModel();
  writer.writeState(7, row());
  writer.writeVector(7, Float32Array.of(9, 9, 9, 9));
  writer.wipe(7);
  reader.refresh();
  expect(reader.read(7, KEY, into)).toBe('none');
  expect([...reader.vectors].filter((value) => value !== 0)).toEqual([]);
  let bytes = 0;
  writer.space.bind('taste.states.value', 0, (buffer) => { bytes = new Uint8Array(buffer).filter((byte) => byte !== 0).length; });
  expect(bytes).toBe(0);
});

test('memory grows under readers without losing a state', () => {
  const { writer, reader, into } = withModel();
  for (let member = 0; member < 3000; member++) writer.writeState(member, row({ state: new Float32Array(WIDTH).fill(member) }));
  reader.refresh();
  for (const member of [0, 1023, 1024, 2999]) {
    expect(reader.read(member, KEY, into)).toBe('fresh');
    expect([...into]).toEqual([member, member, member, member]);
  }
});
