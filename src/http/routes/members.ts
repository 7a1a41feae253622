import { validate } from '../../core/validation.ts';
import { jsonBody } from '../body.ts';
import { consentSchema, journeyReadingSchema, receiptSchema, whySchema } from '../contracts.ts';
import { localeOf } from '../locale.ts';
import { idParameter, notFound, type Route } from '../route.ts';

const consentAnswer = { 200: { description: 'The switches as they are now', schema: consentSchema } };

export const memberRoutes: readonly Route[] = [
  {
    method: 'DELETE', path: '/v1/members/{id}', name: 'eraseMember', tag: 'members', summary: 'Erase everything of a member: log, projections, traces, other members\' edges',
    access: { scope: 'members:erase', member: 'path' },
    answers: { 200: { description: 'A receipt, sent when no byte is left', schema: receiptSchema } }, problems: ['client/notFound', 'server/storeUnwritable'],
    call: async (request, _reply, house) => {
      const id = idParameter(request);
      const { records, at } = await house.platform.erase(id);
      return { member: `member:${id}`, records, at };
    },
  },
  {
    method: 'GET', path: '/v1/members/{id}/consent', name: 'getConsent', tag: 'members', summary: 'Which families of signals the member allows',
    access: { scope: 'entities:read', member: 'path' }, answers: consentAnswer, problems: ['client/notFound'],
    call: (request, _reply, house) => house.platform.getConsent(idParameter(request)),
  },
  {
    method: 'PUT', path: '/v1/members/{id}/consent', name: 'putConsent', tag: 'members', summary: 'Switch families of signals on or off; the next page obeys',
    access: { scope: 'entities:write', member: 'path' }, body: { schema: consentSchema, name: 'Consent' }, answers: consentAnswer, problems: ['client/notFound', 'server/storeUnwritable'],
    call: async (request, _reply, house) => {
      const id = idParameter(request);
      const allowed = validate(consentSchema, jsonBody(request));
      await house.platform.setConsent(id, allowed);
      return allowed;
    },
  },
  {
    method: 'GET', path: '/v1/members/{id}/journey', name: 'getJourney', tag: 'members', summary: 'What is read in a member\'s own events: how much each weighs, what is expected next, how that changed',
    access: { scope: 'traces:read', member: 'path' },
    answers: { 200: { description: 'The reading, as far as the member allows', schema: journeyReadingSchema } }, problems: ['client/notFound', 'client/noModel'],
    call: async (request, _reply, house) => {
      const reading = await house.platform.journey(idParameter(request));
      if (reading === undefined) throw notFound('there is no member of this id');
      return reading;
    },
  },
  {
    method: 'GET', path: '/v1/members/{id}/why/{trackingId}', name: 'getWhy', tag: 'members', summary: 'Why an item was shown, to the member, in two sentences',
    access: { scope: 'feed:read', member: 'path' },
    answers: { 200: { description: 'Two sentences', schema: whySchema } }, problems: ['client/notFound'],
    call: async (request, _reply, house) => {
      const trackingId = idParameter(request, 'trackingId');
      const why = await house.platform.why(idParameter(request), trackingId, localeOf(request.headers['accept-language']));
      if (why === undefined) throw notFound('nothing was shown to this member under this tracking id');
      return { trackingId, sentences: why.sentences };
    },
  },
];
