/** Somebody's event into a log record. */
import { CLOCK_SKEW_MS } from '../catalog/validate.ts';
import { kindRow } from '../catalog/kinds.ts';
import { ThroughlineError } from '../core/errors.ts';
import { parseRef, printable, type MemberId, type Millis } from '../core/ids.ts';
import { actionNumber, ACTIONS } from '../core/registry.ts';
import { validate } from '../core/validation.ts';
import { DEDUPLICATION_WINDOW_MS, type LogRecord } from '../log/port.ts';
import { encodeEvent, EVENT_ENVELOPE_BYTES } from './codec.ts';
import { eventSchema, type ClientEvent } from './events.ts';

const checkTime = (event: ClientEvent, options: { readonly now: Millis; readonly history: boolean }): Millis => {
  const at = Date.parse(event.at) as Millis;
  if (at > options.now + CLOCK_SKEW_MS) throw new ThroughlineError('client/inTheFuture', `the event is dated ${event.at}, which is in the future; check the clock of the device`, { where: { field: 'at' } });
  if (!options.history && at < options.now - DEDUPLICATION_WINDOW_MS) throw new ThroughlineError('client/tooOld', `the event is dated ${event.at}, more than 30 days ago; send history to /v1/events/history or import it`, { where: { field: 'at' } });
  return at;
};

const checkReferences = (event: ClientEvent): string => {
  const member = parseRef(event.member);
  const item = parseRef(event.item);
  if (member.kind !== 'member') throw new ThroughlineError('client/invalidRequest', `"member" must be a member, not "${printable(event.member)}"`, { where: { field: 'member' } });
  if (kindRow(item.kind) === undefined) throw new ThroughlineError('client/unknownKind', `"item" is of the unknown kind "${printable(item.kind)}"`, { where: { field: 'item' } });
  if (event.type === 'action') {
    const action = ACTIONS[actionNumber(event.action)];
    if (action !== undefined && action.targets.length > 0 && !action.targets.includes(item.kind)) throw new ThroughlineError('client/invalidRequest', `"${action.name}" is done to ${action.targets.join(' or ')}, not to ${item.kind}`, { where: { field: 'item' } });
    if (action?.derived === true) throw new ThroughlineError('client/invalidRequest', `"${action.name}" is read from impressions and cannot be sent; send an impression with its "visibleMs"`, { where: { field: 'action' } });
    if (event.of !== undefined && action?.undoable === false) throw new ThroughlineError('client/invalidRequest', `"${action.name}" cannot be undone; leave out "of"`, { where: { field: 'of' } });
  }
  return member.id;
};

/** @throws client/invalidRequest, client/invalidReference, client/unknownKind, client/inTheFuture, client/tooOld */
export const eventRecord = (value: unknown, options: { readonly now: Millis; readonly history: boolean }): LogRecord => {
  const event = validate<ClientEvent>(eventSchema, value);
  const at = checkTime(event, options);
  const member = checkReferences(event) as MemberId;
  return { type: 'event', id: event.id, at, member, deduplicate: options.history ? 'history' : 'live', payload: encodeEvent(event, options.now), envelopeBytes: EVENT_ENVELOPE_BYTES };
};
