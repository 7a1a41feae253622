/** Errors as RFC 9457 problem documents: the one place where a code of the catalogue becomes an HTTP status. */
import { ERRORS, ThroughlineError, type ErrorCode } from '../core/errors.ts';
import type { Problem } from './contracts.ts';

interface Row {
  readonly status: number;
  /** What the reader of the problem can do about it. */
  readonly advice: string;
  readonly retryAfterSeconds?: number;
}

export const PROBLEMS = {
  'client/invalidJson': { status: 400, advice: 'Correct the body at the line and column named.' },
  'client/invalidRequest': { status: 422, advice: 'Correct the field named; the OpenAPI document has every shape.' },
  'client/invalidReference': { status: 422, advice: 'Write kind:id, such as member:42; ids have at most 128 bytes and no spaces or control characters.' },
  'client/unknownKind': { status: 422, advice: 'Use a registered kind or action, or register it with a plug-in.' },
  'client/notFound': { status: 404, advice: 'Check the path and the id.' },
  'client/tooOld': { status: 422, advice: 'Send history to /v1/events/history, or import it.' },
  'client/inTheFuture': { status: 422, advice: 'Set the clock of the device, and send the event again.' },
  'client/conflict': { status: 409, advice: 'Give a new event a new id.' },
  'client/cursorExpired': { status: 410, advice: 'Ask for the first page again, without a cursor.' },
  'client/invalidCursor': { status: 400, advice: 'Send nextCursor of the last page as it came, for the same member and sort.' },
  'client/tooLarge': { status: 413, advice: 'Send smaller batches, or an NDJSON stream.' },
  'client/unsupportedMedia': { status: 415, advice: 'Send application/json, or application/x-ndjson where a stream is taken, uncompressed and in UTF-8.' },
  'client/unauthorized': { status: 401, advice: 'Send Authorization: Bearer with an API key or a member token.' },
  'client/forbidden': { status: 403, advice: 'Use a key with the scope named, or a token of the member in the path.' },
  'client/methodNotAllowed': { status: 405, advice: 'Use one of the methods in the Allow header.' },
  'client/headersTooLarge': { status: 431, advice: 'Send fewer or shorter headers.' },
  'client/invalidHttp': { status: 400, advice: 'Send a request of HTTP/1.1, its path encoded as UTF-8.' },
  'client/timeout': { status: 408, advice: 'Send the request again over a faster connection or in smaller parts.' },
  'client/invalidData': { status: 422, advice: 'Correct the file at the line named.' },
  'client/invalidConfig': { status: 500, advice: 'Correct the configuration; all faults are listed at once.' },
  'client/noModel': { status: 409, advice: 'Run throughline train first.' },
  'client/noData': { status: 409, advice: 'Import or record more events first.' },
  'client/invalidGraph': { status: 422, advice: 'Make the shapes agree at the operator named.' },
  'server/overloaded': { status: 503, advice: 'Wait as long as Retry-After says, and send it again.', retryAfterSeconds: 1 },
  'server/notReady': { status: 503, advice: 'Wait as long as Retry-After says, and send it again.', retryAfterSeconds: 2 },
  'server/storeUnwritable': { status: 503, advice: 'Keep the events and send them again later; the operator makes room on the disk and restarts the server.', retryAfterSeconds: 30 },
  'server/storeCorrupt': { status: 500, advice: 'The operator restores the folder from a backup.' },
  'server/storeNewer': { status: 500, advice: 'The operator starts the version that wrote the store, or a newer one.' },
  'server/storeInUse': { status: 503, advice: 'The operator stops the other process or chooses another folder.', retryAfterSeconds: 30 },
  'server/portInUse': { status: 500, advice: 'The operator chooses another port.' },
  'server/keysRequired': { status: 500, advice: 'The operator configures API keys, or serves on loopback.' },
  'server/diverged': { status: 500, advice: 'The operator trains anew with another seed, or at a lower rate.' },
  'server/internal': { status: 500, advice: 'Report it with the request id; the log has the place where it failed.' },
  'plugin/timeout': { status: 504, advice: 'Send it again; the operator looks at the plug-in named.' },
  'plugin/failed': { status: 502, advice: 'Send it again; the operator looks at the plug-in named.' },
  'plugin/invalidAnswer': { status: 502, advice: 'The operator looks at the plug-in named.' },
} as const satisfies Record<ErrorCode, Row>;

const rows: Readonly<Record<ErrorCode, Row>> = PROBLEMS;

export const statusOf = (code: ErrorCode): number => rows[code].status;
export const retryAfterOf = (code: ErrorCode): number | undefined => rows[code].retryAfterSeconds;
export const problemType = (code: string): string => `/problems/${code}`;
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** A sentence begins with a capital and ends with a stop, whoever wrote it. */
const sentence = (text: string): string => {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
};

export const problemOf = (error: ThroughlineError, extra: Partial<Problem> = {}): Problem => {
  const { line, index, field } = error.where;
  return {
    type: problemType(error.code), title: ERRORS[error.code], status: statusOf(error.code), detail: sentence(error.message), code: error.code,
    ...(index === undefined ? {} : { index }), ...(field === undefined ? {} : { field }), ...(line === undefined ? {} : { line }), ...extra,
  };
};

/** A batch of which nothing was stored, or that failed on its way: the error, and what became of the records. */
export class BatchFailure extends Error {
  readonly error: ThroughlineError;
  readonly answer: Partial<Problem>;
  constructor(error: ThroughlineError, answer: Partial<Problem>) {
    super(error.message, { cause: error });
    this.name = 'BatchFailure';
    this.error = error;
    this.answer = answer;
  }
}

/** Errors of the web framework, by its codes; their own texts never leave. */
const FRAMEWORK: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['client/tooLarge', 'the body is larger than the limit; send smaller batches or an NDJSON stream'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['client/unsupportedMedia', 'the content type is not supported; send application/json, or application/x-ndjson where a stream is taken'],
  FST_ERR_CTP_INVALID_TYPE: ['client/unsupportedMedia', 'the content type is not supported; send application/json'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['client/invalidRequest', 'the body is not as long as its Content-Length says; send it again'],
  FST_ERR_BAD_URL: ['client/invalidHttp', 'the path has a wrong percent encoding; encode it as UTF-8'],
  FST_ERR_MAX_PARAM_LENGTH: ['client/tooLarge', 'an id in the path is longer than 128 bytes; use the id as it was given'],
};

/** Whatever was thrown, as an error of the catalogue. What is not of the catalogue says nothing of itself to the caller. */
export const asThroughlineError = (thrown: unknown): ThroughlineError => {
  if (thrown instanceof ThroughlineError) return thrown;
  const code = (thrown as { readonly code?: unknown } | null)?.code;
  const known = typeof code === 'string' ? FRAMEWORK[code] : undefined;
  if (known !== undefined) return new ThroughlineError(known[0], known[1], { cause: thrown });
  return new ThroughlineError('server/internal', 'something failed inside; send the request again, and report its request id if it fails again', { cause: thrown });
};

/** docs/reference/errors.md, which a test compares with this. */
export const errorsPage = (): string => {
  const lines = (Object.keys(ERRORS) as ErrorCode[]).map((code) => `| \`${code}\` | ${statusOf(code)} | ${ERRORS[code]} | ${rows[code].advice} |`);
  return [
    '# Errors', '',
    'Every error answer is a problem document of RFC 9457 (`application/problem+json`). Its `code` is one of these; `detail` is one sentence that says',
    'what was wrong, where, and what to do; `field`, `line` and `index` name the place. The first word of a code says who must act.', '',
    '| Code | Status | Meaning | What to do |', '|---|---|---|---|', ...lines, '',
  ].join('\n');
};
