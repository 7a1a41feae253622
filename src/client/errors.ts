import type { Problem, Rejection } from './types.ts';

/**
 * What the server refused, or that it could not be reached. `code` is the server's (`client/cursorExpired`, …), or
 * `network/unreachable` when no answer came (status 0).
 */
export class ClientError extends Error {
  readonly code: string;
  readonly status: number;
  /** One clear sentence: what was wrong and what to do. */
  readonly detail: string;
  readonly rejected: readonly Rejection[] | undefined;
  constructor(problem: Pick<Problem, 'code' | 'status' | 'detail' | 'rejected'>, options?: { readonly cause: unknown }) {
    super(problem.detail, options);
    this.name = 'ClientError';
    this.code = problem.code;
    this.status = problem.status;
    this.detail = problem.detail;
    this.rejected = problem.rejected;
  }
}

/** Reads a problem document; a proxy's own error page becomes a plain sentence. */
export const problemOf = async (response: Response): Promise<ClientError> => {
  const body: Partial<Problem> = await response.json().catch(() => ({}));
  return new ClientError({
    code: body.code ?? (response.status < 500 ? 'client/refused' : 'server/failed'),
    status: response.status,
    detail: body.detail ?? `The server answered ${response.status}.`,
    rejected: body.rejected,
  });
};
