import { ThroughlineError } from '../../core/errors.ts';
import { parseRef } from '../../core/ids.ts';
import { validate } from '../../core/validation.ts';
import { jsonBody } from '../body.ts';
import { tokenAnswerSchema, tokenRequestSchema } from '../contracts.ts';
import type { Route } from '../route.ts';

export const tokenRoutes: readonly Route[] = [
  {
    method: 'POST', path: '/v1/tokens', name: 'postToken', tag: 'tokens', summary: 'A token for one member\'s browser, good for 15 minutes',
    access: { scope: 'tokens:write' }, body: { schema: tokenRequestSchema, name: 'TokenRequest' },
    answers: { 200: { description: 'The token', schema: tokenAnswerSchema } },
    call: (request, _reply, house) => {
      const { member } = validate(tokenRequestSchema, jsonBody(request));
      const { kind, id } = parseRef(member);
      if (kind !== 'member') throw new ThroughlineError('client/invalidReference', 'member must be a reference to a member, such as member:42', { where: { field: 'member' } });
      return house.identity.mintToken(id);
    },
  },
];
