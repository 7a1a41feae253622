import { ThroughlineError } from '../../core/errors.ts';
import { eventSchema } from '../../funnel/events.ts';
import { owns } from '../access.ts';
import { answerBatch } from '../batch.ts';
import { batchAnswerSchema } from '../contracts.ts';
import type { House, Reply, Request, Route } from '../route.ts';

/** A member token speaks for its member alone. */
const refuseForeign = (request: Request) => (record: unknown): ThroughlineError | undefined => {
  if (request.caller.type !== 'member') return undefined;
  const member = (record as { readonly member?: unknown } | null)?.member;
  // A record without a readable member is refused by its schema, with a better sentence.
  if (typeof member !== 'string' || owns(request.caller, member)) return undefined;
  return new ThroughlineError('client/forbidden', 'the event is of another member than the token; send events of the token\'s member only', { where: { field: 'member' } });
};

const record = (history: boolean) => (request: Request, reply: Reply, house: House): Promise<Reply> =>
  answerBatch(request, reply, {
    limits: house.limits,
    work: { refuse: refuseForeign(request), store: (records) => house.platform.recordEvents(records, { history }) },
  });

const answers = { 200: { description: 'On disk, and seen by the next request; what became of each record', schema: batchAnswerSchema } };

export const eventRoutes: readonly Route[] = [
  {
    method: 'POST', path: '/v1/events', name: 'postEvents', tag: 'events', summary: 'Record what members saw and did: one event, a list, or an NDJSON stream of any length',
    access: { scope: 'events:write', member: 'own' }, body: { schema: eventSchema, name: 'Event', stream: true }, answers,
    problems: ['client/unknownKind', 'client/tooOld', 'client/inTheFuture', 'client/conflict', 'server/storeUnwritable'], shed: 'last', call: record(false),
  },
  {
    method: 'POST', path: '/v1/events/history', name: 'postHistory', tag: 'events', summary: 'Record events of the past, older than the 30 days of live events; repeats are harmless',
    access: { scope: 'events:write' }, body: { schema: eventSchema, name: 'Event', stream: true }, answers,
    problems: ['client/unknownKind', 'client/inTheFuture', 'client/conflict', 'server/storeUnwritable'], shed: 'last', call: record(true),
  },
];
