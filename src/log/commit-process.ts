/**
 * The process that writes: reads groups of puts from standard input, answers `ok` or what went wrong, one line each.
 * Everything here blocks on purpose: it has nothing else to do. When its parent dies, standard input ends and so does it.
 */
import { readSync, writeSync } from 'node:fs';
import { commitHere, parseFrame } from './commit.ts';
import { openStore } from './store.ts';

const [file = '', partitions = '1', epoch = '0'] = process.argv.slice(2);
const store = openStore(file, { partitions: Number(partitions) });

/** Undefined at the end of input. */
const readExactly = (bytes: number): Buffer | undefined => {
  const buffer = Buffer.allocUnsafeSlow(bytes);
  for (let filled = 0; filled < bytes;) {
    const read = readSync(0, buffer, filled, bytes - filled, null);
    if (read === 0) return undefined;
    filled += read;
  }
  return buffer;
};

const answer = (line: string): void => {
  try {
    writeSync(1, `${line}\n`);
  } catch {
    // Nobody is left to hear it: the parent is dead, and the end of input comes next.
  }
};

// A terminal or a service manager signals the whole group; the parent decides when to stop, by closing the pipe.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

for (let length = readExactly(4); length !== undefined; length = readExactly(4)) {
  const body = readExactly(length.readUInt32LE());
  if (body === undefined) break;
  try {
    commitHere(store, parseFrame(body), Number(epoch));
  } catch (error) {
    answer(error instanceof Error ? error.message.replace(/\n/g, ' ') : String(error));
    // After a failed flush nobody knows what is on disk: no second try, not even by accident.
    break;
  }
  answer('ok');
}
await store.close();
