import { problemOf, PROBLEM_TYPE, retryAfterOf } from '../problems.ts';
import { ThroughlineError } from '../../core/errors.ts';
import { healthSchema, liveSchema } from '../contracts.ts';
import type { House, Reply, Route } from '../route.ts';

const ready = async (reply: Reply, house: House): Promise<unknown> => {
  const health = await house.platform.health();
  if (health.ready) return health;
  const error = new ThroughlineError('server/notReady', health.reason ?? 'the server is starting or stopping; ask again in a moment');
  return reply.code(problemOf(error).status).header('retry-after', retryAfterOf(error.code)).type(PROBLEM_TYPE).send(JSON.stringify(problemOf(error)));
};

export const healthRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/health/live', name: 'getLive', tag: 'operation', summary: 'The process answers', access: 'public', shed: 'never',
    answers: { 200: { description: 'It does', schema: liveSchema } },
    call: () => ({ live: true }),
  },
  {
    method: 'GET', path: '/health/ready', name: 'getReady', tag: 'operation', summary: 'The server can serve feeds, and whether it can write', access: 'public', shed: 'never',
    answers: { 200: { description: 'It can', schema: healthSchema } }, problems: ['server/notReady'],
    call: (_request, reply, house) => ready(reply, house),
  },
  {
    method: 'GET', path: '/metrics', name: 'getMetrics', tag: 'operation', summary: 'Counters in Prometheus text', access: 'anyKey', shed: 'never',
    answers: { 200: { description: 'Prometheus text', type: 'text/plain; version=0.0.4; charset=utf-8' } },
    call: async (_request, reply, house) => {
      const [own, platform] = await Promise.all([house.metrics.text(), house.platform.metrics()]);
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(`${own.trimEnd()}\n${platform.trimEnd()}\n`.replace(/\n{2,}/g, '\n'));
    },
  },
];
