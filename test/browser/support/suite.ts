import type { SuiteOptions } from './browser.ts';
import { impressionSuite } from './impressions.ts';
import { pageSuite } from './page.ts';

/** What the feed page promises, checked in a browser against any server that shows it. */
export const browserSuite = (options: SuiteOptions): void => {
  pageSuite(options);
  impressionSuite(options);
};
