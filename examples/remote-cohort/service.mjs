// @ts-check
// A cohort that is a service of its own: any language will do, this one is plain Node. It knows which events sell, and answers in a form of
// its own, which config.json describes to Throughline. `node service.mjs [port]` prints where it listens; SLOW_MS makes it slow, to see what
// a page does then. GET /asked says how often it was asked.
import { createServer } from 'node:http';

const SELLING = [{ ref: 17, relevance: 0.93 }, { ref: 42, relevance: 0.81 }, { ref: 23, relevance: 0.4 }, { ref: 404, relevance: 0.1 }];
const slow = Number(process.env['SLOW_MS'] ?? 0);
let asked = 0;

const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  if (request.method === 'GET') { response.end(JSON.stringify({ asked })); return; }
  asked++;
  let body = '';
  request.on('data', (part) => { body += part; });
  request.on('end', () => {
    const { limit } = JSON.parse(body);
    setTimeout(() => { response.end(JSON.stringify({ data: { hits: SELLING.slice(0, limit) }, source: 'box office' })); }, slow);
  });
});
server.listen(Number(process.argv[2] ?? 7802), '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : ''}/suggest\n`);
});
