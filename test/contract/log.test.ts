import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbLog } from '../../src/log/lmdb.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { testLog } from '../../src/testing/contracts/log.ts';

testLog('memory log', (setting) => {
  const log = createMemoryLog(setting);
  return Promise.resolve({ log, destroy: () => log.close() });
}, { persists: false });

testLog('LMDB log', async (setting) => {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-log-'));
  const opened = [await openLmdbLog({ folder, ...setting })];
  return {
    log: opened[0] ?? await openLmdbLog({ folder, ...setting }),
    reopen: async () => {
      await opened.at(-1)?.close();
      const again = await openLmdbLog({ folder, ...setting });
      opened.push(again);
      return again;
    },
    destroy: async () => {
      for (const log of opened) await log.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}, { persists: true });
