import { z } from 'zod';
import { idSchema } from '../../catalog/kinds.ts';
import { ThroughlineError } from '../../core/errors.ts';
import { isId } from '../../core/ids.ts';
import { experimentSchema } from '../../experiments/experiment.ts';
import { jsonBody } from '../body.ts';
import { experimentPreviewSchema, experimentViewSchema } from '../contracts.ts';
import { idParameter, notFound, type Request, type Route } from '../route.ts';

/** @throws client/invalidRequest */
const memberOf = (request: Request): string => {
  const { member } = request.query as Readonly<Record<string, unknown>>;
  if (typeof member === 'string' && isId(member)) return member;
  throw new ThroughlineError('client/invalidRequest', 'the query parameter member must be the id of a member, as in ?member=42', { where: { field: 'member' } });
};

const keyOf = (request: Request): string => idParameter(request, 'key');
const none = (key: string): Error => notFound(`there is no experiment "${key}"`);

export const experimentRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/v1/experiments', name: 'getExperiments', tag: 'experiments', summary: 'All experiments, running or stopped', access: { scope: 'experiments:read' },
    answers: { 200: { description: 'Experiments by key', schema: z.object({ experiments: z.array(experimentViewSchema) }) } },
    call: async (_request, _reply, house) => ({ experiments: await house.platform.experiments() }),
  },
  {
    method: 'PUT', path: '/v1/experiments/{key}', name: 'putExperiment', tag: 'experiments', summary: 'Write an experiment, or replace it; the next request obeys, in every worker',
    access: { scope: 'experiments:write' }, body: { schema: experimentSchema, name: 'Experiment' },
    answers: { 200: { description: 'The experiment as it is now, on disk, what was left out filled in', schema: experimentViewSchema } }, problems: ['server/storeUnwritable'],
    call: (request, _reply, house) => house.platform.putExperiment(keyOf(request), jsonBody(request)),
  },
  {
    method: 'GET', path: '/v1/experiments/{key}', name: 'getExperiment', tag: 'experiments', summary: 'Read an experiment', access: { scope: 'experiments:read' },
    answers: { 200: { description: 'The experiment', schema: experimentViewSchema } }, problems: ['client/notFound'],
    call: async (request, _reply, house) => {
      const experiment = await house.platform.getExperiment(keyOf(request));
      if (experiment === undefined) throw none(keyOf(request));
      return experiment;
    },
  },
  {
    method: 'DELETE', path: '/v1/experiments/{key}', name: 'deleteExperiment', tag: 'experiments', summary: 'Remove an experiment: everybody gets the default with their next request', access: { scope: 'experiments:write' },
    answers: { 204: { description: 'Gone' } }, problems: ['client/notFound', 'server/storeUnwritable'],
    call: async (request, reply, house) => {
      if (!await house.platform.deleteExperiment(keyOf(request))) throw none(keyOf(request));
      return reply.code(204).send();
    },
  },
  {
    method: 'GET', path: '/v1/experiments/{key}/preview', name: 'previewExperiment', tag: 'experiments', summary: 'What one member gets of it and why, without exposing them to it', access: { scope: 'experiments:read' },
    query: { member: { schema: idSchema, description: 'The member, by id' } },
    answers: { 200: { description: 'Variant, reason and value', schema: experimentPreviewSchema } }, problems: ['client/notFound'],
    call: (request, _reply, house) => house.platform.previewExperiment(keyOf(request), memberOf(request)),
  },
];
