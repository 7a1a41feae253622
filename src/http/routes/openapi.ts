import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../core/errors.ts';
import { PROBLEMS } from '../problems.ts';
import { notFound, type Parameters, type Route } from '../route.ts';

export const descriptionRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/v1/openapi.json', name: 'getOpenApi', tag: 'operation', summary: 'This description', access: 'public',
    answers: { 200: { description: 'OpenAPI 3.1', schema: z.record(z.string(), z.unknown()) } },
    call: (_request, reply, house) => reply.type('application/json; charset=utf-8').send(house.description()),
  },
  {
    method: 'GET', path: '/problems/{party}/{code}', name: 'getProblem', tag: 'operation', summary: 'What an error code means and what to do; the type of a problem leads here', access: 'public',
    answers: { 200: { description: 'One line each', type: 'text/plain; charset=utf-8' } }, problems: ['client/notFound'],
    call: (request, reply) => {
      const { party, code: name } = request.params as Parameters;
      const code = `${party ?? ''}/${name ?? ''}`;
      if (!Object.hasOwn(ERRORS, code)) throw notFound('there is no such error code');
      return reply.type('text/plain; charset=utf-8').send(`${code}\n${ERRORS[code as ErrorCode]}\n${PROBLEMS[code as ErrorCode].advice}\n`);
    },
  },
];
