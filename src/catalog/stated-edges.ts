/** Edges that follow from what an entity says of itself: they are these and no others from its newest record on. */
import type { EdgeName } from './graph.ts';
import type { StoredEntity } from './records.ts';

interface Stated { readonly edge: EdgeName; readonly targets: readonly string[] }

/** References under a name in a list of objects; an attribute of a plug-in's kind may look like anything. */
const named = (value: unknown, name: string): readonly string[] =>
  (Array.isArray(value) ? value.flatMap((row: unknown) => { const found = (row as Readonly<Record<string, unknown>> | null)?.[name]; return typeof found === 'string' ? [found] : []; }) : []);
const listed = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : typeof value === 'string' ? [value] : []);

const STATED: Readonly<Record<string, (attributes: StoredEntity['attributes']) => readonly Stated[]>> = {
  member: (attributes) => [
    { edge: 'workedAt', targets: [...new Set([...listed(attributes['company']), ...named(attributes['positions'], 'company')])] },
    { edge: 'studiedAt', targets: [...new Set(named(attributes['education'], 'school'))] },
  ],
  article: (attributes) => [{ edge: 'mentions', targets: [...new Set(listed(attributes['mentions']))] }],
  post: (attributes) => [{ edge: 'mentions', targets: [...new Set(listed(attributes['mentions']))] }],
};

export const statedEdges = ({ kind, attributes }: Pick<StoredEntity, 'kind' | 'attributes'>): readonly Stated[] => STATED[kind]?.(attributes) ?? [];
