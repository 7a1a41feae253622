import { beforeAll } from 'vitest';
import { buildWeb } from '../support/browser.ts';
import { startHouse } from '../support/house.ts';
import { browserSuite } from '../support/suite.ts';

/** The same promises, with the platform behind the page. */
beforeAll(buildWeb);
browserSuite({ start: startHouse, cannot: ['degraded', 'end'] });
