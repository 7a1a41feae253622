/** What there is to see, as columns that grow: a row for each item in the order in which it came into the world. */
import { DAY } from '../../core/clock.ts';
import type { Entity } from '../content.ts';
import type { Truth } from '../truth.ts';
import { TOPICS, topicNumber } from '../text/fields.ts';
import { kindNumber, type ResponseTable } from './kinds.ts';

export interface Items {
  readonly count: number;
  /** Row of KINDS; numbers of topics, -1 where there is none. */
  readonly kind: Uint8Array;
  readonly topicA: Int8Array;
  readonly topicB: Int8Array;
  /** Milliseconds since the epoch. */
  readonly publishedAt: Float64Array;
  /** [items, responses of its kind]: what a logit is before anybody looks: bias and quality. */
  readonly logits: Float64Array;
  /** Positive actions, fading within days: see `popular`. */
  readonly heat: Float64Array;
  readonly refs: readonly string[];
  /** Reference of who made it; empty where nobody is named. */
  readonly authors: readonly string[];
  /** What a post can be about: title of an article, else empty. */
  readonly titles: readonly string[];
  /** @returns its row */
  add(entity: Entity): number;
  rowOf(ref: string): number | undefined;
  topicsOf(row: number): readonly string[];
  /** Groups, courses and newsletters stand for ever. */
  isStanding(row: number): boolean;
  /** Somebody liked it at this moment: articles, posts and jobs grow popular by that. */
  warm(row: number, at: number): void;
}

/** Heat halves within this time. */
const COOLS_MS: number = DAY;
const STANDING: ReadonlySet<number> = new Set(['group', 'course', 'newsletter'].map(kindNumber));
const READ: ReadonlySet<number> = new Set(['article', 'post', 'job'].map(kindNumber));

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export const createItems = (truth: Pick<Truth, 'quality'>, table: ResponseTable): Items => {
  let capacity = 1024;
  let count = 0;
  let kind = new Uint8Array(capacity);
  let topicA = new Int8Array(capacity);
  let topicB = new Int8Array(capacity);
  let publishedAt = new Float64Array(capacity);
  let heat = new Float64Array(capacity);
  let logits = new Float64Array(capacity * table.most);
  const refs: string[] = [];
  const authors: string[] = [];
  const titles: string[] = [];
  const rows = new Map<string, number>();
  const grow = (): void => {
    capacity *= 2;
    const larger = <Column extends Uint8Array | Int8Array | Float64Array>(from: Column, to: Column): Column => { to.set(from); return to; };
    kind = larger(kind, new Uint8Array(capacity));
    topicA = larger(topicA, new Int8Array(capacity));
    topicB = larger(topicB, new Int8Array(capacity));
    publishedAt = larger(publishedAt, new Float64Array(capacity));
    heat = larger(heat, new Float64Array(capacity));
    logits = larger(logits, new Float64Array(capacity * table.most));
  };
  return {
    get count() { return count; }, get kind() { return kind; }, get topicA() { return topicA; }, get topicB() { return topicB; },
    get publishedAt() { return publishedAt; }, get heat() { return heat; }, get logits() { return logits; },
    refs, authors, titles,
    add: ({ kind: name, id, createdAt, attributes }) => {
      if (count === capacity) grow();
      const row = count++;
      const ref = `${name}:${id}`;
      const topics = Array.isArray(attributes['topics']) ? attributes['topics'].map((topic) => topicNumber(String(topic))).filter((topic) => topic !== undefined) : [];
      kind[row] = kindNumber(name);
      topicA[row] = topics[0] ?? -1;
      topicB[row] = topics[1] ?? -1;
      publishedAt[row] = Date.parse(createdAt);
      table.fill(logits.subarray(row * table.most, (row + 1) * table.most), kind[row] ?? 0, truth.quality(ref));
      refs.push(ref);
      authors.push(text(attributes['author']));
      titles.push(name === 'article' ? text(attributes['title']) : '');
      rows.set(ref, row);
      return row;
    },
    rowOf: (ref) => rows.get(ref),
    topicsOf: (row) => [topicA[row] ?? -1, topicB[row] ?? -1].flatMap((topic) => TOPICS[topic]?.name ?? []),
    isStanding: (row) => STANDING.has(kind[row] ?? -1),
    // Kept as of the birth of the item, so that two of any age compare: see `popular`.
    warm: (row, at) => { if (READ.has(kind[row] ?? -1)) heat[row] = (heat[row] ?? 0) + 2 ** ((at - (publishedAt[row] ?? 0)) / COOLS_MS); },
  };
};

/** What is hottest among the items from a row on, hottest first; of equals the older first. @returns how many stand in `into` */
export const popular = ({ count, heat, publishedAt }: Pick<Items, 'count' | 'heat' | 'publishedAt'>, { from, at }: { readonly from: number; readonly at: number }, into: { readonly rows: Int32Array; readonly scores: Float64Array }): number => {
  const { rows, scores } = into;
  let size = 0;
  for (let row = from; row < count; row++) {
    const total = heat[row] ?? 0;
    if (total === 0) continue;
    const score = total * 0.5 ** ((at - (publishedAt[row] ?? 0)) / COOLS_MS);
    if (size === rows.length && score <= (scores[size - 1] ?? 0)) continue;
    let place = size < rows.length ? size++ : size - 1;
    for (; place > 0 && (scores[place - 1] ?? 0) < score; place--) { rows[place] = rows[place - 1] ?? 0; scores[place] = scores[place - 1] ?? 0; }
    rows[place] = row;
    scores[place] = score;
  }
  return size;
};
