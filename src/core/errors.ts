/**
 * The error catalogue. A code says who must act (`client`, `server`, `plugin`) and then what happened; the sentence says
 * what was wrong, where, and what to do. HTTP statuses and exit codes are added at the edges (`http/problems.ts`, `cli/`).
 */
export const ERRORS = {
  'client/invalidJson': 'The body is not valid JSON.',
  'client/invalidRequest': 'A field is missing, unknown or of the wrong type.',
  'client/invalidReference': 'A reference is not of the form kind:id.',
  'client/unknownKind': 'The entity kind or action is not registered.',
  'client/notFound': 'There is no such thing here.',
  'client/tooOld': 'A live event is dated before the 30-day window.',
  'client/inTheFuture': 'An event is dated in the future.',
  'client/conflict': 'The same event id came before with another payload; the new one is quarantined.',
  'client/cursorExpired': 'The cursor has expired.',
  'client/invalidCursor': 'The cursor is not one of ours, or belongs to another member.',
  'client/tooLarge': 'The body, batch or id is larger than the limit.',
  'client/unsupportedMedia': 'The content type is not supported here.',
  'client/unauthorized': 'An API key or member token is required.',
  'client/forbidden': 'The key or token does not reach this.',
  'client/methodNotAllowed': 'This path does not take that method.',
  'client/headersTooLarge': 'The request line and headers are larger than the limit.',
  'client/invalidHttp': 'The bytes are not an HTTP request.',
  'client/timeout': 'The request did not arrive in time.',
  'client/invalidData': 'A file to import cannot be read as what it claims to be.',
  'client/invalidConfig': 'The configuration has unknown keys or wrong values.',
  'client/noModel': 'No model has been trained in this store.',
  'client/noData': 'The store holds too little data for this command.',
  'client/invalidGraph': 'A tensor of a model graph has a shape that does not fit.',
  'server/overloaded': 'Too many requests are in flight.',
  'server/notReady': 'The server is starting or stopping.',
  'server/storeUnwritable': 'The log could not be written; nothing new is acknowledged until the server is restarted.',
  'server/storeCorrupt': 'A stored record fails its checksum.',
  'server/storeNewer': 'The store was written by a newer version.',
  'server/storeInUse': 'Another process serves this folder, or trains in it.',
  'server/portInUse': 'The port is taken.',
  'server/keysRequired': 'Serving beyond loopback needs API keys.',
  'server/diverged': 'A training run came to numbers that are none; the model being served stays.',
  'server/internal': 'Something failed inside.',
  'plugin/timeout': 'A plug-in did not answer within its deadline.',
  'plugin/failed': 'A plug-in failed.',
  'plugin/invalidAnswer': 'A plug-in answered something that is not a ranking.',
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** Where in the input: a line of a file, an index of a batch, a field. */
export interface Where { readonly line?: number; readonly index?: number; readonly field?: string; readonly file?: string }

export class ThroughlineError extends Error {
  readonly code: ErrorCode;
  readonly where: Where;
  constructor(code: ErrorCode, detail: string, options: { readonly where?: Where; readonly cause?: unknown } = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ThroughlineError';
    this.code = code;
    this.where = options.where ?? {};
  }
}
