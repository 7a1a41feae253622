/** Logs to standard error as JSON lines. Route, status, milliseconds, request id: no ids of members, no bodies, no queries. */
import { destination, pino, type Logger } from 'pino';

export const createLogger = (level: string): Logger => pino({ level, base: { pid: process.pid } }, destination(2));
