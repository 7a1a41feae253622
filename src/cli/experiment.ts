/** `throughline experiment list | show | put | stop | preview`, of a running server through its public API: what is stopped holds for the next request there. */
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { z } from 'zod';
import { ERRORS, ThroughlineError, type ErrorCode } from '../core/errors.ts';
import { print, printJson } from './common.ts';

interface Options { readonly url: string; readonly key?: string; readonly json?: boolean }
interface Asked { readonly path: string; readonly method?: 'GET' | 'PUT'; readonly body?: unknown }

/** What these verbs print of an answer; the rest goes through as it came. */
const experimentSchema = z.looseObject({ key: z.string(), status: z.string(), parameter: z.string(), layer: z.string(), coverage: z.number(), range: z.object({ from: z.number(), to: z.number() }), variants: z.array(z.looseObject({ name: z.string(), weight: z.number() })), fault: z.string().optional() });
const previewSchema = z.looseObject({ member: z.string(), parameter: z.string(), variant: z.string().nullable(), reason: z.string(), value: z.unknown() });
const listSchema = z.object({ experiments: z.array(experimentSchema) });
type Shown = z.infer<typeof experimentSchema>;

const isErrorCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(ERRORS, code);

/** @throws what the server says, in its own words */
const ask = async <Value>({ url, key }: Options, { path, method = 'GET', body }: Asked, schema: z.ZodType<Value>): Promise<Value> => {
  let response: Response;
  try {
    response = await fetch(new URL(path, url), { method, headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  } catch (cause) {
    throw new ThroughlineError('server/notReady', `no server answers at ${url}; start one with "throughline serve", or name another with --url`, { cause });
  }
  const answer = await response.json().catch(() => ({})) as { readonly code?: unknown; readonly detail?: unknown };
  if (response.ok) {
    const read = schema.safeParse(answer);
    if (read.success) return read.data;
  }
  if (isErrorCode(answer.code)) throw new ThroughlineError(answer.code, String(answer.detail).replace(/\.$/u, ''));
  throw new ThroughlineError('client/invalidRequest', `what answers at ${url} is no server of Throughline (status ${response.status}); name another with --url`);
};

const pathOf = (key: string): string => `/v1/experiments/${encodeURIComponent(key)}`;
const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;

const lineOf = ({ key, status, parameter, layer, coverage, range, variants, fault }: Shown): string =>
  `${key}: ${status}${fault === undefined ? '' : `, but does not run (${fault})`}; ${parameter}, ${variants.map(({ name, weight }) => `${name} ${percent(weight)}`).join(', ')}; ${percent(coverage)} of buckets ${range.from} to ${range.to} of the layer ${layer}`;

/** What the server adds to an experiment is no part of what is written. */
const asWritten = ({ key: _key, updatedAt: _updatedAt, fault: _fault, ...input }: Shown): Readonly<Record<string, unknown>> => input;

/** @throws client/invalidData */
const readInput = async (file: string): Promise<{ readonly key: string; readonly input: unknown }> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => { throw new ThroughlineError('client/invalidData', `the file ${file} cannot be read; name one that holds an experiment as JSON`, { cause, where: { file } }); });
  let value: unknown;
  try { value = JSON.parse(text); } catch (cause) { throw new ThroughlineError('client/invalidData', `the file ${file} is not valid JSON: ${cause instanceof Error ? cause.message : ''}`, { cause, where: { file } }); }
  const read = z.looseObject({ key: z.string().min(1) }).safeParse(value);
  if (!read.success) throw new ThroughlineError('client/invalidData', `the file ${file} must hold one JSON object with the "key" of the experiment beside what describes it`, { where: { file } });
  const { key, updatedAt: _updatedAt, fault: _fault, ...input } = read.data;
  return { key, input };
};

const withCommon = (command: Command): Command => command
  .option('--url <address>', 'the server', 'http://127.0.0.1:7700')
  .option('--key <key>', 'of a server that wants one, with the scopes experiments:read and experiments:write')
  .option('--json', 'print one JSON object');

const tell = (options: Options, value: object, words: string): void => { if (options.json === true) printJson(value); else print(words); };

export const experimentCommand = (): Command => {
  const command = new Command('experiment').description('list, show, write, stop and preview experiments of a running server');
  withCommon(command.command('list').description('every experiment, and how it divides members')).action(async (options: Options) => {
    const list = await ask(options, { path: '/v1/experiments' }, listSchema);
    tell(options, list, list.experiments.length === 0 ? 'No experiment yet.' : list.experiments.map(lineOf).join('\n'));
  });
  withCommon(command.command('show <key>').description('one experiment as JSON, ready to be put again')).action(async (key: string, options: Options) => {
    const experiment = await ask(options, { path: pathOf(key) }, experimentSchema);
    tell(options, experiment, JSON.stringify(experiment, undefined, 2));
  });
  withCommon(command.command('put <file>').description('write the experiment that a JSON file holds, its "key" included')).action(async (file: string, options: Options) => {
    const { key, input } = await readInput(file);
    const written = await ask(options, { path: pathOf(key), method: 'PUT', body: input }, experimentSchema);
    tell(options, written, lineOf(written));
  });
  withCommon(command.command('stop <key>').description('everybody gets the default with their next request')).action(async (key: string, options: Options) => {
    const running = await ask(options, { path: pathOf(key) }, experimentSchema);
    const stopped = await ask(options, { path: pathOf(key), method: 'PUT', body: { ...asWritten(running), status: 'stopped' } }, experimentSchema);
    tell(options, stopped, lineOf(stopped));
  });
  withCommon(command.command('preview <key> <member>').description('what one member gets of it, and why, without exposing them')).action(async (key: string, member: string, options: Options) => {
    const preview = await ask(options, { path: `${pathOf(key)}/preview?member=${encodeURIComponent(member)}` }, previewSchema);
    tell(options, preview, `${preview.member} gets ${preview.variant ?? 'the default'} (${preview.reason}): ${preview.parameter} is ${JSON.stringify(preview.value)}`);
  });
  return command;
};
