/** How a request of a member begins, on every surface: who it is, and what it knows from its first line on. */
import type { Clock } from '../core/clock.ts';
import { UNASSIGNED, type Assigned, type RequestContext } from '../core/context.ts';
import { ThroughlineError } from '../core/errors.ts';
import type { Millis, RequestId } from '../core/ids.ts';
import type { Random } from '../core/random.ts';
import type { Views } from './views.ts';

export interface RequestParts {
  readonly views: Views;
  readonly clock: Clock;
  /** Monotonic milliseconds: deadlines and spans. */
  readonly elapsed: () => number;
  readonly random: Random;
  /** Milliseconds within which an answer must be ready. */
  readonly deadlineMs: number;
  /** Where in the product, unless the request says so. */
  readonly surface: string;
  /** What experiments give a member, by id and dense number; absent: there are none. */
  readonly assigned?: ((member: string, viewer: number) => Assigned) | undefined;
}

export interface Requests {
  /** Dense number of a member. @throws client/notFound */
  viewerOf(member: string): number;
  contextOf(asked: { readonly member: string; readonly locale?: string | undefined; readonly surface?: string | undefined }, viewer: number, now: Millis): RequestContext;
}

/** Time in base 36, then 41 bits of chance: sortable, and not to be guessed from its neighbour. */
const createRequestIds = (clock: Clock, random: Random): (() => RequestId) => () =>
  `${clock.now().toString(36).padStart(9, '0')}${Math.floor(random.next() * 36 ** 4).toString(36).padStart(4, '0')}${Math.floor(random.next() * 36 ** 4).toString(36).padStart(4, '0')}` as RequestId;

export const createRequests = ({ views, clock, elapsed, random, deadlineMs, surface, assigned }: RequestParts): Requests => {
  const nextId = createRequestIds(clock, random);
  return {
    viewerOf: (member) => {
      const viewer = views.catalog.find(`member:${member}`);
      if (viewer < 0) throw new ThroughlineError('client/notFound', `there is no member "${member}"; put the member first, with PUT /v1/entities/member/${member}`);
      return viewer;
    },
    contextOf: (asked, viewer, now) => {
      const requestId = nextId();
      return {
        requestId, now, elapsed, deadlineMs: elapsed() + deadlineMs, locale: asked.locale ?? 'en', timeZone: 'UTC', surface: asked.surface ?? surface, client: 'api',
        allowed: views.catalog.allowed(viewer), random: random.fork(requestId), ...(assigned?.(asked.member, viewer) ?? UNASSIGNED),
      };
    },
  };
};
