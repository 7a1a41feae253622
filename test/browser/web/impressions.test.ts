import { beforeAll } from 'vitest';
import { startFeedServer } from '../../support/feed-server.ts';
import { buildWeb } from '../support/browser.ts';
import { impressionSuite } from '../support/impressions.ts';

beforeAll(buildWeb);
impressionSuite({ start: startFeedServer });
