/** The page as JSON, joined from parts rendered on write; only what depends on the viewer is rendered here. */
import { kindRow } from '../catalog/kinds.ts';
import type { TextColumn } from '../catalog/texts.ts';
import { trackingId } from '../core/ids.ts';
import { ACTIONS, ENTITY_KINDS } from '../core/registry.ts';
import { MAX_ACTORS, termIn } from '../rankers/ranked-list.ts';
import { actorList, REASON_CODES, reasonText } from '../rankers/reasons.ts';
import { seenRowOf, type FeedWork } from './candidates.ts';
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

/** People and companies by their names; an item by its title, as one. */
const spoken = ({ views: { catalog } }: FeedWork, actor: number): string => {
  const isItem = kindRow(ENTITY_KINDS[catalog.items.columns.kind[actor] ?? 0] ?? '')?.inFeed === true;
  return isItem ? `“${catalog.nameOf(actor)}”` : catalog.nameOf(actor);
};

/** Reasons that name nobody and nothing, as JSON, by their number. */
const plainReasons = REASON_CODES.map((code) => `{"code":"${code}","text":${JSON.stringify(reasonText(code, { actors: actorList([], 0), terms: [] }))},"actors":[]}`);

const reason = (work: FeedWork, c: number): string => {
  const { candidates, views: { catalog } } = work;
  if (candidates.actors[c * MAX_ACTORS] === 0 && (candidates.actorCount[c] ?? 0) <= 1) return plainReasons[candidates.reason[c] ?? 0] ?? plainReasons[0] ?? '';
  const code = REASON_CODES[candidates.reason[c] ?? 0] ?? 'recent';
  const actors: number[] = [];
  const terms: string[] = [];
  for (let a = c * MAX_ACTORS; a < (c + 1) * MAX_ACTORS; a++) {
    const named = candidates.actors[a] ?? 0;
    if (named > 0) actors.push(named - 1);
    else if (named < 0) terms.push(catalog.termName(termIn(named)));
  }
  const names = actors.slice(0, 2).map((actor) => spoken(work, actor));
  const sentence = reasonText(code, { actors: actorList(names, candidates.actorCount[c] ?? 0), terms });
  const skills = terms.length === 0 ? '' : `,"skills":${JSON.stringify(terms)}`;
  return `{"code":"${code}","text":${JSON.stringify(sentence)},"actors":${JSON.stringify(actors.map((actor) => catalog.entities.name(actor)))}${skills}}`;
};

/** @returns false, and nothing is written, where there is no such text. */
const copyText = ({ views: { catalog } }: FeedWork, column: TextColumn, entity: number): boolean => {
  const start = at;
  return catalog.texts.take(column, entity, (from, offset, length) => { at = start; copy(from, offset, length); });
};

const OPENING = '['.charCodeAt(0);

/** An item that went while its page was made is left out. */
const item = (work: FeedWork, place: number, campaigns: Campaigns | undefined): void => {
  const c = work.page[place] ?? 0;
  const start = at;
  const { candidates, views: { catalog, journey }, context } = work;
  const number = candidates.item[c] ?? 0;
  const { columns } = catalog.items;
  // Looked up anew: between the ranking and here something may have been awaited.
  const seenRow = seenRowOf(work, number);
  text(`${bytes[at - 1] === OPENING ? '' : ','}{"trackingId":"${trackingId(context.requestId, c)}","item":${JSON.stringify(catalog.entities.name(number))},"kind":"${ENTITY_KINDS[columns.kind[number] ?? 0] ?? ''}","position":${work.firstPosition + place},"reason":${reason(work, c)},"viewer":{"actions":${seenRow < 0 ? '[]' : actionList(journey.seen.columns.actions[seenRow] ?? 0)}},"card":`);
  if (!copyText(work, 'card', number)) { at = start; return; }
  work.answered.push({ candidate: c, position: work.firstPosition + place });
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
  text(`{"requestId":"${work.context.requestId}","member":${JSON.stringify(`member:${work.memberId}`)},"sort":"${work.sort}","items":[`);
  for (let place = 0; place < work.page.length; place++) item(work, place, campaigns);
  text(`],"nextCursor":${work.nextCursor === null ? 'null' : `"${work.nextCursor}"`},"missing":${JSON.stringify(work.missing)}}`);
  return Buffer.from(bytes.subarray(0, at));
};
