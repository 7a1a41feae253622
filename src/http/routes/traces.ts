import { owns } from '../access.ts';
import { traceSchema } from '../contracts.ts';
import { idParameter, notFound, type Route } from '../route.ts';

export const traceRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/v1/traces/{requestId}', name: 'getTrace', tag: 'feed', summary: 'A served request as a tree of operators, with every item\'s scores and features',
    access: { scope: 'traces:read', member: 'own' },
    answers: { 200: { description: 'The trace', schema: traceSchema } }, problems: ['client/notFound'],
    call: async (request, _reply, house) => {
      const trace = await house.platform.trace(idParameter(request, 'requestId'));
      // A stranger's trace and none at all get one answer: the token learns nothing of others' requests.
      const member = (trace as { readonly member?: unknown } | undefined)?.member;
      if (trace === undefined || !owns(request.caller, member)) throw notFound('there is no trace of this request, or it has been retired');
      return trace;
    },
  },
];
