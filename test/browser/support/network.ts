/** A member with colleagues, schoolmates and topics, and much to suggest: enough for a dozen cohorts, some of many pages. */
import type { Cohort } from '../../../src/discovery/cohort.ts';
import { pluginCohort } from '../../../src/discovery/plugin.ts';
import { COHORTS } from '../../../src/discovery/pool/index.ts';
import type { Site } from './browser.ts';
import { openHouse } from './house.ts';

export const VIEWER = 'noor';

const FIRST: readonly string[] = ['Ana', 'Tomasz', 'Mei-Ling', 'Ibrahim', 'Leila', 'Sam', 'Yuki', 'Oluwaseun', 'Ingrid', 'Mateo', 'Priya', 'Jonas', 'سارة', 'Fatima', 'Luca', 'Chidinma'];
const LAST: readonly string[] = ['Ribeiro', 'Król', 'Chou', 'Sow', 'Haddad', 'O’Neill', 'Tanaka', 'Adebayo-Johnson', 'Lindqvist', 'García Fernández', 'Raman', 'Weber'];
const HEADLINES: readonly string[] = ['Staff engineer, distributed systems', 'Data platform lead at a company that moves trains', 'Designs tools for people who measure things, formerly at three start-ups and one observatory', 'Recruiting for climate and energy', 'Research director', 'Writes about teams'];
const TOPICS: readonly string[] = ['Data engineering', 'Energy', 'Open source', 'Design'];
const DAY = 86_400_000;

const pick = <Thing>(list: readonly Thing[], at: number): Thing | undefined => list[at % list.length];
const several = (count: number, make: (i: number) => unknown): readonly unknown[] => Array.from({ length: count }, (_, i) => make(i));
const topicsAt = (i: number): readonly (string | undefined)[] => [pick(TOPICS, i), pick(TOPICS, i + 1)];

/** @param people how many colleagues there are */
const entitiesOf = (people: number): readonly unknown[] => {
  const name = (i: number): string => `${pick(FIRST, i)} ${pick(LAST, i * 7 + Math.floor(i / 12))}`;
  const person = (id: string, i: number, more: object = {}): unknown => ({ kind: 'member', id, attributes: { name: name(i), headline: pick(HEADLINES, i), topics: topicsAt(i), ...more } });
  const future = (days: number): string => new Date(Date.now() + days * DAY).toISOString();
  return [
    { kind: 'company', id: 'northlight', attributes: { name: 'Northlight', about: 'Grid software.', industry: 'Energy', topics: ['Energy'] } },
    { kind: 'school', id: 'delft', attributes: { name: 'TU Delft' } },
    { kind: 'skill', id: 'sql', attributes: { name: 'SQL', related: ['skill:forecasting'] } }, { kind: 'skill', id: 'forecasting', attributes: { name: 'Forecasting' } },
    ...several(3, (i) => person(`friend${i}`, i + 40, { connections: several(6, (c) => `member:colleague${c * 3 + i}`) })),
    ...several(people, (i) => person(`colleague${i}`, i, { company: 'company:northlight' })),
    ...several(9, (i) => person(`mate${i}`, i + 21, { education: [{ school: 'school:delft' }] })),
    ...several(14, (i) => person(`voice${i}`, i + 33, { creator: true })),
    { kind: 'member', id: VIEWER, attributes: {
      name: 'Noor Vermeer', headline: 'Data engineer', company: 'company:northlight', education: [{ school: 'school:delft' }], skills: ['SQL'], topics: TOPICS,
      connections: several(3, (i) => `member:friend${i}`) } },
    ...several(13, (i) => ({ kind: 'company', id: `co${i}`, attributes: { name: `${pick(LAST, i)} & Partners`, industry: pick(['Energy', 'Software', 'Consulting for the public sector and its suppliers'], i), topics: topicsAt(i) } })),
    ...several(11, (i) => ({ kind: 'group', id: `g${i}`, attributes: { name: `${pick(TOPICS, i)} ${pick(['in practice', 'without borders', 'reading circle for people with little time and many questions'], i)}`, about: 'Where people who do the work talk about it.', topics: topicsAt(i) } })),
    ...several(8, (i) => ({ kind: 'newsletter', id: `n${i}`, attributes: { title: `${pick(TOPICS, i)}, weekly ${i + 1}`, summary: 'One long read, three short ones, and a question to take into the week. Sent on Thursdays, never longer than one cup of coffee.', author: `member:voice${i}`, topics: topicsAt(i) } })),
    ...several(7, (i) => ({ kind: 'event', id: `e${i}`, attributes: { title: `${pick(TOPICS, i)}: an evening of ${pick(['failures', 'questions', 'numbers'], i)}`, summary: 'Short talks, long breaks.', startsAt: future(i + 3), place: 'Utrecht', topics: topicsAt(i) } })),
    ...several(10, (i) => ({ kind: 'hashtag', id: `h${i}`, attributes: { name: `#${['grid', 'pipelines', 'openData', 'fieldNotes', 'onCall', 'flameGraphs', 'wind', 'heatPumps', 'typography', 'reviews'][i]}`, topics: topicsAt(i) } })),
    ...several(6, (i) => ({ kind: 'job', id: `j${i}`, attributes: { title: `Forecasting analyst ${i + 1}`, company: 'company:northlight', place: 'Utrecht', skills: ['Forecasting'], description: 'You look after the numbers that the control room trusts, and say when not to.' } })),
    ...several(5, (i) => ({ kind: 'course', id: `c${i}`, attributes: { title: `Forecasting, part ${i + 1}`, summary: 'From a spreadsheet to a forecast that people trust.', skills: ['Forecasting'] } })),
  ];
};

/** A cohort of somebody else: the page has never heard of it. */
export const PLUGIN_TITLE = 'Quiet pages that nobody told you about';
const plugin = pluginCohort({
  name: 'quietPages', about: 'pages that a plug-in chose', kind: 'company', template: 'large', action: 'follow', words: { title: { en: PLUGIN_TITLE }, reason: { en: 'Chosen by {subject}' } },
  fetch: () => several(3, (i) => `co${i}`) as readonly string[],
  transform: (ids) => ({ subject: 'a plug-in', items: ids.map((id, i) => ({ item: { kind: 'company', id }, score: 3 - i })) }),
});

export const startNetwork = ({ people = 60, cohorts = [plugin, ...COHORTS] }: { readonly people?: number; readonly cohorts?: readonly Cohort[] } = {}): Promise<Site> =>
  openHouse({ entities: entitiesOf(people), member: VIEWER, cohorts });
