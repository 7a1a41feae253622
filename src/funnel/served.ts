/**
 * The served record: one page as it was served, with everything learning and explanation need, frozen. Layout 3; layout 1 had no journey model,
 * layout 2 no sponsored cards, layout 3 not what competed for their places. Bytes per item: 26 + reference + 5 per first-pass score + 4 per feature;
 * per sponsored card 11 + reference more; for what competed 3 + 4 per organic place + 12 per sponsored candidate.
 */
import { createByteReader, createByteWriter, type ByteReader } from '../core/bytes.ts';
import type { SignalFamilies } from '../core/registry.ts';
import { SIGNAL_FAMILIES } from '../core/registry.ts';

const LAYOUT = 4;
export const LAYERS = ['mixer', 'api'] as const;
/** Learning reads the mixer's records alone. What left the building the layer that answers tells in a record of its own (see `answered.ts`). */
export type Layer = (typeof LAYERS)[number];

export interface FirstPassScore { readonly ranker: number; readonly score: number }

export interface ServedItem {
  /** The candidate's number in its request; with the request id it makes the tracking id. */
  readonly candidate: number;
  /** Place in the whole feed, from 0. */
  readonly position: number;
  readonly item: string;
  /** Index into the record's rankers; the one whose reason was shown. */
  readonly ranker: number;
  readonly reason: number;
  /** Who is named in the reason, as references; or which skills, as `skillNamed` marks them. */
  readonly actors: readonly string[];
  /** Probability with which the policy put this item here, given the eligible set. */
  readonly propensity: number;
  /** True where exploration, not the ranking, chose the place. */
  readonly forced: boolean;
  readonly scores: readonly FirstPassScore[];
  readonly features: Float32Array;
  /** The value the second pass gave it, and what was left of it after the re-ranker. */
  readonly value: number;
  readonly finalValue: number;
  /** Absent where nobody pays for the card. */
  readonly sponsored?: Sponsored;
}

/** For what a campaign pays. Places in this list are written to disk: append only. */
export const PAID_FOR = ['click', 'impressions'] as const;
export type PaidFor = (typeof PAID_FOR)[number];

export interface Sponsored {
  readonly campaign: string;
  readonly pays: PaidFor;
  /** Of one click, or of one impression, in the currency of the campaign. */
  readonly price: number;
}

/** What competed for the places of a list where something was sponsored, as it was predicted; both columns best first. */
export interface Competing {
  /** Utility by place. */
  readonly organic: Float32Array;
  /** By sponsored candidate: utility, expected revenue, predicted share of hides. */
  readonly utility: Float32Array;
  readonly revenue: Float32Array;
  readonly hide: Float32Array;
}

export interface ServedPage {
  readonly layer: Layer;
  readonly surface: string;
  readonly sort: string;
  readonly model: string;
  readonly weights: string;
  readonly rules: string;
  /** Version of the journey model that the viewer's state came from; empty where the page used none. */
  readonly journey: string;
  readonly featureSet: number;
  /** Experiment key → variant. */
  readonly assignments: Readonly<Record<string, string>>;
  readonly consent: SignalFamilies;
  /** How many were eligible, and a digest of which. */
  readonly eligible: number;
  readonly eligibleDigest: number;
  readonly rankers: readonly string[];
  readonly items: readonly ServedItem[];
  /** The trace as JSON text; reasons are codes, members are ids. */
  readonly trace: string;
  /** Of first pages for which a campaign competed; so that the worth of revenue can be solved for later. */
  readonly competing?: Competing;
}

/** A skill among those whom a reason names: no reference begins so. */
const SKILL = '#';
export const skillNamed = (term: string): string => `${SKILL}${term}`;
/** The references and the skills among those whom a reason names. */
export const namedIn = ({ actors }: Pick<ServedItem, 'actors'>): { readonly actors: readonly string[]; readonly skills: readonly string[] } =>
  ({ actors: actors.filter((name) => !name.startsWith(SKILL)), skills: actors.filter((name) => name.startsWith(SKILL)).map((name) => name.slice(SKILL.length)) });

const writer = createByteWriter(64 * 1024);

const consentBits = (consent: SignalFamilies): number => SIGNAL_FAMILIES.reduce((bits, family, i) => bits | (consent[family] ? 1 << i : 0), 0);
const consentOf = (bits: number): SignalFamilies => Object.fromEntries(SIGNAL_FAMILIES.map((family, i) => [family, (bits & (1 << i)) !== 0])) as unknown as SignalFamilies;

const encodeItem = (item: ServedItem): void => {
  writer.u16(item.candidate);
  writer.u32(item.position);
  writer.text(item.item);
  writer.u8(item.ranker);
  writer.u16(item.reason);
  writer.u8(item.actors.length);
  for (const actor of item.actors) writer.text(actor);
  writer.f32(item.propensity);
  writer.u8(item.forced ? 1 : 0);
  writer.f32(item.value);
  writer.f32(item.finalValue);
  writer.u8(item.scores.length);
  for (const { ranker, score } of item.scores) { writer.u8(ranker); writer.f32(score); }
  writer.floats(item.features, 0, item.features.length);
};

/** Sponsored cards come first, so that whoever keeps accounts need not read on. */
const encodeSponsored = (items: readonly ServedItem[]): void => {
  const paid = items.filter(({ sponsored }) => sponsored !== undefined);
  writer.u8(paid.length);
  for (const { candidate, sponsored } of paid) {
    if (sponsored === undefined) continue;
    writer.u16(candidate);
    writer.f64(sponsored.price);
    writer.u8(PAID_FOR.indexOf(sponsored.pays));
    writer.text(sponsored.campaign);
  }
};

const encodeCompeting = (competing: Competing | undefined): void => {
  writer.u16(competing?.organic.length ?? 0);
  if (competing === undefined || competing.organic.length === 0) return;
  const { organic, utility, revenue, hide } = competing;
  writer.floats(organic, 0, organic.length);
  writer.u8(utility.length);
  for (const column of [utility, revenue, hide]) writer.floats(column, 0, utility.length);
};

const readCompeting = (reader: ByteReader): Pick<ServedPage, 'competing'> => {
  const places = reader.u16();
  if (places === 0) return {};
  const organic = reader.floats(places);
  const size = reader.u8();
  return { competing: { organic, utility: reader.floats(size), revenue: reader.floats(size), hide: reader.floats(size) } };
};

export const encodeServed = (page: ServedPage): Uint8Array => {
  writer.u8(LAYOUT);
  encodeSponsored(page.items);
  writer.u8(LAYERS.indexOf(page.layer));
  writer.u8(consentBits(page.consent));
  writer.text(page.surface);
  writer.text(page.sort);
  writer.text(page.model);
  writer.text(page.weights);
  writer.text(page.rules);
  writer.text(page.journey);
  writer.text(JSON.stringify(page.assignments));
  writer.u32(page.featureSet);
  writer.u32(page.eligible);
  writer.u32(page.eligibleDigest);
  writer.u8(page.rankers.length);
  for (const ranker of page.rankers) writer.text(ranker);
  writer.u16(page.items[0]?.features.length ?? 0);
  writer.u16(page.items.length);
  for (const item of page.items) encodeItem(item);
  writer.longText(page.trace);
  encodeCompeting(page.competing);
  return writer.take();
};

const readLayout = (reader: ByteReader): number => {
  const layout = reader.u8();
  if (layout < 1 || layout > LAYOUT) throw new RangeError(`served layout ${layout} is newer than this version reads (${LAYOUT})`);
  return layout;
};
const readSponsored = (reader: ByteReader, layout: number): readonly (Sponsored & { readonly candidate: number })[] =>
  Array.from({ length: layout < 3 ? 0 : reader.u8() }, () => ({ candidate: reader.u16(), price: reader.f64(), pays: PAID_FOR[reader.u8()] ?? 'impressions', campaign: reader.text() }));

/** The sponsored cards of a page by their candidates, without the rest of it. @throws RangeError as `decodeServed` */
export const sponsoredCards = (payload: Uint8Array): readonly (Sponsored & { readonly candidate: number })[] => {
  const reader = createByteReader(payload);
  return readSponsored(reader, readLayout(reader));
};

const withPaid = (paid: ReadonlyMap<number, Sponsored>, item: ServedItem): ServedItem => {
  const sponsored = paid.get(item.candidate);
  return sponsored === undefined ? item : { ...item, sponsored };
};

type Head = Omit<ServedPage, 'items' | 'trace' | 'competing'>;

const readHead = (reader: ByteReader, layout: number): Head => {
  const layer = LAYERS[reader.u8()] ?? 'mixer';
  const consent = consentOf(reader.u8());
  const surface = reader.text();
  const sort = reader.text();
  const model = reader.text();
  const weights = reader.text();
  const rules = reader.text();
  const journey = layout < 2 ? '' : reader.text();
  const assignments = JSON.parse(reader.text()) as Record<string, string>;
  const featureSet = reader.u32();
  const eligible = reader.u32();
  const eligibleDigest = reader.u32();
  const rankers = Array.from({ length: reader.u8() }, () => reader.text());
  return { layer, surface, sort, model, weights, rules, journey, assignments, consent, featureSet, eligible, eligibleDigest, rankers };
};

/** @throws RangeError for a payload that is cut short or of a newer layout */
export const decodeServed = (payload: Uint8Array): ServedPage => {
  const reader = createByteReader(payload);
  const layout = readLayout(reader);
  const paid = new Map(readSponsored(reader, layout).map(({ candidate, ...sponsored }) => [candidate, sponsored]));
  const head = readHead(reader, layout);
  const width = reader.u16();
  const items = Array.from({ length: reader.u16() }, (): ServedItem => withPaid(paid, {
    candidate: reader.u16(), position: reader.u32(), item: reader.text(), ranker: reader.u8(), reason: reader.u16(),
    actors: Array.from({ length: reader.u8() }, () => reader.text()),
    propensity: reader.f32(), forced: reader.u8() === 1, value: reader.f32(), finalValue: reader.f32(),
    scores: Array.from({ length: reader.u8() }, () => ({ ranker: reader.u8(), score: reader.f32() })),
    features: reader.floats(width),
  }));
  const trace = reader.longText();
  return { ...head, items, trace, ...(layout < 4 ? {} : readCompeting(reader)) };
};

export type ServedCard = Pick<ServedItem, 'candidate' | 'position' | 'item' | 'ranker' | 'reason'>;

/** A page without what learning and explanation need of it: a tenth of the work. @throws RangeError as `decodeServed` */
export const decodeServedCards = (payload: Uint8Array): Head & { readonly items: readonly ServedCard[] } => {
  const reader = createByteReader(payload);
  const layout = readLayout(reader);
  readSponsored(reader, layout);
  const head = readHead(reader, layout);
  const width = reader.u16();
  const items = Array.from({ length: reader.u16() }, (): ServedCard => {
    const card = { candidate: reader.u16(), position: reader.u32(), item: reader.text(), ranker: reader.u8(), reason: reader.u16() };
    for (let actors = reader.u8(); actors > 0; actors--) reader.skip(reader.u16());
    // Propensity, whether it was forced, both values; then scores and features.
    reader.skip(4 + 1 + 4 + 4);
    reader.skip(reader.u8() * 5 + width * 4);
    return card;
  });
  return { ...head, items };
};
