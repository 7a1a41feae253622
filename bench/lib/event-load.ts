/**
 * Sends events, a process of its own:
 *
 *     node event-load.js events    <port> <batch>  <senders> <seconds> <members>   as fast as answers come
 *     node event-load.js next-page <port> <rounds> 1         <seconds> <members>   an action, then at once the page it must change
 */
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';

const [what = '', ...numbers] = process.argv.slice(2);
const [port = 0, size = 1, senders = 1, seconds = 10, members = 2000] = numbers.map(Number);

const agent = new Agent({ keepAlive: true, maxSockets: senders });
const call = (method: string, path: string, body?: string): Promise<{ readonly status: number; readonly text: string }> => new Promise((resolve, reject) => {
  const sent = request({ port, host: '127.0.0.1', method, path, agent, headers: body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (response) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part)).once('end', () => { resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }); });
  });
  sent.once('error', reject);
  sent.end(body);
});

const boot = performance.timeOrigin.toString(36);
let made = 0;
const event = (): object => {
  const n = made++;
  const common = { id: `b${boot}-${n}`, member: `member:m${(n * 31) % members}`, item: `article:a${(n * 7919) % 12_000}`, at: new Date(performance.timeOrigin + performance.now()).toISOString() };
  return n % 4 === 0 ? { ...common, type: 'action', action: 'click' } : { ...common, type: 'impression', trackingId: `x${n}-1`, span: `s${n}`, visibleMs: 1200 };
};

const latencies: number[] = [];
const at = (share: number): number => Math.round((latencies.toSorted((a, b) => a - b)[Math.floor(share * latencies.length)] ?? 0) * 100) / 100;
let errors = 0;

const throughput = async (): Promise<object> => {
  let events = 0;
  const begun = performance.now();
  const send = async (): Promise<void> => {
    while (performance.now() - begun < seconds * 1000) {
      const body = JSON.stringify(size === 1 ? event() : Array.from({ length: size }, event));
      const sentAt = performance.now();
      const { status } = await call('POST', '/v1/events', body);
      if (status >= 300) { errors++; continue; }
      latencies.push(performance.now() - sentAt);
      events += size;
    }
  };
  await Promise.all(Array.from({ length: senders }, send));
  return { events, seconds: (performance.now() - begun) / 1000, p50: at(0.5), p99: at(0.99), errors };
};

interface Page { readonly items: readonly { readonly item: string; readonly trackingId: string }[] }

/** "Not interested" takes the item off the very next page. */
const nextPage = async (): Promise<object> => {
  let missed = 0;
  let rounds = 0;
  const feed = async (member: string): Promise<Page> => JSON.parse((await call('GET', `/v1/members/${member}/feed`)).text) as Page;
  for (; rounds < size; rounds++) {
    const member = `m${(rounds * 131) % members}`;
    const first = (await feed(member)).items[0];
    if (first === undefined) continue;
    const begun = performance.now();
    const body = JSON.stringify([{ type: 'action', action: 'notInterested', id: `n${boot}-${rounds}`, member: `member:${member}`, item: first.item, at: new Date(performance.timeOrigin + begun).toISOString(), trackingId: first.trackingId }]);
    if ((await call('POST', '/v1/events', body)).status >= 300) errors++;
    const { items } = await feed(member);
    latencies.push(performance.now() - begun);
    if (items.some(({ item }) => item === first.item)) missed++;
  }
  return { rounds, missed, errors, p50: at(0.5), p99: at(0.99) };
};

process.stdout.write(`${JSON.stringify(await (what === 'events' ? throughput() : nextPage()))}\n`);
process.exit(0);
