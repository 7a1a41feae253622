import { ENTITY_KINDS } from '../../core/registry.ts';
import { CAPACITY, type FeedWork } from '../candidates.ts';
import { createArranger } from './arrange.ts';
import { LIST_RULES } from './rules.ts';

/** How much of an item's standing likeness to those above can take: pages a fifth less alike for under 1 % of their gain (bench/rerank.ts). */
export const STRENGTH = 0.05;
/** Likeness of two items of one kind, and of one maker, whatever they are about; the rest is what they are about. */
const SAME_KIND = 0.1;
const SAME_MAKER = 0.3;
/** Terms of an item that are compared. */
const TERMS = 6;

const arranger = createArranger({ capacity: CAPACITY, kinds: ENTITY_KINDS.length });
const kinds = new Uint8Array(CAPACITY);
const makers = new Int32Array(CAPACITY);
/** By candidate: its first terms, how many (-1 until they are asked for), and one bit for each: without a bit in common no term is shared. */
const terms = new Int32Array(CAPACITY * TERMS);
const termCounts = new Int32Array(CAPACITY);
const termBits = new Int32Array(CAPACITY);

const readTerms = (c: number, { candidates: { item }, views: { catalog: { termsOf: { view: { data, head } } } } }: FeedWork): number => {
  const block = head[item[c] ?? 0] ?? 0;
  const count = Math.min(TERMS, data[block] ?? 0);
  let bits = 0;
  for (let i = 0; i < count; i++) { const term = data[block + 2 + i] ?? 0; terms[c * TERMS + i] = term; bits |= 1 << (term & 31); }
  termCounts[c] = count;
  termBits[c] = bits;
  return count;
};

const termsOf = (c: number, work: FeedWork): number => {
  const known = termCounts[c] ?? -1;
  return known >= 0 ? known : readTerms(c, work);
};

/** Cosine of their terms, one more where kind or maker is the same; at most 1. */
const likenessIn = (work: FeedWork) => (one: number, other: number): number => {
  const mine = termsOf(one, work);
  const yours = termsOf(other, work);
  let shared = 0;
  if (((termBits[one] ?? 0) & (termBits[other] ?? 0)) !== 0) {
    for (let i = one * TERMS; i < one * TERMS + mine; i++) for (let j = other * TERMS; j < other * TERMS + yours; j++) if (terms[i] === terms[j]) shared++;
  }
  const about = shared === 0 ? 0 : shared / Math.sqrt(mine * yours);
  const maker = makers[one] ?? 0;
  return Math.min(1, about * (1 - SAME_KIND) + (kinds[one] === kinds[other] ? SAME_KIND : 0) + (maker !== 0 && maker === makers[other] ? SAME_MAKER : 0));
};

/** Reorders by the rules of a list and by likeness; every candidate stays. */
export const diversify = (work: FeedWork, strength: number = STRENGTH): void => {
  const { candidates: { order, item, size, ordered, finalValue }, views: { catalog } } = work;
  const { kind, author } = catalog.items.columns;
  for (let c = 0; c < size; c++) { kinds[c] = kind[item[c] ?? 0] ?? 0; makers[c] = author[item[c] ?? 0] ?? 0; termCounts[c] = -1; }
  arranger.arrange({ size: ordered, order, value: finalValue, kind: kinds, maker: makers }, LIST_RULES, { strength, likeness: likenessIn(work) });
};
