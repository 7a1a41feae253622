/** How the demo opens the real house. */
import { ThroughlineError } from '../core/errors.ts';
import type { OpenHouse } from './demo-life.ts';

export const houseAt = (_options: { readonly host: string; readonly port: number }): OpenHouse => () => {
  throw new ThroughlineError('server/notReady', 'the platform is not assembled yet');
};
