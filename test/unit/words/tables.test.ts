import { describe, expect, test } from 'vitest';
import { ACTION_WORDS, actionWords } from '../../../src/words/actions.ts';
import { COMMON } from '../../../src/words/common.ts';
import { checkMessage, LOCALES, say, type Message } from '../../../src/words/words.ts';

const messages: readonly (readonly [string, Message])[] = [
  ...Object.entries(ACTION_WORDS).flatMap(([action, labels]) => (['do', 'done', 'undo'] as const).map((state) => [`${action}.${state}`, labels[state]] as const)),
  ...Object.entries<Message>(COMMON),
];

describe('the words that everything shares', () => {
  test.each(messages)('%s is there in every locale and passes the check', (_key, message) => {
    expect(Object.keys(message)).toEqual([...LOCALES]);
    expect(checkMessage(message)).toEqual([]);
  });

  test('have labels of at most two words and twenty characters', () => {
    const long = messages.filter(([key]) => ACTION_WORDS[key.split('.')[0] ?? ''] !== undefined).flatMap(([key, message]) => LOCALES.filter((locale) => (message[locale] ?? '').split(' ').length > 2 || (message[locale] ?? '').length > 20).map((locale) => `${key} ${locale}`));
    expect(long).toEqual([]);
  });

  test('count', () => {
    expect([0, 1, 2].map((count) => say(COMMON.mutualConnections, 'en', { count }))).toEqual(['0 mutual connections', '1 mutual connection', '2 mutual connections']);
    expect([0, 1, 2, 3, 11, 100].map((count) => say(COMMON.members, 'ar', { count }))).toEqual(['لا أعضاء بعد', 'عضو واحد', 'عضوان', '3 أعضاء', '11 عضوًا', '100 عضو']);
    expect(say(COMMON.followers, 'ja', { count: 1200 })).toBe('フォロワー1,200人');
    expect(say(COMMON.seeAll, 'de', { count: 12_345 })).toBe('Alle anzeigen (12.345)');
  });

  test('call an action without labels by its name', () => {
    expect(say(actionWords('longView').do, 'de')).toBe('Long view');
    expect(say(actionWords('constructor').do, 'en')).toBe('Constructor');
    expect(say(actionWords('follow').do, 'ja')).toBe('フォロー');
  });
});
