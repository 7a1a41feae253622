// @ts-check
// A first-pass ranker that is a service of its own: any language will do, this one is plain Node. It answers in a form of its own, which
// config.json describes to Throughline. `node service.mjs [port]` prints where it listens; SLOW_MS makes it slow, to see what a page does then.
import { createServer } from 'node:http';

const PICKS = [{ ref: 'a2', weight: 9 }, { ref: 'a1', weight: 4 }, { ref: 'gone', weight: 2 }];
const slow = Number(process.env['SLOW_MS'] ?? 0);

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part) => { body += part; });
  request.on('end', () => {
    const { member, limit } = JSON.parse(body);
    const hits = PICKS.slice(0, limit).map(({ ref, weight }) => ({ doc: { ref }, weight, why: 'topicOfYours' }));
    setTimeout(() => { response.setHeader('content-type', 'application/json').end(JSON.stringify({ for: member.id, result: { hits } })); }, slow);
  });
});
server.listen(Number(process.argv[2] ?? 7801), '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : ''}/rank\n`);
});
