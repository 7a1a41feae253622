/** The page as JSON, joined from parts rendered on write; only what depends on the viewer is rendered here. */
import type { TextColumn } from '../catalog/texts.ts';
import { trackingId } from '../core/ids.ts';
import { ACTIONS, ENTITY_KINDS } from '../core/registry.ts';
import { REASON_CODES, reasonText } from '../rankers/reasons.ts';
import { isPlain, speakReason } from '../rankers/spoken.ts';
import { matchLocale, type Locale } from '../words/words.ts';
import { seenRowOf } from '../rankers/eligible.ts';
import type { FeedWork } from './candidates.ts';
import type { Campaigns } from './objectives/campaigns.ts';

let bytes = Buffer.allocUnsafe(64 * 1024);
let at = 0;

const room = (needed: number): void => {
  if (at + needed <= bytes.length) return;
  const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, at + needed));
  bytes.copy(larger, 0, 0, at);
  bytes = larger;
};
const text = (value: string): void => {
  room(value.length * 3);
  at += bytes.write(value, at, 'utf8');
};
const copy = (from: Uint8Array, offset: number, length: number): void => {
  room(length);
  bytes.set(from.subarray(offset, offset + length), at);
  at += length;
};

/** The actions a viewer has done to an item, as JSON, by bit mask: there are few masks. */
const actionLists = new Map<number, string>();
const actionList = (mask: number): string => {
  const known = actionLists.get(mask);
  if (known !== undefined) return known;
  const rendered = JSON.stringify(ACTIONS.filter((_action, i) => (mask & (1 << i)) !== 0).map(({ name }) => name));
  actionLists.set(mask, rendered);
  return rendered;
};

/** Reasons that name nobody and nothing, as JSON, by their number. */
const plainReasons = new Map<Locale, readonly string[]>();
const plainReasonsIn = (locale: Locale): readonly string[] => {
  const known = plainReasons.get(locale);
  if (known !== undefined) return known;
  const rendered = REASON_CODES.map((code) => `{"code":"${code}","text":${JSON.stringify(reasonText(code, { names: [], total: 0, terms: [] }, locale))},"actors":[]}`);
  plainReasons.set(locale, rendered);
  return rendered;
};

/** What all items of a page have in common. */
interface Page { readonly campaigns: Campaigns | undefined; readonly locale: Locale; readonly plain: readonly string[] }

const reason = ({ candidates, views: { catalog } }: FeedWork, c: number, { locale, plain }: Page): string =>
  (isPlain(candidates, c) ? plain[candidates.reason[c] ?? 0] ?? plain[0] ?? '' : JSON.stringify(speakReason(candidates, c, { catalog, locale })));

/** @returns false, and nothing is written, where there is no such text. */
const copyText = ({ views: { catalog } }: FeedWork, column: TextColumn, entity: number): boolean => {
  const start = at;
  return catalog.texts.take(column, entity, (from, offset, length) => { at = start; copy(from, offset, length); });
};

const OPENING = '['.charCodeAt(0);

/** An item that went while its page was made is left out. */
const item = (work: FeedWork, place: number, page: Page): void => {
  const { campaigns } = page;
  const c = work.page[place] ?? 0;
  const start = at;
  const { candidates, views: { catalog, journey }, context } = work;
  const number = candidates.item[c] ?? 0;
  const { columns } = catalog.items;
  // Looked up anew: between the ranking and here something may have been awaited.
  const seenRow = seenRowOf(work, number);
  text(`${bytes[at - 1] === OPENING ? '' : ','}{"trackingId":"${trackingId(context.requestId, c)}","item":${JSON.stringify(catalog.entities.name(number))},"kind":"${ENTITY_KINDS[columns.kind[number] ?? 0] ?? ''}","position":${work.firstPosition + place},"reason":${reason(work, c, page)},"viewer":{"actions":${seenRow < 0 ? '[]' : actionList(journey.seen.columns.actions[seenRow] ?? 0)}},"card":`);
  if (!copyText(work, 'card', number)) { at = start; return; }
  work.left.push({ candidate: c, position: work.firstPosition + place });
  if (!copyText(work, 'authorPart', (columns.author[number] ?? 0) - 1)) text('null');
  text('}');
  const row = (candidates.campaign[c] ?? 0) - 1;
  if (campaigns !== undefined && row >= 0) {
    text(',"sponsored":{"advertiser":');
    if (!copyText(work, 'authorPart', (campaigns.columns.advertiser[row] ?? 0) - 1)) text('null');
    text('}');
  }
  text('}');
};

/** @returns UTF-8 JSON, valid until it is sent (a copy). */
export const decorate = (work: FeedWork, campaigns: Campaigns | undefined): Uint8Array => {
  at = 0;
  const locale = matchLocale(work.context.locale);
  const page: Page = { campaigns, locale, plain: plainReasonsIn(locale) };
  text(`{"requestId":"${work.context.requestId}","member":${JSON.stringify(`member:${work.memberId}`)},"sort":"${work.sort}","items":[`);
  for (let place = 0; place < work.page.length; place++) item(work, place, page);
  text(`],"nextCursor":${work.nextCursor === null ? 'null' : `"${work.nextCursor}"`},"missing":${JSON.stringify(work.missing)}}`);
  return Buffer.from(bytes.subarray(0, at));
};
