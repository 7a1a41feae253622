/**
 * The victim of a torture cycle: opens the log and appends under load until it is killed. After each append that resolved it
 * says so on standard output, one line `first count` for the run of record numbers that is now acknowledged.
 */
import { writeSync } from 'node:fs';
import { systemClock } from '../core/clock.ts';
import { seededRandom } from '../core/random.ts';
import { openLmdbLog } from './lmdb.ts';
import { tortureRecord } from './torture-record.ts';

const [folder = '', seed = '0', first = '0'] = process.argv.slice(2);
const random = seededRandom(Number(seed));
const log = await openLmdbLog({ folder, clock: systemClock });
let next = Number(first);

const appendForever = async (): Promise<never> => {
  for (;;) {
    const count = 1 + Math.floor(random.next() * 200);
    const from = next;
    next += count;
    await log.append(0, Array.from({ length: count }, (_, i) => tortureRecord(from + i, systemClock.now())));
    writeSync(1, `${from} ${count}\n`);
  }
};

await Promise.all(Array.from({ length: 8 }, appendForever));
