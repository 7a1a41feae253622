/** What a schema found wrong, as one sentence that names the field and says what to do. Knows the shape of issues, not their library. */
import { ThroughlineError, type ErrorCode, type Where } from './errors.ts';
import { printable } from './ids.ts';

export interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly input?: unknown;
}

interface Checked<Value> { readonly success: boolean; readonly data?: Value; readonly error?: { readonly issues: readonly Issue[] } }
export interface Schema<Value> { safeParse(value: unknown): Checked<Value> }

const LISTED_KEYS = 5;

/** `['attributes', 'skills', 3]` is `attributes.skills[3]`. */
export const fieldName = (path: readonly PropertyKey[]): string =>
  printable(path.map((part, place) => typeof part === 'number' ? `[${part}]` : `${place === 0 ? '' : '.'}${String(part)}`).join(''));

const quoted = (values: unknown): string =>
  (Array.isArray(values) ? values : []).slice(0, 20).map((value) => JSON.stringify(value)).join(', ');

const limitOf = (issue: Record<string, unknown>, word: 'minimum' | 'maximum'): string => {
  const one = Number(issue[word]) === 1;
  const unit = { string: one ? ' character' : ' characters', array: one ? ' entry' : ' entries' }[String(issue['origin'])] ?? '';
  return `${word === 'minimum' ? 'at least' : 'at most'} ${String(issue[word])}${unit}`;
};

const unknownKeys = (keys: readonly string[], place: string): string => {
  const names = keys.slice(0, LISTED_KEYS).map((key) => `"${printable(key)}"`).join(', ');
  const rest = keys.length > LISTED_KEYS ? ` and ${keys.length - LISTED_KEYS} more` : '';
  return `${keys.length === 1 ? 'unknown field' : 'unknown fields'} ${names}${rest}${place === '' ? '' : ` in ${place}`}; remove ${keys.length === 1 ? 'it' : 'them'} or check the spelling`;
};

/** Zod tells an absent field from a wrong one only in its message. */
const isAbsent = (issue: Issue): boolean => issue.message.endsWith('received undefined');

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a string', number: 'a number', int: 'a whole number', boolean: 'true or false', object: 'an object', array: 'a list', record: 'an object', nonoptional: 'given',
};

const requirement = (issue: Issue & Record<string, unknown>): string => {
  switch (issue.code ?? '') {
    case 'invalid_type': return `must be ${EXPECTED[String(issue['expected'])] ?? `of type ${String(issue['expected'])}`}`;
    case 'too_big': return `must be ${limitOf(issue, 'maximum')}`;
    case 'too_small': return `must be ${limitOf(issue, 'minimum')}`;
    case 'invalid_value': return `must be ${Array.isArray(issue['values']) && issue['values'].length > 1 ? 'one of ' : ''}${quoted(issue['values'])}`;
    case 'invalid_format': return formatRequirement(issue);
    default: return issue.message.startsWith('must') ? issue.message : `is not valid (${issue.message})`;
  }
};

const formatRequirement = (issue: Issue & Record<string, unknown>): string => {
  if (issue['format'] === 'datetime') return 'must be an ISO 8601 time with a zone, such as 2026-11-21T09:30:00Z';
  if (issue['format'] === 'url') return 'must be an http or https URL';
  return issue.message.startsWith('must') ? issue.message : `must match ${String(issue['pattern'])}`;
};

/** The first issue as a sentence, with the name of its field. */
export const describeIssues = (issues: readonly Issue[]): { readonly detail: string; readonly field?: string } => {
  const issue = issues[0] as (Issue & Record<string, unknown>) | undefined;
  if (issue === undefined) return { detail: 'the value is not valid' };
  const place = fieldName(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const keys = issue['keys'] as readonly string[];
    return { detail: unknownKeys(keys, place), field: fieldName([...issue.path, keys[0] ?? '']) };
  }
  if (issue.code === 'invalid_union' && typeof issue['discriminator'] === 'string') {
    const options = quoted(issue['options']);
    return { detail: `${place === '' ? issue['discriminator'] : place} must be ${options === '' ? 'one of the known values' : `one of ${options}`}`, field: place === '' ? issue['discriminator'] : place };
  }
  if (place === '') return { detail: `the record ${requirement(issue)}` };
  return { detail: isAbsent(issue) ? `${place} is missing; it ${requirement(issue)}` : `${place} ${requirement(issue)}`, field: place };
};

/** @returns the value as its schema reads it. @throws the code given (default client/invalidRequest) with one sentence */
export const validate = <Value>(schema: Schema<Value>, value: unknown, options: { readonly code?: ErrorCode; readonly where?: Where } = {}): Value => {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data as Value;
  const { detail, field } = describeIssues(checked.error?.issues ?? []);
  throw new ThroughlineError(options.code ?? 'client/invalidRequest', detail, { where: { ...options.where, ...(field === undefined ? {} : { field }) } });
};
