import { startServer } from '../support/http-server.ts';
import { httpSuite } from './suites/index.ts';

httpSuite((options) => startServer(options));
