/**
 * Counters of this process in Prometheus text. Requests are counted in plain numbers per route and status: the library's labelled
 * histogram hashes its labels on every observation, which the feed cannot afford.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Registry } from 'prom-client';

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;
const NAME = 'throughline_http_request_duration_seconds';
const NANOSECONDS = 1e9;

interface Series { readonly counts: Float64Array; sum: number; count: number }

/** What one thread has counted, fit to be sent to another. */
export interface MetricsSnapshot {
  readonly series: readonly { readonly route: string; readonly status: number; readonly counts: Float64Array; readonly sum: number; readonly count: number }[];
  readonly shed: number;
  readonly inFlight: number;
}

export interface HttpMetrics {
  /** Requests being served, exempt ones not counted. */
  inFlight: number;
  observe(route: string, status: number, seconds: number): void;
  countShed(): void;
  snapshot(): MetricsSnapshot;
  text(): Promise<string>;
  close(): void;
}

const seriesText = (labels: string, series: Series): string => {
  let below = 0;
  const lines = BUCKETS.map((bound, place) => {
    below += series.counts[place] ?? 0;
    return `${NAME}_bucket{${labels},le="${bound}"} ${below}`;
  });
  return [...lines, `${NAME}_bucket{${labels},le="+Inf"} ${series.count}`, `${NAME}_sum{${labels}} ${series.sum}`, `${NAME}_count{${labels}} ${series.count}`].join('\n');
};

const addProcessMetrics = (registry: Registry, delay: ReturnType<typeof monitorEventLoopDelay>): void => {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({ name, help, registers: [registry], collect() { this.set(read()); } });
  };
  new Counter({
    name: 'process_cpu_seconds_total', help: 'Processor time of the process, user and system, in seconds.', registers: [registry],
    collect() { const { user, system } = process.cpuUsage(); this.reset(); this.inc((user + system) / 1e6); },
  });
  gauge('process_resident_memory_bytes', 'Resident memory of the process.', () => process.memoryUsage.rss());
  gauge('nodejs_heap_used_bytes', 'Heap in use in this thread.', () => process.memoryUsage().heapUsed);
  gauge('nodejs_external_memory_bytes', 'Memory of buffers outside the heap.', () => process.memoryUsage().external);
  gauge('nodejs_eventloop_delay_mean_seconds', 'Mean delay of the event loop since the last scrape.', () => (Number.isFinite(delay.mean) ? delay.mean : 0) / NANOSECONDS);
  gauge('nodejs_eventloop_delay_p99_seconds', '99th percentile of the delay of the event loop since the last scrape.', () => delay.percentile(99) / NANOSECONDS);
  gauge('nodejs_eventloop_delay_max_seconds', 'Greatest delay of the event loop since the last scrape.', () => delay.max / NANOSECONDS);
};

const addSeries = (into: Map<string, Series>, snapshot: MetricsSnapshot): void => {
  for (const { route, status, counts, sum, count } of snapshot.series) {
    const labels = `route="${route}",status="${status}"`;
    const total = into.get(labels) ?? { counts: new Float64Array(BUCKETS.length), sum: 0, count: 0 };
    counts.forEach((value, bucket) => { total.counts[bucket] = (total.counts[bucket] ?? 0) + value; });
    total.sum += sum;
    total.count += count;
    into.set(labels, total);
  }
};

/** @param peers what the other threads of this process have counted: a scrape of one thread tells of all */
export const createHttpMetrics = (peers: () => Promise<readonly MetricsSnapshot[]> = async () => []): HttpMetrics => {
  const routes = new Map<string, Map<number, Series>>();
  const registry = new Registry();
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  addProcessMetrics(registry, delay);
  let shed = 0;
  let all: readonly MetricsSnapshot[] = [];
  const total = (of: (snapshot: MetricsSnapshot) => number): number => all.reduce((sum, snapshot) => sum + of(snapshot), 0);
  new Gauge({ name: 'throughline_http_requests_in_flight', help: 'Requests being served.', registers: [registry], collect() { this.set(total(({ inFlight }) => inFlight)); } });
  new Counter({ name: 'throughline_http_requests_shed_total', help: 'Requests turned away because too many were in flight.', registers: [registry], collect() { this.reset(); this.inc(total((snapshot) => snapshot.shed)); } });
  const seriesOf = (route: string, status: number): Series => {
    let statuses = routes.get(route);
    if (statuses === undefined) routes.set(route, statuses = new Map());
    let series = statuses.get(status);
    if (series === undefined) statuses.set(status, series = { counts: new Float64Array(BUCKETS.length), sum: 0, count: 0 });
    return series;
  };
  const metrics: HttpMetrics = {
    inFlight: 0,
    observe: (route, status, seconds) => {
      const series = seriesOf(route, status);
      let bucket = 0;
      while (bucket < BUCKETS.length && seconds > (BUCKETS[bucket] ?? 0)) bucket++;
      if (bucket < BUCKETS.length) series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
      series.sum += seconds;
      series.count++;
    },
    countShed: () => { shed++; },
    snapshot: () => ({ series: [...routes].flatMap(([route, statuses]) => [...statuses].map(([status, series]) => ({ route, status, ...series }))), shed, inFlight: metrics.inFlight }),
    text: async () => {
      all = [metrics.snapshot(), ...await peers()];
      const summed = new Map<string, Series>();
      for (const snapshot of all) addSeries(summed, snapshot);
      const histogram = [...summed].map(([labels, series]) => seriesText(labels, series));
      const own = await registry.metrics();
      delay.reset();
      return [`# HELP ${NAME} Time from the head of a request to the end of its answer.`, `# TYPE ${NAME} histogram`, ...histogram, own].join('\n');
    },
    close: () => { delay.disable(); },
  };
  return metrics;
};
