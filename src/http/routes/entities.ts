import { ThroughlineError } from '../../core/errors.ts';
import { validate } from '../../core/validation.ts';
import { answerBatch } from '../batch.ts';
import { jsonBody } from '../body.ts';
import { batchAnswerSchema, entityRecordSchema, entitySchema, entityViewSchema } from '../contracts.ts';
import { idParameter, kindParameter, notFound, type House, type Request, type Route } from '../route.ts';

const viewOf = async (house: House, kind: string, id: string): Promise<unknown> => {
  const entity = await house.platform.getEntity(kind, id);
  if (entity === undefined) throw notFound(`there is no ${kind} with this id`);
  return entity;
};

const put = async (request: Request, house: House): Promise<unknown> => {
  const kind = kindParameter(request);
  const id = idParameter(request);
  const { createdAt, attributes } = validate(entitySchema, jsonBody(request));
  const { rejected: [rejection] } = await house.platform.putEntities([{ kind, id, ...(createdAt === undefined ? {} : { createdAt }), attributes }]);
  if (rejection !== undefined) {
    const { field } = rejection.where ?? {};
    throw new ThroughlineError(rejection.code, rejection.detail, { where: field === undefined ? {} : { field } });
  }
  return viewOf(house, kind, id);
};

export const entityRoutes: readonly Route[] = [
  {
    method: 'PUT', path: '/v1/entities/{kind}/{id}', name: 'putEntity', tag: 'entities', summary: 'Write an entity, or replace its attributes',
    access: { scope: 'entities:write' }, body: { schema: entitySchema, name: 'Entity' },
    answers: { 200: { description: 'The entity as it is now, on disk', schema: entityViewSchema } }, problems: ['client/unknownKind', 'client/inTheFuture', 'server/storeUnwritable'],
    call: (request, _reply, house) => put(request, house),
  },
  {
    method: 'GET', path: '/v1/entities/{kind}/{id}', name: 'getEntity', tag: 'entities', summary: 'Read an entity',
    access: { scope: 'entities:read' },
    answers: { 200: { description: 'The entity', schema: entityViewSchema } }, problems: ['client/notFound', 'client/unknownKind'],
    call: (request, _reply, house) => viewOf(house, kindParameter(request), idParameter(request)),
  },
  {
    method: 'DELETE', path: '/v1/entities/{kind}/{id}', name: 'deleteEntity', tag: 'entities', summary: 'Take an entity out of every feed; a member is erased by DELETE /v1/members/{id}',
    access: { scope: 'entities:write' },
    answers: { 204: { description: 'Gone' } }, problems: ['client/notFound', 'client/unknownKind', 'server/storeUnwritable'],
    call: async (request, reply, house) => {
      const kind = kindParameter(request);
      if (!await house.platform.deleteEntity(kind, idParameter(request))) throw notFound(`there is no ${kind} with this id`);
      return reply.code(204).send();
    },
  },
  {
    method: 'POST', path: '/v1/entities', name: 'postEntities', tag: 'entities', summary: 'Write many entities: one, a list, or an NDJSON stream of any length',
    access: { scope: 'entities:write' }, body: { schema: entityRecordSchema, name: 'EntityRecord', stream: true },
    answers: { 200: { description: 'What became of each record', schema: batchAnswerSchema } }, problems: ['client/unknownKind', 'client/inTheFuture', 'server/storeUnwritable'],
    shed: 'last',
    call: (request, reply, house) => answerBatch(request, reply, { limits: house.limits, work: { store: (records) => house.platform.putEntities(records) } }),
  },
];
