/** What every server of Throughline answers, however many workers serve it. `start` gives an empty store on loopback each time. */
import type { Start } from '../../support/requests.ts';
import { authSuite } from './auth.ts';
import { badInputSuite } from './bad-input.ts';
import { batchSuite } from './batch.ts';
import { memberSuite } from './members.ts';
import { protocolSuite } from './protocol.ts';
import { routeSuite } from './routes.ts';

export const httpSuite = (start: Start): void => {
  routeSuite(start);
  memberSuite(start);
  batchSuite(start);
  badInputSuite(start);
  protocolSuite(start);
  authSuite(start);
};
