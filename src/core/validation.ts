/** One clear sentence from a schema's issue: which field, what is wrong, what would be right. */
import type { z } from 'zod';
import { ThroughlineError } from './errors.ts';
import { printable } from './ids.ts';

const sentence = (issue: z.core.$ZodIssue, field: string): string => {
  const at = field === '' ? 'the record' : `"${printable(field)}"`;
  switch (issue.code) {
    case 'unrecognized_keys': return `${field === '' ? 'the record' : at} has unknown field${issue.keys.length > 1 ? 's' : ''} ${issue.keys.map((key) => `"${printable(key)}"`).join(', ')}; remove ${issue.keys.length > 1 ? 'them' : 'it'} or check the spelling`;
    case 'invalid_type': return `${at} must be ${issue.expected}${issue.input === undefined ? ', and is missing' : ''}`;
    default: return `${at}: ${issue.message}`;
  }
};

/** @throws client/invalidRequest naming the field */
export const parseWith = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue === undefined ? '' : issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''].join('.') : issue.path.join('.');
  throw new ThroughlineError('client/invalidRequest', issue === undefined ? 'the record is not valid' : sentence(issue, issue.path.join('.')), { where: { field } });
};
