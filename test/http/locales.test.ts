import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whySchema, type FeedItem } from '../../src/http/contracts.ts';
import { serveInProcess, type InProcess } from '../support/real-server.ts';
import { call } from '../support/requests.ts';

const FSI = '\u2068';
const PDI = '\u2069';
const post = (author: string): object => ({ kind: 'post', id: `by-${author}`, attributes: { text: `A post by ${author}.`, author: `member:${author}` } });
const NETWORK = [
  { kind: 'member', id: 'sara', attributes: { name: 'سارة', grammaticalGender: 'feminine' } }, { kind: 'member', id: 'ali', attributes: { name: 'علي', grammaticalGender: 'masculine' } },
  { kind: 'member', id: 'ben', attributes: { name: 'Ben {count, plural, other {<b>}}' } }, { kind: 'member', id: 'v', attributes: { connections: ['member:sara', 'member:ali', 'member:ben'] } },
  ...['sara', 'ali', 'ben'].map(post),
];

let server: InProcess;
beforeAll(async () => {
  server = await serveInProcess();
  expect((await server.platform.putEntities(NETWORK)).rejected).toEqual([]);
});
afterAll(() => server.close());

const items = async (language: string): Promise<readonly FeedItem[]> => (await call(server, '/v1/members/v/feed', { headers: { 'accept-language': language } })).json['items'] as readonly FeedItem[];
const reasons = async (language: string): Promise<readonly (string | undefined)[]> => {
  const found = await items(language);
  return ['sara', 'ali', 'ben'].map((author) => found.find(({ item }) => item === `post:by-${author}`)?.reason.text);
};
const BEN = 'Ben {count, plural, other {<b>}}';

describe('over HTTP, the reasons of a page', () => {
  test('are German for who reads German, whatever their country', async () => {
    for (const language of ['de', 'de-AT,de;q=0.9,en;q=0.8']) expect(await reasons(language)).toEqual([`Beitrag von ${FSI}سارة${PDI}`, `Beitrag von ${FSI}علي${PDI}`, `Beitrag von ${BEN}`]);
  });

  test('are Arabic for who reads Arabic: gendered where the actor says so, neutral otherwise, and no name tears the sentence', async () => {
    expect(await reasons('ar-EG')).toEqual(['نشرت سارة هذا', 'نشر علي هذا', `منشور من ${FSI}${BEN}${PDI}`]);
  });

  test('are Japanese, and English for who reads what we do not write', async () => {
    expect((await reasons('ja'))[2]).toBe(`${BEN}が投稿`);
    for (const language of ['fr-FR', '*', 'constructor', '']) expect((await reasons(language))[2]).toBe(`${BEN} posted this`);
  });

  test('are told in the same language when asked why', async () => {
    const ben = (await items('de')).find(({ item }) => item === 'post:by-ben');
    const sara = (await items('ar')).find(({ item }) => item === 'post:by-sara');
    const why = async (item: FeedItem | undefined, language: string): Promise<readonly string[]> => whySchema.parse((await call(server, `/v1/members/v/why/${item?.trackingId ?? ''}`, { headers: { 'accept-language': language } })).json).sentences;
    expect((await why(ben, 'de'))[0]).toBe(`Grund: Beitrag von ${BEN}.`);
    expect((await why(sara, 'ar'))[0]).toBe('سبب الظهور: نشرت سارة هذا.');
    expect((await why(sara, 'en'))[0]).toBe(`You see this because: ${FSI}سارة${PDI} posted this.`);
  });

  test('speak neutrally of a member who takes the statement back', async () => {
    await server.platform.putEntities([{ kind: 'member', id: 'sara', attributes: { name: 'سارة' } }]);
    expect((await reasons('ar'))[0]).toBe('منشور من سارة');
  });
});
