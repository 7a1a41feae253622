import { describe, expect, test } from 'vitest';
import { openApiDocument } from '../../../src/http/openapi.ts';
import { ROUTES as routes } from '../../../src/http/routes/index.ts';
import { ATTRIBUTES } from '../../../src/catalog/kinds.ts';

type Json = { readonly [key: string]: Json };
const document = openApiDocument(routes) as Json;

const references = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => key === '$ref' ? [String(child)] : references(child));
};

describe('the description of the API', () => {
  test('is the committed one (vitest -u writes it)', async () => {
    await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot('../../../docs/reference/openapi.json');
  });

  test('has every route, each with a success and problems', () => {
    for (const route of routes) {
      const responses = document['paths']?.[route.path]?.[route.method.toLowerCase()]?.['responses'] ?? {};
      expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true);
      expect(JSON.stringify(responses)).toContain('application/problem+json');
    }
  });

  test('names each operation once', () => {
    const names = routes.map((route) => route.name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('has the attributes of every kind, and no reference leads nowhere', () => {
    const schemas = document['components']?.['schemas'] ?? {};
    for (const kind of Object.keys(ATTRIBUTES)) expect(Object.keys(schemas)).toContain(`${kind.charAt(0).toUpperCase()}${kind.slice(1)}Attributes`);
    for (const reference of references(document)) expect(Object.keys(schemas)).toContain(reference.replace('#/components/schemas/', ''));
  });

  test('asks for credentials wherever something of a member is', () => {
    const open = routes.filter((route) => route.access === 'public').map((route) => route.path);
    expect(open).toEqual(['/health/live', '/health/ready', '/v1/openapi.json', '/problems/{party}/{code}', '/']);
    expect(routes.filter((route) => route.path.startsWith('/v1/members/') || route.path.startsWith('/members/')).every((route) => typeof route.access === 'object' && route.access.member === 'path')).toBe(true);
  });
});
