/** The public door for programs that hold a platform themselves: open a folder, write and read through it, serve it over HTTP. */
export { ERRORS, ThroughlineError, type ErrorCode, type Where } from './core/errors.ts';
export { manualClock, systemClock, type Clock } from './core/clock.ts';
export { configSchema, feedOptions, loadConfig, type Config } from './config.ts';
export type { BatchOutcome, EntityView, Health, Platform, Rejection } from './platform/api.ts';
export { openPlatform, type OpenOptions, type OpenPlatform } from './platform/open.ts';
export { createHttpServer, type HttpConfig, type HttpParts } from './http/server.ts';
export { serveInThread, type Served } from './serve/serve.ts';
