/** A made-up answer with cohorts of any number of cards, for tests of the page by itself. */
import type { CardTemplate, Cohort, DiscoveryCard, DiscoveryPage } from '../../src/client/types.ts';
import { TEMPLATES } from '../../src/discovery/templates.ts';

export const cardOf = (cohort: string, i: number, changes: Partial<DiscoveryCard> = {}): DiscoveryCard => ({
  trackingId: `r1-${cohort}${i}`, item: `company:${cohort}${i}`, kind: 'company', position: i, slots: { primary: `${cohort} ${i}`, secondary: `Second line ${i}`, socialProof: `Followed by Ana ${i}`, text: `What it is about, at length, ${i}` },
  image: { shape: 'square', initials: 'NL' }, people: [], reason: { code: 'popularNow', text: 'Many people are reading this', actors: [] }, dismissed: `${cohort} ${i} will not be suggested again`, viewer: { actions: [] }, ...changes,
});

export const cohortOf = (name: string, count: number, changes: Partial<Cohort> = {}): Cohort => ({
  name, kind: 'company', title: `Some ${name}`, template: 'medium', button: { action: 'follow', label: 'Follow', done: 'Following', undo: 'Unfollow', undoable: true },
  total: count, seeAll: `See all (${count})`, items: Array.from({ length: count }, (_, i) => cardOf(name, i)), ...changes,
});

const written = ({ maxLines, drop, image }: (typeof TEMPLATES)[keyof typeof TEMPLATES]): CardTemplate => ({ maxLines: { ...maxLines }, drop: [...drop], image });

export const discoveryOf = (cohorts: readonly Cohort[], changes: Partial<DiscoveryPage> = {}): DiscoveryPage => ({
  requestId: 'r1', member: 'member:42', locale: 'en', direction: 'ltr', rules: 'rules-1', order: 'rules', missing: [],
  words: { dismiss: 'Dismiss', undo: 'Undo', more: 'More', nothingHere: 'Nothing here yet', partlyMissing: 'Some suggestions could not be loaded' },
  templates: Object.fromEntries(Object.entries(TEMPLATES).map(([name, template]) => [name, written(template)])), cohorts: [...cohorts], ...changes,
});
