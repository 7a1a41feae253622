// A million events on served pages, a fifth of them sent twice, a twentieth late, the server killed in the middle: is each in the log once, and joined?
//   npm run bench funnel -- [events]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { DAY, MINUTE, SECOND, systemClock } from '../src/core/clock.ts';
import { seededRandom } from '../src/core/random.ts';
import { exportFunnel } from '../src/funnel/export.ts';
import { eachRecord } from '../src/funnel/reading.ts';
import { createSummary, type EventCount } from '../src/funnel/summary.ts';
import { openLmdbLog } from '../src/log/lmdb.ts';
import { logFolder, openPlatform } from '../src/platform/open.ts';
import { machine } from './lib/machine.ts';
import { FEED } from './lib/network.ts';
import { startServer, type Server } from './lib/processes.ts';

const [wanted = 1_000_000] = process.argv.slice(2).map(Number);
const say = (text: string): void => { process.stdout.write(`${text}\n`); };

const MEMBERS = 2000;
const ARTICLES = 5000;
const BATCH = 1000;
const VISITORS = 4;
/** Batches that a late event, or the second sending of one, waits for. */
const LATER = 5;

interface Card { readonly trackingId: string; readonly item: string }
interface Event { readonly id: string; readonly [field: string]: unknown }

const prepare = async (data: string): Promise<void> => {
  const platform = await openPlatform({ data, feed: FEED });
  const at = new Date(systemClock.now() - DAY).toISOString();
  for (const [kind, count] of [['member', MEMBERS], ['article', ARTICLES]] as const) {
    for (let from = 0; from < count; from += BATCH) await platform.putEntities(Array.from({ length: BATCH }, (_, n) => ({ kind, id: `${from + n}`, createdAt: at, attributes: kind === 'member' ? { name: `Member ${from + n}` } : { title: `Article ${from + n}` } })));
  }
  await platform.close();
};

/** What a member does on a page: cards seen, some acted on, some of that taken back, some done elsewhere without a tracking id; one device in ten is up to two minutes off. */
const createVisits = (seed: number): ((member: string, cards: readonly Card[]) => readonly Event[]) => {
  const random = seededRandom(seed);
  let made = 0;
  return (member, cards) => {
    const events: Event[] = [];
    const off = random.next() < 0.1 ? (random.next() - 0.5) * 4 * MINUTE : 0;
    const now = systemClock.now() + off;
    const times = { at: new Date(now).toISOString(), ...(off === 0 ? {} : { sentAt: new Date(now).toISOString() }) };
    for (const { trackingId, item } of cards) {
      if (random.next() < 0.2) continue;
      const id = `e${(made++).toString(36)}`;
      const about = { member: `member:${member}`, item, ...times };
      events.push({ type: 'impression', id: `${id}s`, ...about, trackingId, span: id, visibleMs: 300 + Math.floor(random.next() * 9000) });
      if (random.next() > 0.3) continue;
      const action = random.next() < 0.6 ? 'click' : 'like';
      const tracked = random.next() < 0.95 ? { trackingId } : {};
      events.push({ type: 'action', id: `${id}a`, ...about, ...tracked, action });
      if (action === 'like' && random.next() < 0.1) events.push({ type: 'action', id: `${id}u`, ...about, ...tracked, action, of: `${id}a` });
    }
    return events;
  };
};

interface Outbox { take(): readonly Event[] | undefined; add(events: readonly Event[]): void; end(): void; readonly distinct: number; readonly late: number; readonly repeats: number }

/** Events on their way, in batches: some late, some a second time. */
const createOutbox = (): Outbox => {
  const random = seededRandom(2);
  const held: Event[][] = Array.from({ length: LATER + 1 }, () => []);
  let ready: Event[] = [];
  let ended = false;
  const count = { distinct: 0, late: 0, repeats: 0 };
  return {
    get distinct() { return count.distinct; }, get late() { return count.late; }, get repeats() { return count.repeats; },
    end: () => { ended = true; ready.push(...held.flatMap((events) => events.splice(0))); },
    add: (events) => {
      for (const event of events) {
        count.distinct++;
        const isLate = random.next() < 0.05;
        if (isLate) { count.late++; held[LATER]?.push(event); } else ready.push(event);
        if (random.next() < 0.2) { count.repeats++; held[LATER]?.push(event); }
      }
    },
    take: () => {
      if (ready.length < BATCH && !(ended && ready.length > 0)) return undefined;
      const batch = ready.slice(0, BATCH);
      ready = [...held.shift() ?? [], ...ready.slice(BATCH)];
      held.push([]);
      return batch;
    },
  };
};

const answer = async <T>(url: URL, path: string, body?: unknown): Promise<T> => {
  const response = await fetch(new URL(path, url), body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return await response.json() as T;
};

/** Asks again until the server is there: what a client does that was told nothing. */
const persistent = async <T>(server: () => Server | undefined, path: string, body?: unknown): Promise<T> => {
  for (;;) {
    const up = server();
    if (up !== undefined) {
      try { return await answer<T>(up.url, path, body); } catch (error) { if (!(error instanceof TypeError)) throw error; }
    }
    await sleep(50);
  }
};

const run = async (data: string): Promise<Outbox & { readonly pages: number; readonly accepted: number; readonly duplicates: number }> => {
  let server: Server | undefined = await startServer(data);
  const current = (): Server | undefined => server;
  const visits = createVisits(1);
  const outbox = createOutbox();
  const random = seededRandom(3);
  const sums = { pages: 0, accepted: 0, duplicates: 0 };
  let killed = false;
  const kill = async (): Promise<void> => {
    const doomed = server;
    server = undefined;
    if (doomed === undefined) return;
    process.kill(doomed.pid, 'SIGKILL');
    await doomed.stop();
    server = await startServer(data);
    say(`killed with SIGKILL after ${outbox.distinct} events and ${sums.pages} pages; up again`);
  };
  const send = async (): Promise<void> => {
    for (let batch = outbox.take(); batch !== undefined; batch = outbox.take()) {
      const { accepted, duplicates } = await persistent<{ readonly accepted: number; readonly duplicates: number }>(current, '/v1/events', batch);
      sums.accepted += accepted;
      sums.duplicates += duplicates;
    }
  };
  const visitor = async (): Promise<void> => {
    while (outbox.distinct < wanted) {
      const member = String(Math.floor(random.next() * MEMBERS));
      const { items } = await persistent<{ readonly items: readonly Card[] }>(current, `/v1/members/${member}/feed?limit=20&sort=${random.next() < 0.1 ? 'relevance' : 'recent'}`);
      sums.pages++;
      outbox.add(visits(member, items));
      await send();
      if (!killed && outbox.distinct > wanted / 2) { killed = true; await kill(); }
    }
  };
  await Promise.all(Array.from({ length: VISITORS }, visitor));
  outbox.end();
  await send();
  await server?.stop();
  const { distinct, late, repeats } = outbox;
  return { ...outbox, distinct, late, repeats, ...sums };
};

const eventText = (name: string, { events, joined, elsewhere, lost, shareJoined }: EventCount): string =>
  `${name}: ${events} in the log; joined ${JSON.stringify(joined)}, nothing served led to ${elsewhere}; with a tracking id ${(100 * shareJoined).toFixed(4)} % joined, lost by cause ${JSON.stringify(lost)}`;

const judge = async (data: string, sent: number): Promise<void> => {
  const log = await openLmdbLog({ folder: logFolder(data), clock: systemClock, readOnly: true });
  const begun = performance.now();
  const cpuBefore = process.cpuUsage();
  const counter = createSummary();
  let records = 0;
  await eachRecord(log, (record) => { records++; counter.apply(record); });
  counter.end();
  const { impressions, actions, pages, sessions } = counter.result();
  const ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpuBefore);
  say(`join: ${records} records, ${pages} pages, ${sessions} sessions in ${(ms / SECOND).toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of processor time (${((user + system) / records).toFixed(1)} us a record); memory of this process at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
  say(eventText('impressions', impressions));
  say(eventText('actions', actions));
  const stored = impressions.events + actions.events;
  say(`sent ${sent} different events, in the log ${stored}: ${stored === sent ? 'each once' : 'NOT each once'}`);
  const exporting = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'throughline-export-'));
  try {
    const { rows, bytes } = await exportFunnel(log, { folder, reasonOf: String });
    say(`export: ${rows} rows, ${(bytes / 1e6).toFixed(1)} MB of Parquet (${(bytes / rows).toFixed(1)} bytes a row) in ${((performance.now() - exporting) / SECOND).toFixed(1)} s`);
  } finally { rmSync(folder, { recursive: true, force: true }); await log.close(); }
};

const data = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
try {
  say(machine());
  await prepare(data);
  const begun = performance.now();
  const { distinct, late, repeats, pages, accepted, duplicates } = await run(data);
  say(`sent in ${((performance.now() - begun) / SECOND).toFixed(0)} s: ${distinct} events on ${pages} pages, ${late} of them late, ${repeats} a second time; answered ${accepted} accepted, ${duplicates} known already`);
  await judge(data, distinct);
} finally { rmSync(data, { recursive: true, force: true }); }
