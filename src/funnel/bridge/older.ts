/**
 * Funnel events as the two older events that a host may still consume: one for what can be followed, one for people to connect with. Pure: what comes
 * out depends on the event alone. A change of what comes out is a new version, and golden files hold what a version says (test/fixtures/bridge).
 *
 * Both are one JSON object a line. `eventId` is that of the funnel event, so that a consumer may drop what it has; `time` is milliseconds since the epoch
 * by the server's clock; `recommendationId` is the tracking id, `pageKey` the surface; `visibleMs` stands in impressions alone.
 */
import { ACTIONS } from '../../core/registry.ts';
import type { StoredRecord } from '../../log/port.ts';
import { kindOf } from '../cards.ts';
import { decodeEvent, type StoredEvent } from '../codec.ts';
import { correctedTime } from '../join.ts';

interface OlderCommon { readonly version: number; readonly eventId: string; readonly time: number; readonly memberId: string; readonly recommendationId: string | null; readonly pageKey: string; readonly visibleMs?: number }

export interface FollowableRecommendationEvent extends OlderCommon {
  readonly eventName: 'FollowableRecommendationEvent';
  readonly action: 'IMPRESSION' | 'FOLLOW' | 'UNFOLLOW' | 'DISMISS';
  readonly entityType: 'COMPANY' | 'CREATOR' | 'HASHTAG' | 'NEWSLETTER' | 'GROUP' | 'EVENT';
  readonly entityId: string;
}

export interface ConnectRecommendationEvent extends OlderCommon {
  readonly eventName: 'ConnectRecommendationEvent';
  readonly action: 'IMPRESSION' | 'INVITE' | 'WITHDRAW' | 'DISMISS';
  readonly recommendedMemberId: string;
}

export type OlderEvent = FollowableRecommendationEvent | ConnectRecommendationEvent;

/** An event of the log as the bridge reads it. */
export interface BridgedEvent { readonly id: string; readonly member: string; readonly at: number; readonly event: StoredEvent }

export interface Bridge<Event extends OlderEvent = OlderEvent> {
  readonly name: Event['eventName'];
  readonly version: number;
  /** Undefined where the older event has no word for it. */
  readonly from: (event: BridgedEvent) => Event | undefined;
}

const FOLLOWABLE: Readonly<Record<string, FollowableRecommendationEvent['entityType']>> = { company: 'COMPANY', member: 'CREATOR', hashtag: 'HASHTAG', newsletter: 'NEWSLETTER', group: 'GROUP', event: 'EVENT' };
const FOLLOWS = new Set(['follow', 'subscribe', 'join', 'attend']);
const INVITES = new Set(['connect', 'invite']);
const DISMISSES = new Set(['hide', 'notInterested']);

/** That a dismissal was taken back no older event ever told. */
const actionOf = <Done extends string>({ type, action, undo }: StoredEvent, words: { readonly done: ReadonlySet<string>; readonly did: Done; readonly undid: Done }): Done | 'IMPRESSION' | 'DISMISS' | undefined => {
  if (type === 'impression') return 'IMPRESSION';
  const name = ACTIONS[action]?.name ?? '';
  if (words.done.has(name)) return undo ? words.undid : words.did;
  return DISMISSES.has(name) && !undo ? 'DISMISS' : undefined;
};

const commonOf = ({ id, member, at, event }: BridgedEvent, version: number): OlderCommon => ({
  version, eventId: id, time: at, memberId: member, recommendationId: event.trackingId === '' ? null : event.trackingId, pageKey: event.surface, ...(event.type === 'impression' ? { visibleMs: event.visibleMs } : {}),
});
const idOf = (reference: string): string => reference.slice(reference.indexOf(':') + 1);

/** Of a member only what is done by following: that they were shown, and dismissed, is told of people to connect with. */
const followable: Bridge<FollowableRecommendationEvent> = {
  name: 'FollowableRecommendationEvent', version: 1,
  from: (bridged) => {
    const kind = kindOf(bridged.event.item);
    const entityType = FOLLOWABLE[kind];
    const action = actionOf(bridged.event, { done: FOLLOWS, did: 'FOLLOW', undid: 'UNFOLLOW' } as const);
    if (entityType === undefined || action === undefined || (kind === 'member' && action !== 'FOLLOW' && action !== 'UNFOLLOW')) return undefined;
    return { eventName: 'FollowableRecommendationEvent', ...commonOf(bridged, 1), action, entityType, entityId: idOf(bridged.event.item) };
  },
};

const connect: Bridge<ConnectRecommendationEvent> = {
  name: 'ConnectRecommendationEvent', version: 1,
  from: (bridged) => {
    const action = kindOf(bridged.event.item) === 'member' ? actionOf(bridged.event, { done: INVITES, did: 'INVITE', undid: 'WITHDRAW' } as const) : undefined;
    return action === undefined ? undefined : { eventName: 'ConnectRecommendationEvent', ...commonOf(bridged, 1), action, recommendedMemberId: idOf(bridged.event.item) };
  },
};

export const BRIDGES: readonly Bridge[] = [followable, connect];

/** The older events of one record of the log: none for most. What came in as history was told by the host itself, in its time. */
export const olderEvents = (record: StoredRecord): readonly OlderEvent[] => {
  if (record.type !== 'event' || record.deduplicate === 'history') return [];
  const event = decodeEvent(record.payload);
  const bridged: BridgedEvent = { id: record.id, member: record.member ?? '', at: correctedTime(record.at, event), event };
  return BRIDGES.flatMap(({ from }) => from(bridged) ?? []);
};
