/** The funnel in words: one card's life as lines, the counts as a table with bars. */
import type { CardLife, LifeMoment } from '../funnel/life.ts';
import { LOSSES, type Loss } from '../funnel/loss.ts';
import type { EventCount, FunnelRow, FunnelSummary } from '../funnel/summary.ts';
import { REASON_CODES } from '../rankers/reasons.ts';

const JOINED = { trackingId: 'by tracking id', click: 'by the last click on the item', view: 'by the last view of the item', undone: 'by the event that it undoes' } as const;

const wordsOf = ({ what, layer, action, visibleMs, undoes, joinedBy, loss, surface, event }: LifeMoment): string => {
  if (what === 'served') return `served      by the ${layer ?? ''}`;
  const name = what === 'impression' ? `impression  ${visibleMs ?? 0} ms visible` : what === 'undo' ? `undo        of ${action ?? ''} ${undoes ?? ''}` : `action      ${action ?? ''}`;
  return `${name}, on ${surface ?? ''} (${event ?? ''}); ${loss === undefined ? JOINED[joinedBy ?? 'trackingId'] : `not joined: ${LOSSES[loss]}`}`;
};

const timeOf = (at: number): string => new Date(at).toISOString();
const reasonOf = (reason: number): string => REASON_CODES[reason] ?? String(reason);

export const lifeText = ({ trackingId, requestId, member, item, served, moments }: CardLife): string => [
  `Card ${trackingId}: ${item} for ${member}, request ${requestId}`,
  ...(served === undefined ? ['The record of its page is not kept any more.'] : [
    `${served.surface}, sort=${served.sort}, place ${served.position + 1}, candidate ${served.candidate}${served.ranker === '' ? '' : ` of ${served.ranker}`}, reason ${reasonOf(served.reason)}`,
    `model ${served.model}, weights ${served.weights}, rules ${served.rules}, variants ${JSON.stringify(served.variants)}`,
  ]), '',
  ...moments.map((moment) => `${timeOf(moment.at)}  ${wordsOf(moment)}`),
].join('\n');

export const lifeJson = ({ served, moments, ...life }: CardLife): unknown => ({
  ...life, ...(served === undefined ? {} : { served: { ...served, reason: reasonOf(served.reason) } }),
  moments: moments.map((moment) => ({ ...moment, at: timeOf(moment.at) })),
});

const BAR = 24;
const bar = (value: number, most: number): string => '█'.repeat(Math.round(BAR * value / Math.max(1, most))).padEnd(BAR, '·');
const percent = (value: number, of: number): string => (of === 0 ? '' : `${(100 * value / of).toFixed(1)} %`);

/** Served, left, seen, acted on: bars of one length for the cards of one row. */
const rowLines = ({ surface, kind, served, answered, seen, impressions, visibleSeconds, acted, actions }: FunnelRow): readonly string[] => {
  const most = Math.max(served, answered, seen, acted);
  const line = (name: string, value: number, more = ''): string => `  ${name.padEnd(10)}${bar(value, most)} ${String(value).padStart(9)} ${percent(value, served).padStart(8)}${more === '' ? '' : `  ${more}`}`;
  return [
    `${surface}, ${kind}`,
    line('served', served), line('left', answered), line('seen', seen, `${impressions} impressions, ${visibleSeconds} s in view`), line('liked', acted),
    ...Object.entries(actions).map(([name, done]) => `    ${name.padEnd(16)}${String(done.events).padStart(9)} times on ${done.cards} cards${done.undone === 0 ? '' : `, ${done.undone} undone`}`),
  ];
};

const eventLines = (name: string, { events, joined, elsewhere, lost, shareJoined }: EventCount): readonly string[] => [
  `${name}: ${events}; joined ${Object.entries(joined).map(([by, count]) => `${count} ${JOINED[by as keyof typeof JOINED]}`).join(', ') || 'none'}; ${elsewhere} that nothing we served led to`,
  `  of those with a tracking id ${(100 * shareJoined).toFixed(3)} % have their card${Object.keys(lost).length === 0 ? '' : '; the rest:'}`,
  ...Object.entries(lost).toSorted(([, a], [, b]) => b - a).map(([cause, count]) => `    ${String(count).padStart(9)}  ${cause}: ${LOSSES[cause as Loss]}`),
];

export const summaryText = ({ pages, members, sessions, from, to, rows, impressions, actions, examples }: FunnelSummary): string => [
  `${pages} pages, ${members} members, ${sessions} sessions${from === undefined || to === undefined ? '' : `, ${timeOf(from)} to ${timeOf(to)}`}`, '',
  ...rows.flatMap((row) => [...rowLines(row), '']),
  ...eventLines('Impressions', impressions), ...eventLines('Actions', actions),
  ...(examples.length === 0 ? [] : ['', 'Some of the lost (event, tracking id, cause):', ...examples.map(({ event, trackingId, loss }) => `  ${event}  ${trackingId}  ${loss}`)]),
].join('\n');

export const summaryJson = ({ from, to, ...summary }: FunnelSummary): unknown => ({ ...(from === undefined || to === undefined ? {} : { from: timeOf(from), to: timeOf(to) }), ...summary });
