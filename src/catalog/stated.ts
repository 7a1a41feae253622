/** What a member states of themselves, as they write it, for conditions that ask for it: rendered on write as JSON text, read only where something asks. */
import type { Attributes } from '../core/context.ts';
import type { Millis } from '../core/ids.ts';
import type { StoredEntity } from './records.ts';

const WRITTEN = ['company', 'creator', 'industry', 'locale', 'place', 'skills', 'topics'] as const;
/** Attributes that a condition may ask for. */
export const STATED_ATTRIBUTES: readonly string[] = [...WRITTEN, 'createdAt'];

/** Undefined where there is nothing to keep. */
export const statedText = ({ kind, attributes }: StoredEntity): string | undefined => {
  if (kind !== 'member') return undefined;
  const stated = Object.fromEntries(WRITTEN.flatMap((name) => (attributes[name] === undefined ? [] : [[name, attributes[name]]])));
  return Object.keys(stated).length === 0 ? undefined : JSON.stringify(stated);
};

/** @param text as `statedText` made it, empty for none */
export const statedAttributes = (text: string, createdAt: Millis): Attributes =>
  ({ ...(text === '' ? {} : JSON.parse(text) as Attributes), createdAt: new Date(createdAt).toISOString() });
