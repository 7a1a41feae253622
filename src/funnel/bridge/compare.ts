/** What the host still fires itself beside what the bridge wrote: counted by key, before the host stops firing. */

/** Counts by key: event, what was done, kind of entity, day of the event in UTC. */
export interface Counts { add(line: string): void; readonly byKey: ReadonlyMap<string, number> }

/** One line of either: what both must say. */
interface Line { readonly eventName: string; readonly action: string; readonly time: number; readonly entityType?: unknown }

const isLine = (value: unknown): value is Line =>
  typeof value === 'object' && value !== null && 'eventName' in value && typeof value.eventName === 'string' && 'action' in value && typeof value.action === 'string' && 'time' in value && typeof value.time === 'number' && Math.abs(value.time) < 8.64e15;

const parsed = (line: string): unknown => { try { return JSON.parse(line); } catch { return undefined; } };

/** @returns `add` throws a RangeError for a line that is no such event; empty lines are passed over */
export const createCounts = (): Counts => {
  const byKey = new Map<string, number>();
  return {
    byKey,
    add: (line) => {
      if (line.trim() === '') return;
      const event = parsed(line);
      if (!isLine(event)) throw new RangeError('it is no event: eventName, action and time are wanted');
      const key = `${event.eventName} ${event.action} ${typeof event.entityType === 'string' ? event.entityType : 'MEMBER'} ${new Date(event.time).toISOString().slice(0, 10)}`;
      byKey.set(key, (byKey.get(key) ?? 0) + 1);
    },
  };
};

export interface Difference { readonly event: string; readonly action: string; readonly kind: string; readonly day: string; readonly host: number; readonly bridge: number; /** (bridge − host) / host; 1 where the host has none. */ readonly relative: number }
export interface Comparison {
  readonly host: number;
  readonly bridge: number;
  readonly keys: number;
  readonly tolerance: number;
  /** Every key agrees within the tolerance: the host may stop firing. */
  readonly within: boolean;
  /** Those that do not, the furthest first. */
  readonly differing: readonly Difference[];
}

/** A tenth of a percent. */
export const TOLERANCE = 0.001;

const total = ({ byKey }: Counts): number => [...byKey.values()].reduce((sum, count) => sum + count, 0);

export const compareCounts = (host: Counts, bridge: Counts, tolerance: number = TOLERANCE): Comparison => {
  const keys = [...new Set([...host.byKey.keys(), ...bridge.byKey.keys()])].toSorted();
  const differing = keys.map((key): Difference => {
    const [event = '', action = '', kind = '', day = ''] = key.split(' ');
    const [theirs, ours] = [host.byKey.get(key) ?? 0, bridge.byKey.get(key) ?? 0];
    return { event, action, kind, day, host: theirs, bridge: ours, relative: theirs === 0 ? 1 : (ours - theirs) / theirs };
  }).filter(({ relative }) => Math.abs(relative) > tolerance).toSorted((a, b) => Math.abs(b.relative) - Math.abs(a.relative));
  return { host: total(host), bridge: total(bridge), keys: keys.length, tolerance, within: differing.length === 0, differing };
};
