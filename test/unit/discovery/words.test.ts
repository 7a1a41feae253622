import { expect, test } from 'vitest';
import { COHORTS } from '../../../src/discovery/pool/index.ts';
import { checkMessage, LOCALES, type Message } from '../../../src/words/words.ts';

const messages: readonly (readonly [string, Message])[] = COHORTS.flatMap(({ name, words: { title, reason } }) => [[`the title of ${name}`, title] as const, ...(reason === undefined ? [] : [[`the reason of ${name}`, reason] as const])]);

test.each(messages)('%s is there in every locale, passes the check and needs nothing but a subject', (_key, message) => {
  expect(Object.keys(message).toSorted()).toEqual([...LOCALES].toSorted());
  expect(checkMessage(message, ['subject'])).toEqual([]);
});
