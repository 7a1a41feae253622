/** What the server promises over HTTP when its disk refuses and when it is killed: on real processes and real system calls. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, type TestContext } from 'vitest';
import { seededRandom } from '../../src/core/random.ts';
import { openTestPlatform, spawnServer, temporaryFolder, type Spawned } from '../support/real-server.ts';
import { call, type Answer } from '../support/requests.ts';
import { readTrace, straceCommand, unflushed, whyNoStrace } from '../support/strace.ts';

const event = (id: string): Record<string, unknown> => ({ type: 'action', id, member: 'member:42', item: 'article:7', at: new Date().toISOString(), action: 'click' });
const post = (server: { readonly url: string }, ids: readonly string[]): Promise<Answer> => call(server, '/v1/events', { body: ids.map(event) });

/** A store with something to show. */
const prepare = async (data: string): Promise<void> => {
  const platform = await openTestPlatform({ data });
  await platform.putEntities([{ kind: 'member', id: '42', attributes: {} }, ...Array.from({ length: 20 }, (_, n) => ({ kind: 'article', id: String(n), attributes: {} }))]);
  await platform.close();
};

/** How often each event stands in the log of a folder. */
const countIds = async (data: string): Promise<ReadonlyMap<string, number>> => {
  const platform = await openTestPlatform({ data });
  const counts = new Map<string, number>();
  for await (const block of platform.log.read([{ partition: 0, sequence: 0 }])) {
    for (const { type, id } of block.records) if (type === 'event') counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  await platform.close();
  return counts;
};

const needStrace = (context: TestContext): void => {
  const why = whyNoStrace();
  if (why !== undefined) context.skip(why);
};

describe('under strace', () => {
  test('no 2xx leaves before the flush that covers its record', async (context) => {
    needStrace(context);
    const data = temporaryFolder();
    await prepare(data);
    const traceFile = join(temporaryFolder(), 'trace');
    const server = await spawnServer({ data, under: (command) => straceCommand(command, { traceFile, dataBytes: 50_000 }) });
    const marks = Array.from({ length: 40 }, (_, n) => `mark-${n}-`);
    for (const mark of marks) expect((await post(server, [mark])).status).toBe(200);
    await server.stop();
    const calls = readTrace(traceFile);
    const answers = calls.filter(({ path, name, text }) => path.startsWith('socket:') && name.startsWith('write') && text.includes('HTTP/1.1 200') && text.includes('x-request-id'));
    expect(answers).toHaveLength(marks.length);
    marks.forEach((mark, n) => {
      const answer = answers[n];
      expect(answer === undefined ? 'no answer' : unflushed(calls, mark, answer)).toBeUndefined();
    });
  });

  for (const inject of ['fdatasync:error=EIO:when=8', 'pwrite64:error=ENOSPC:when=9+']) {
    test(`an error of the disk is answered 503 and never acknowledged, the health says so, feeds go on, and a restart heals it (${inject})`, async (context) => {
      needStrace(context);
      const data = temporaryFolder();
      await prepare(data);
      const traceFile = join(temporaryFolder(), 'trace');
      const server = await spawnServer({ data, under: (command) => straceCommand(command, { traceFile, inject, onlyFile: join(data, 'log', 'log-1.mdb') }) });
      const acknowledged: string[] = [];
      let refused: Answer | undefined;
      for (let n = 0; n < 60 && refused === undefined; n++) {
        const answer = await post(server, [`event-${n}`]);
        if (answer.status === 200) acknowledged.push(`event-${n}`);
        else refused = answer;
      }
      expect(readTrace(traceFile).some(({ injected }) => injected)).toBe(true);
      expect([refused?.status, refused?.json['code'], refused?.headers.get('retry-after')]).toEqual([503, 'server/storeUnwritable', '30']);
      expect(acknowledged.length).toBeGreaterThan(0);
      for (const again of ['again-1', 'again-2']) expect((await post(server, [again])).status).toBe(503);
      expect((await call(server, '/v1/entities/article/new', { method: 'PUT', body: { attributes: {} } })).status).toBe(503);
      expect((await call(server, '/health/ready')).json).toMatchObject({ ready: true, writable: false });
      expect((await call(server, '/metrics')).text).toContain('throughline_log_writable 0');
      for (let n = 0; n < 5; n++) expect((await call(server, '/v1/members/42/feed')).json['items']).toHaveLength(20);
      await server.stop();

      const healed = await spawnServer({ data });
      expect((await post(healed, acknowledged)).json).toMatchObject({ accepted: 0, duplicates: acknowledged.length });
      expect((await post(healed, ['after'])).status).toBe(200);
      await healed.stop();
      const counts = await countIds(data);
      for (const id of [...acknowledged, 'after']) expect([id, counts.get(id)]).toEqual([id, 1]);
      expect([...counts.values()].every((count) => count === 1)).toBe(true);
    });
  }
});

/** Sends batches until the server is gone; what was acknowledged is noted when its answer is read. */
const load = async (server: Spawned, parts: { readonly name: string; readonly size: () => number; readonly acknowledged: Set<string> }): Promise<void> => {
  for (let n = 0; ; n++) {
    const ids = Array.from({ length: parts.size() }, (_, i) => `${parts.name}-${n}-${i}`);
    const answer = await post(server, ids).catch(() => undefined);
    if (answer === undefined) return;
    if (answer.status === 200) for (const id of ids) parts.acknowledged.add(id);
  }
};

test('killed 20 times under load, it loses no acknowledged event, counts none twice, and starts again by itself', async () => {
  const data = temporaryFolder();
  await prepare(data);
  const random = seededRandom(20_261);
  const acknowledged = new Set<string>();
  for (let cycle = 0; cycle < 20; cycle++) {
    const server = await spawnServer({ data, workers: cycle % 4 === 3 ? 2 : 0 });
    const clients = Array.from({ length: 6 }, (_, client) => load(server, { name: `c${cycle}-${client}`, size: () => 1 + Math.floor(random.next() * 20), acknowledged }));
    await sleep(20 + random.next() * 200);
    await server.stop('SIGKILL');
    await Promise.all(clients);
  }
  const counts = await countIds(data);
  expect([...acknowledged].filter((id) => !counts.has(id))).toEqual([]);
  expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
  expect(acknowledged.size).toBeGreaterThan(200);
});

test('with workers, the death of the supervising process frees the port and the folder', async () => {
  const data = temporaryFolder();
  await prepare(data);
  const server = await spawnServer({ data, workers: 1 });
  server.child.kill('SIGKILL');
  let reached = true;
  for (let n = 0; n < 100 && reached; n++) {
    await sleep(50);
    reached = await call(server, '/health/live').then(() => true, () => false);
  }
  expect(reached).toBe(false);
  for (let n = 0; n < 100; n++) {
    const alive = (() => { try { process.kill(server.pid, 0); return true; } catch { return false; } })();
    if (!alive) break;
    await sleep(50);
  }
  const next = await spawnServer({ data });
  expect((await post(next, ['after'])).status).toBe(200);
  await next.stop();
});
