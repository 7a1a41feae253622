// Appends records to a log until it has acknowledged enough or is refused, and says what happened, a line at a time:
//   node log-writer.mjs <compiled source folder> <data folder> <appends>
// `ack <n>` after append n resolved; after a refusal `failed <code>`, `again <code>` for one more try, `read <n>` for what can be read.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist = '', folder = '', appends = '0'] = process.argv.slice(2);
const { openLmdbLog } = await import(pathToFileURL(join(dist, 'log', 'lmdb.js')).href);
const { systemClock } = await import(pathToFileURL(join(dist, 'core', 'clock.js')).href);
const say = (line) => writeSync(1, `${line}\n`);

const log = await openLmdbLog({ folder, clock: systemClock });
const record = (n) => ({ type: 'event', id: `mark-${n}-`, at: systemClock.now(), member: '1', deduplicate: 'live', payload: Buffer.alloc(n % 3 === 0 ? 6000 : 200, 'p') });
let next = 0;
let failed;
const append = async () => {
  while (next < Number(appends) && failed === undefined) {
    const n = next++;
    try {
      await log.append(0, [record(n)]);
      say(`ack ${n}`);
    } catch (error) {
      failed ??= error;
    }
  }
};
await Promise.all([append(), append(), append()]);
if (failed !== undefined) {
  say(`failed ${failed.code}`);
  await log.append(0, [record(1_000_000)]).then(() => say('again accepted'), (error) => say(`again ${error.code}`));
}
const ids = [];
for await (const block of log.read([{ partition: 0, sequence: 0 }])) ids.push(...block.records.map(({ id }) => id));
say(`read ${ids.length} ${log.get({ partition: 0, sequence: 0 })?.id}`);
await log.close();
say('closed');
