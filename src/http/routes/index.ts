/** Every route, in the order in which the reference lists them. */
import type { Route } from '../route.ts';
import { discoveryRoutes } from './discovery.ts';
import { entityRoutes } from './entities.ts';
import { eventRoutes } from './events.ts';
import { experimentRoutes } from './experiments.ts';
import { feedRoutes } from './feed.ts';
import { healthRoutes } from './health.ts';
import { memberRoutes } from './members.ts';
import { modelRoutes } from './models.ts';
import { descriptionRoutes } from './openapi.ts';
import { tokenRoutes } from './tokens.ts';
import { traceRoutes } from './traces.ts';
import { webRoutes } from './web.ts';

export const ROUTES: readonly Route[] =
  [...entityRoutes, ...eventRoutes, ...feedRoutes, ...discoveryRoutes, ...memberRoutes, ...traceRoutes, ...tokenRoutes, ...experimentRoutes, ...modelRoutes, ...healthRoutes, ...descriptionRoutes, ...webRoutes];
