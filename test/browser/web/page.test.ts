import { beforeAll } from 'vitest';
import { startFeedServer } from '../../support/feed-server.ts';
import { buildWeb } from '../support/browser.ts';
import { pageSuite } from '../support/page.ts';

/** The page by itself, on a server that only speaks the contract and can be told to have sources missing, or nothing to show. */
beforeAll(buildWeb);
pageSuite({ start: startFeedServer });
