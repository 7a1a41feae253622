/** Identifiers and references: strings at the edge, dense integers inside (see `columns.ts`). */
import { ThroughlineError } from './errors.ts';

declare const kind: unique symbol;
export type Id<Kind extends string> = string & { readonly [kind]: Kind };
export type MemberId = Id<'member'>;
export type EventId = Id<'event'>;
export type RequestId = Id<'request'>;
export type TrackingId = Id<'tracking'>;
/** Milliseconds since the epoch, UTC. */
export type Millis = number & { readonly [kind]: 'millis' };

/** A typed reference, written `kind:id` at the edge: `member:42`, `job:7`. */
export interface EntityRef { readonly kind: string; readonly id: string }

/** Ids are opaque UTF-8 strings without control characters or white space, of at most this many bytes. */
export const ID_MAX_BYTES = 128;

// Printable, no spaces, no colon-less surprises: `/`, `?`, `#` and `%` stay out so that an id survives a URL path unescaped.
export const ID_PATTERN: RegExp = /^[^\s\p{C}/?#%\\"<>]+$/u;
/** Names of kinds, actions, cohorts and rankers: letters and digits, beginning with a small letter. */
export const NAME_PATTERN: RegExp = /^[a-z][a-zA-Z0-9]{0,31}$/;

export const isId = (text: string): boolean => ID_PATTERN.test(text) && utf8Length(text) <= ID_MAX_BYTES;

const utf8Length = (text: string): number => new TextEncoder().encode(text).length;

/** Parses `kind:id`. @throws client/invalidReference */
export const parseRef = (text: string): EntityRef => {
  const colon = text.indexOf(':');
  const reference = { kind: text.slice(0, Math.max(colon, 0)), id: text.slice(colon + 1) };
  if (colon < 1 || !NAME_PATTERN.test(reference.kind) || !isId(reference.id)) {
    throw new ThroughlineError('client/invalidReference', `"${printable(text)}" is not a reference; write kind:id, for example member:42, with an id of at most ${ID_MAX_BYTES} bytes and no spaces or control characters`);
  }
  return reference;
};

export const formatRef = (reference: EntityRef): string => `${reference.kind}:${reference.id}`;

/** A piece of somebody's input made safe to print in an error: control characters escaped, length bounded. */
export const printable = (text: string): string => {
  const clean = text.replace(/\p{C}/gu, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
  return clean.length > 80 ? `${clean.slice(0, 80)}…` : clean;
};

/** A tracking id is its request's id and the candidate's number in that request. */
export const trackingId = (request: RequestId, candidate: number): TrackingId => `${request}-${candidate.toString(36)}` as TrackingId;

export const requestOf = (tracking: TrackingId): RequestId => tracking.slice(0, tracking.lastIndexOf('-')) as RequestId;

export const candidateOf = (tracking: TrackingId): number => Number.parseInt(tracking.slice(tracking.lastIndexOf('-') + 1), 36);

/** When a request of ours was made, milliseconds since the epoch: its id begins with it. Undefined for an id that is not of that form. */
export const requestTime = (request: string): number | undefined => (/^[0-9a-z]{17}$/u.test(request) ? Number.parseInt(request.slice(0, 9), 36) : undefined);
