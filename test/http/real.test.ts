import { describe } from 'vitest';
import { serveInProcess, spawnServer } from '../support/real-server.ts';
import { httpSuite } from './suites/index.ts';

describe('the real server, answering in its main thread', () => {
  httpSuite((options) => serveInProcess(options));
});

describe('the real server as a program, answering in two workers', () => {
  httpSuite((options) => spawnServer({ workers: 2, ...options }));
});
