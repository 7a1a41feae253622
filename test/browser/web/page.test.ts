import { beforeAll } from 'vitest';
import { startFeedServer } from '../../support/feed-server.ts';
import { buildWeb } from '../support/browser.ts';
import { browserSuite } from '../support/suite.ts';

/** The page by itself, on a server that only speaks the contract. */
beforeAll(buildWeb);
browserSuite({ start: startFeedServer });
