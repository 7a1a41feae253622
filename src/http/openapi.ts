/** OpenAPI 3.1 from the routes and their schemas. Generated, committed as docs/reference/openapi.json, and compared by a test. */
import { z } from 'zod';
import { ATTRIBUTES } from '../catalog/kinds.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Access } from './access.ts';
import { NDJSON } from './body.ts';
import { cohortPageSchema, cohortSchema, discoveryCardSchema, discoverySchema, templateSchema } from './discovery-contracts.ts';
import { batchAnswerSchema, feedItemSchema, feedPageSchema, problemSchema } from './contracts.ts';
import { statusOf } from './problems.ts';
import type { BodyShape, Route } from './route.ts';

type Json = Record<string, unknown>;

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

/** Named schemas; the rest stands where it is used. */
const namedSchemas = (routes: readonly Route[]): ReadonlyMap<z.ZodType, string> => {
  const names = new Map<z.ZodType, string>([[problemSchema, 'Problem'], [feedPageSchema, 'FeedPage'], [feedItemSchema, 'FeedItem'], [discoverySchema, 'DiscoveryPage'], [cohortPageSchema, 'CohortPage'], [cohortSchema, 'Cohort'], [discoveryCardSchema, 'DiscoveryCard'], [templateSchema, 'CardTemplate'], [batchAnswerSchema, 'BatchAnswer']]);
  for (const { body } of routes) if (body !== undefined) names.set(body.schema, body.name);
  for (const [kind, schema] of Object.entries(ATTRIBUTES)) names.set(schema, `${capital(kind)}Attributes`);
  return names;
};

const clean = ({ $schema: _schema, $id: _id, ...rest }: Json): Json => rest;

const components = (names: ReadonlyMap<z.ZodType, string>): Json => {
  const registry = z.registry<{ id: string }>();
  for (const [schema, id] of names) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(Object.keys(schemas).sort().map((id) => [id, clean(schemas[id] as Json)]));
};

const inline = (schema: z.ZodType): Json => clean(z.toJSONSchema(schema, { io: 'input' }) as Json);

const parameters = (route: Route): readonly Json[] => [
  ...[...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string', minLength: 1, maxLength: 128 } })),
  ...Object.entries(route.query ?? {}).map(([name, { schema, description }]) => ({ name, in: 'query', required: false, description, schema: inline(schema) })),
];

const requestBody = (body: BodyShape): Json => {
  const one = reference(body.name);
  if (body.stream !== true) return { required: true, content: { 'application/json': { schema: one } } };
  return {
    required: true,
    description: `One record, a list of them, or (${NDJSON}) a stream with one record a line, of any length.`,
    content: { 'application/json': { schema: { anyOf: [one, { type: 'array', items: one }] } }, [NDJSON]: { schema: one } },
  };
};

const COMMON: readonly ErrorCode[] = ['client/invalidRequest', 'server/overloaded', 'server/internal'];

const problemsOf = (route: Route): readonly ErrorCode[] => [
  ...(route.access === 'public' ? [] : ['client/unauthorized', 'client/forbidden'] as const),
  ...(route.path.includes('{') ? ['client/invalidReference', 'client/notFound'] as const : []),
  ...(route.body === undefined ? [] : ['client/invalidJson', 'client/timeout', 'client/tooLarge', 'client/unsupportedMedia'] as const),
  ...(route.problems ?? []), ...COMMON,
];

const responses = (route: Route, names: ReadonlyMap<z.ZodType, string>): Json => {
  const answers = Object.entries(route.answers).map(([status, { description, schema, type }]): [string, Json] => {
    const name = schema === undefined ? undefined : names.get(schema);
    const shape = schema === undefined ? { type: 'string' } : name === undefined ? inline(schema) : reference(name);
    return [status, { description, ...(schema === undefined && type === undefined ? {} : { content: { [type?.split(';')[0] ?? 'application/json']: { schema: shape } } }) }];
  });
  const problems = [...groupCodes(problemsOf(route))].map(([status, list]): [string, Json] =>
    [status, { description: list.join(', '), content: { 'application/problem+json': { schema: reference('Problem') } } }]);
  return Object.fromEntries([...answers, ...problems].sort(([a], [b]) => Number(a) - Number(b)));
};

const groupCodes = (codes: readonly ErrorCode[]): ReadonlyMap<string, readonly ErrorCode[]> => {
  const groups = new Map<string, ErrorCode[]>();
  for (const code of [...new Set(codes)].sort()) {
    const status = String(statusOf(code));
    const group = groups.get(status);
    if (group === undefined) groups.set(status, [code]);
    else group.push(code);
  }
  return groups;
};

const security = (access: Access): readonly Json[] => {
  if (access === 'public') return [];
  if (access === 'anyKey') return [{ apiKey: [] }];
  return [{ apiKey: [access.scope] }, ...(access.member === undefined ? [] : [{ memberToken: [] }])];
};

const operation = (route: Route, names: ReadonlyMap<z.ZodType, string>): Json => ({
  operationId: route.name, summary: route.summary, tags: [route.tag], security: security(route.access),
  ...(parameters(route).length === 0 ? {} : { parameters: parameters(route) }),
  ...(route.body === undefined ? {} : { requestBody: requestBody(route.body) }),
  responses: responses(route, names),
});

const SECURITY_SCHEMES = {
  apiKey: { type: 'http', scheme: 'bearer', description: 'An API key with the scope named. Not needed where the server listens on loopback without keys.' },
  memberToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A token of POST /v1/tokens, good for 15 minutes and for its own member alone.' },
} as const;

export const openApiDocument = (routes: readonly Route[]): Json => {
  const names = namedSchemas(routes);
  const paths: Record<string, Json> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route, names);
  return {
    openapi: '3.1.0',
    info: { title: 'Throughline', version: '1', description: 'A ranked, explained, personalised feed from the whole professional journey of each member.', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: { schemas: components(names), securitySchemes: SECURITY_SCHEMES },
  };
};
