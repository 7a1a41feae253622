/** The page as JSON: words said in the viewer's language, texts in the slots of templates. Clients lay it out and know neither kinds nor cohorts. */
import { trackingId } from '../core/ids.ts';
import { ACTIONS, ENTITY_KINDS } from '../core/registry.ts';
import { seenRowOf } from '../rankers/eligible.ts';
import { speakReason } from '../rankers/spoken.ts';
import { ACTION_WORDS, actionWords } from '../words/actions.ts';
import { COMMON } from '../words/common.ts';
import { matchLocale, say } from '../words/words.ts';
import { directionOf } from '../words/bidi.ts';
import type { Cohort } from './cohort.ts';
import { proofOf } from './proof.ts';
import { positionOf } from './served.ts';
import { TEMPLATES, type Slot } from './templates.ts';
import type { DiscoveryWork, Shelf } from './work.ts';

interface CardHead { readonly title: string; readonly subtitle: string | null; readonly text: string | null; readonly startsAt?: string }

/** What was rendered on write; undefined where it went meanwhile. */
const headOf = ({ views: { catalog } }: DiscoveryWork, item: number): CardHead | undefined => {
  const text = catalog.texts.read('card', item);
  // It ends where the author's own part follows.
  return text === '' ? undefined : JSON.parse(`${text}null}`) as CardHead;
};

/** "Ana Berg" → "AB": what stands in a picture's place. */
const initials = (name: string): string => name.split(/\s+/u).slice(0, 2).map((word) => /^./u.exec(word)?.[0] ?? '').join('').toUpperCase();

const done = (work: DiscoveryWork, item: number): readonly string[] => {
  const { views: { journey } } = work;
  const row = seenRowOf(work, item);
  const mask = row < 0 ? 0 : (journey.seen.columns.actions[row] ?? 0);
  return ACTIONS.filter((_action, i) => (mask & (1 << i)) !== 0).map(({ name }) => name);
};

const cardOf = (work: DiscoveryWork, c: number, { cohort, position }: { readonly cohort: Cohort; readonly position: number }): unknown => {
  const { candidates, context: { requestId, locale }, views: { catalog } } = work;
  const item = candidates.item[c] ?? 0;
  const head = headOf(work, item);
  if (head === undefined) return undefined;
  work.answered.push({ candidate: c, position });
  const kind = ENTITY_KINDS[catalog.items.columns.kind[item] ?? 0] ?? '';
  const proof = proofOf(work, item, cohort.card.action);
  const starts = head.startsAt === undefined ? undefined : say(COMMON.startsOn, locale, { date: Date.parse(head.startsAt) });
  const reason = speakReason(candidates, c, { catalog, locale: matchLocale(locale) });
  const texts: Readonly<Record<Slot, string | null | undefined>> = { primary: head.title, secondary: starts ?? head.subtitle, socialProof: proof?.text ?? (kind === 'member' || reason.code === 'suggested' ? undefined : reason.text), text: head.text };
  const template = TEMPLATES[cohort.card.template];
  const slots = Object.fromEntries(Object.keys(template.maxLines).flatMap((slot) => { const text = texts[slot as Slot]; return text === null || text === undefined ? [] : [[slot, text]]; }));
  return {
    trackingId: trackingId(requestId, c), item: catalog.entities.name(item), kind, position, slots,
    image: { shape: kind === 'member' ? 'round' : 'square', initials: initials(head.title) },
    people: proof?.people.map((person) => catalog.entities.name(person)) ?? [], reason,
    dismissed: say(COMMON.dismissed, locale, { name: head.title }), viewer: { actions: done(work, item) },
  };
};

/** Labels of a button, in the viewer's language. */
const buttonOf = (action: string, locale: string): unknown => {
  const words = actionWords(action);
  return { action, label: say(words.do, locale), done: say(words.done, locale), undo: say(words.undo, locale), undoable: ACTIONS.find(({ name }) => name === action)?.undoable === true };
};

const shelfOf = (work: DiscoveryWork, { cohort: number, candidates, total }: Shelf, row: number): unknown => {
  const cohort = work.cohorts[number];
  if (cohort === undefined) return undefined;
  const { context: { locale } } = work;
  const subject = work.results[number]?.subject ?? '';
  const { title, reason } = cohort.words;
  return {
    name: cohort.name, kind: cohort.kind, title: say(title, locale, { subject }), ...(reason === undefined ? {} : { reason: say(reason, locale, { subject }) }),
    template: cohort.card.template, button: buttonOf(cohort.card.action, locale), total, seeAll: say(COMMON.seeAll, locale, { count: total }),
    items: candidates.map((c, place) => cardOf(work, c, { cohort, position: positionOf(work, row, place) })).filter((card) => card !== undefined),
  };
};

/** Words of the page that belong to no card. */
const pageWords = (locale: string): unknown => ({
  dismiss: say(ACTION_WORDS['dismiss']?.do ?? COMMON.more, locale), undo: say(COMMON.undo, locale), more: say(COMMON.more, locale),
  nothingHere: say(COMMON.nothingHere, locale), partlyMissing: say(COMMON.partlyMissing, locale),
});

const encoder = new TextEncoder();

/** @returns UTF-8 JSON (shape: `discoverySchema` or `cohortPageSchema` in http/discovery-contracts.ts) */
export const decorateCohorts = (work: DiscoveryWork): Uint8Array => {
  const { context, memberId, only, shelves, nextCursor, missing, rules, model } = work;
  const locale = matchLocale(context.locale);
  const found = shelves.map((shelf, row) => shelfOf(work, shelf, row)).filter((shelf) => shelf !== undefined);
  const templates = Object.fromEntries(shelves.flatMap(({ cohort }) => { const name = work.cohorts[cohort]?.card.template; return name === undefined ? [] : [[name, TEMPLATES[name]]]; }));
  const page = { requestId: context.requestId, member: `member:${memberId}`, locale, direction: directionOf(locale), words: pageWords(locale), templates };
  return encoder.encode(JSON.stringify(only === undefined
    ? { ...page, rules: rules.version, order: model, cohorts: found, missing }
    : { ...page, cohort: found[0], nextCursor, missing }));
};
