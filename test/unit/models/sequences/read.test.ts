import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ThroughlineError } from '../../../../src/core/errors.ts';
import { readSequences, type ReadOptions } from '../../../../src/models/sequences/read.ts';
import { fileWith } from './made.ts';

type Told = Readonly<Record<string, readonly (string | readonly [string, number])[]>>;

/** The sequences under their names: `{ u1: ['a', 'b'] }`, or `['a', 10]` where there are times. */
const told = async (content: string | Buffer, options?: ReadOptions): Promise<Told> => {
  const { data } = await readSequences(fileWith(content), options);
  return Object.fromEntries(data.memberNames.map((name, m) => [name, Array.from({ length: (data.starts[m + 1] ?? 0) - (data.starts[m] ?? 0) }, (_, k) => {
    const e = (data.starts[m] ?? 0) + k;
    const item = data.itemNames[data.item[e] ?? -1] ?? '?';
    return data.seconds === undefined ? item : [item, data.seconds[e] ?? Number.NaN] as const;
  })]));
};

const refusal = async (content: string | Buffer, options?: ReadOptions): Promise<ThroughlineError> => {
  const error: unknown = await readSequences(fileWith(content), options).then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof ThroughlineError)) throw new Error('it was read', { cause: error });
  return error;
};

const ORDER = { u1: ['a', 'b', 'c'], u2: ['b', 'a'] };
const TIMES = { u1: [['a', 1e9], ['b', 1e9 + 5], ['c', 1e9 + 9]], u2: [['b', 1e9 + 1], ['a', 1e9 + 2]] };
const T = (n: number): number => 1e9 + n;

describe('the form of a file is found', () => {
  test.each([
    ['user item', 'u1 a\nu1 b\nu1 c\nu2 b\nu2 a\n'],
    ['user item, members mixed', 'u1 a\nu2 b\nu1 b\nu2 a\nu1 c\n'],
    ['user item by tabs, Windows line ends, no last end', 'u1\ta\r\nu1\tb\r\nu1\tc\r\nu2\tb\r\nu2\ta'],
    ['user,item with a header', 'user_id,item_id\nu1,a\nu1,b\nu1,c\nu2,b\nu2,a\n'],
    ['columns in another order, quoted', '"item","rating","user"\n"a",1,"u1"\nb,2,u1\nc,1,u1\nb,1,u2\na,1,u2\n'],
    ['user item item item …', 'u1 a b c\nu2 b a\n'],
    ['user, tab, items by spaces', 'u1\ta b c\nu2\tb a\n'],
    ['a rating behind the item', 'u1 a 5\nu1 b 3\nu1 c 4\nu2 b 1\nu2 a 2\n'],
    ['a byte order mark and blank lines', '\uFEFFu1 a\nu1 b\n\nu1 c\nu2 b\nu2 a\n\n'],
  ])('%s', async (_, content) => {
    expect(await told(content)).toEqual(ORDER);
    expect(await told(gzipSync(content))).toEqual(ORDER);
  });

  test.each([
    ['user item seconds', `u1 a ${T(0)}\nu1 b ${T(5)}\nu1 c ${T(9)}\nu2 b ${T(1)}\nu2 a ${T(2)}\n`],
    ['user item seconds, in no order', `u1 c ${T(9)}\nu2 a ${T(2)}\nu1 b ${T(5)}\nu2 b ${T(1)}\nu1 a ${T(0)}\n`],
    ['user item milliseconds', `u1 a ${T(0)}000\nu1 b ${T(5)}000\nu1 c ${T(9)}000\nu2 b ${T(1)}000\nu2 a ${T(2)}000\n`],
    ['user::item::rating::seconds', `u1::a::5::${T(0)}\nu1::b::3::${T(5)}\nu1::c::3::${T(9)}\nu2::b::1::${T(1)}\nu2::a::2::${T(2)}\n`],
    ['the typed header of atomic files', `user_id:token\titem_id:token\trating:float\ttimestamp:float\nu1\ta\t5\t${T(0)}\nu1\tb\t3\t${T(5)}\nu1\tc\t3\t${T(9)}\nu2\tb\t1\t${T(1)}\nu2\ta\t2\t${T(2)}\n`],
    ['dates', 'user,item,date\nu1,a,2001-09-09T01:46:40Z\nu1,b,2001-09-09 01:46:45\nu1,c,2001-09-09 01:46:49\nu2,b,2001-09-09 01:46:41\nu2,a,2001-09-09 01:46:42\n'],
    ['user item:seconds …', `u1 a:${T(0)} b:${T(5)} c:${T(9)}\nu2 b:${T(1)} a:${T(2)}\n`],
    ['user item seconds item seconds …', `u1 a ${T(0)} b ${T(5)} c ${T(9)}\nu2 b ${T(1)} a ${T(2)}\n`],
  ])('%s', async (_, content) => { expect(await told(content)).toEqual(TIMES); });

  test('small numbers in a third column that rise are times of their own clock', async () => {
    expect(await told('u1 a 100\nu1 b 250\nu2 a 120\n')).toEqual({ u1: [['a', 100], ['b', 250]], u2: [['a', 120]] });
  });

  test('days are days, and a fourth column names the action', async () => {
    const { data } = await readSequences(fileWith('u1 a 20190616 click\nu1 b 20190617 buy\nu2 a 20190616 click\n'));
    expect([...data.seconds ?? []]).toEqual([Date.UTC(2019, 5, 16) / 1000, Date.UTC(2019, 5, 17) / 1000, Date.UTC(2019, 5, 16) / 1000]);
    expect([data.actions, [...data.action ?? []]]).toEqual([['click', 'buy'], [0, 1, 0]]);
  });

  test('a member whose line comes twice goes on, one without items is counted and left out', async () => {
    const content = 'u1 a b c d\nu2 b\nu1 e f g\nu3\n';
    expect(await told(content)).toEqual({ u1: ['a', 'b', 'c', 'd', 'e', 'f', 'g'], u2: ['b'] });
    expect((await readSequences(fileWith(content))).report).toMatchObject({ emptyMembers: 1, events: 8, lines: 4 });
  });
});

test('events out of time order are sorted and counted, those of one second keep the order of the file', async () => {
  const content = `u1 a ${T(3)}\nu1 b ${T(1)}\nu1 c ${T(3)}\nu1 d ${T(1)}\nu2 a ${T(1)}\n`;
  expect((await told(content))['u1']).toEqual([['b', T(1)], ['d', T(1)], ['a', T(3)], ['c', T(3)]]);
  expect((await readSequences(fileWith(content))).report.outOfOrder).toBe(2);
});

test('the hash is of what is inside, packed or not', async () => {
  const content = 'u1 a\nu1 b\n';
  const sha256 = createHash('sha256').update(content).digest('hex');
  for (const stored of [content, gzipSync(content)]) expect((await readSequences(fileWith(stored))).report.sha256).toBe(sha256);
});

test('ids and lines that lie across blocks of the file are whole', async () => {
  const lines = Array.from({ length: 200_000 }, (_, n) => `member-with-a-long-name-${n % 5000} item-ü-${n % 997}`);
  const { data, report } = await readSequences(fileWith(gzipSync(`${lines.join('\n')}\n`)));
  expect([report.lines, data.item.length, data.members, data.items]).toEqual([200_000, 200_000, 5000, 997]);
  expect([data.memberNames[4999], data.itemNames[996]]).toEqual(['member-with-a-long-name-4999', 'item-ü-996']);
});

test('a member with more items than a block of the file holds is read', async () => {
  const { data } = await readSequences(fileWith(`u1 ${Array.from({ length: 400_000 }, (_, n) => `item${n}`).join(' ')}\nu2 item7 item8\n`));
  expect([data.items, data.starts[1], data.item[400_001]]).toEqual([400_000, 400_000, 8]);
});

describe('what cannot be read is refused in one sentence with its line', () => {
  test.each<readonly [string, string | Buffer, number | undefined, RegExp]>([
    ['an empty file', '', undefined, /is empty/u],
    ['blank lines alone', '\n\n', undefined, /is empty/u],
    ['a header alone', 'user_id,item_id\n', undefined, /holds no event/u],
    ['a line that is no pair', 'u1 a\nu1 b\nu2\nu2 a\n', 3, /"u2" has 1 field where 2 belong/u],
    ['a line with too much', 'u1 a\nu1 b\nu2 a what is this\nu2 a\nu2 b\n', 3, /5 fields where 2 belong/u],
    ['a cut line of three columns', `u1 a ${T(1)}\nu1 b ${T(2)}\nu2 a\n`, 3, /2 fields where 3 belong/u],
    ['a time that is no number', `u1 a ${T(1)}\nu1 b NaN\nu2 a ${T(3)}\n`, 2, /"NaN" is not a time/u],
    ['an infinite time', `u1 a ${T(1)}\nu1 b ${T(1)}\nu2 a Infinity\n`, 3, /"Infinity" is not a time/u],
    ['a time beyond all numbers', `u1 a ${T(1)}\nu1 b 1e999\nu2 a 5\n`, 2, /"1e999" is not a time/u],
    ['an item without its time', `u1 a:${T(1)} b:${T(1)} c:${T(1)} a:${T(1)} b:${T(1)} c:${T(1)}\nu2 a:${T(2)} b:${T(3)} c:${T(1)} a:${T(1)} b:${T(1)} c\n`, 2, /"c" is not item:time/u],
    ['an id that is missing', 'user,item\nu1,a\nu1,b\nu2,nan\n', 4, /the item is "nan"/u],
    ['an empty id', 'user,item\nu1,a\n,b\nu2,a\n', 3, /the user is ""/u],
    ['a catalogue of one item', 'u1 a\nu2 a\nu1 a\n', undefined, /one item only \("a"\)/u],
    ['columns that nobody named', 'u1 a b c d\nu1 b b c d\nu1 c b c d\n', 1, /no header/u],
    ['zero bytes', Buffer.concat([Buffer.from('u1 a\nu1 b\n'), Buffer.from([0, 1, 2, 10])]), 3, /binary/u],
    ['bytes that are no text', Buffer.concat([Buffer.from('u1 a\nu1 b\n'), Buffer.from([0xff, 0xfe, 10])]), 3, /not UTF-8/u],
    ['half a gzip file', gzipSync('u1 a\nu1 b\n'.repeat(1000)).subarray(0, 40), undefined, /whole gzip file/u],
  ])('%s', async (...[, content, line, says]) => {
    const { code, message, where } = await refusal(content);
    expect([code, where.line]).toEqual(['client/invalidData', line]);
    expect(message).toMatch(says);
    expect(message).toContain(where.file);
  });

  test('a file that is not there', async () => {
    await expect(readSequences('/nowhere/at-all.txt')).rejects.toMatchObject({ code: 'client/notFound', message: expect.stringContaining('/nowhere/at-all.txt') });
  });

  test('another header than the recipe names', async () => {
    const columns = { user: 'who', item: 'what', time: 'when' };
    expect(await told('when,who,what\n7,u1,a\n9,u1,b\n', { columns })).toEqual({ u1: [['a', 7], ['b', 9]] });
    expect((await refusal('user,item\nu1,a\n', { columns })).message).toMatch(/lacks "who" or "what"/u);
  });
});
