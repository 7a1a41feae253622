/** A route is a row: what it takes, who may call it, what it answers. The server registers rows and the OpenAPI document prints them. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Clock } from '../core/clock.ts';
import { ThroughlineError, type ErrorCode } from '../core/errors.ts';
import { ID_MAX_BYTES, NAME_PATTERN, isId } from '../core/ids.ts';
import type { Platform } from '../platform/api.ts';
import type { Access } from './access.ts';
import type { Caller, Identity } from './auth.ts';
import { OPEN } from './auth.ts';
import type { Limits } from './contracts.ts';
import type { HttpMetrics } from './metrics.ts';
import type { PageRenderer } from './pages.ts';

/** What of a pino logger this room uses. */
export type Log = Pick<Logger, 'error' | 'warn' | 'info' | 'debug' | 'isLevelEnabled'>;

/** What handlers work with. */
export interface House {
  readonly platform: Platform;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly metrics: HttpMetrics;
  readonly pages: PageRenderer;
  /** The OpenAPI document as JSON. */
  description(): string;
}

export type Request = FastifyRequest;
export type Reply = FastifyReply;
export type Parameters = Readonly<Record<string, string | undefined>>;
export type Call = (request: Request, reply: Reply, house: House) => unknown;

/** A JSON body, or with `stream` also a list or an NDJSON stream of `schema`. */
export interface BodyShape { readonly schema: z.ZodType; readonly name: string; readonly stream?: boolean }
export interface AnswerShape { readonly description: string; readonly schema?: z.ZodType; readonly type?: string }
export interface QueryShape { readonly schema: z.ZodType; readonly description: string }

export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** As OpenAPI writes it: /v1/members/{id}/feed */
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  readonly query?: Readonly<Record<string, QueryShape>>;
  readonly body?: BodyShape;
  readonly answers: Readonly<Record<number, AnswerShape>>;
  /** Beyond those every route may answer. */
  readonly problems?: readonly ErrorCode[];
  /** When too many requests are in flight: `never` is not counted, `last` is taken while others are already turned away. */
  readonly shed?: 'never' | 'last';
  readonly call: Call;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
    /** process.hrtime, milliseconds. */
    startedAt: number;
    settled: boolean;
  }
}

export const NOBODY: Caller = OPEN;

/** @throws client/invalidReference */
export const idParameter = (request: Request, name = 'id'): string => {
  const id = (request.params as Parameters)[name] ?? '';
  if (!isId(id)) throw new ThroughlineError('client/invalidReference', `the ${name} in the path must have 1 to ${ID_MAX_BYTES} bytes and no spaces, control characters or any of / ? # % \\ " < >`, { where: { field: name } });
  return id;
};

/** @throws client/unknownKind */
export const kindParameter = (request: Request): string => {
  const kind = (request.params as Parameters)['kind'] ?? '';
  if (!NAME_PATTERN.test(kind)) throw new ThroughlineError('client/unknownKind', 'the kind in the path must be a word such as member or article', { where: { field: 'kind' } });
  return kind;
};

export const notFound = (what: string): ThroughlineError => new ThroughlineError('client/notFound', `${what}; check the path and the id`);
