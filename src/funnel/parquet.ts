/** Parquet files made in another process. Where its file is not compiled (running from TypeScript sources) they are made here; same bytes. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ThroughlineError } from '../core/errors.ts';
import type { ParquetTask } from './parquet-process.ts';

export interface ParquetMaker {
  /** Resolves when the file is written, not yet flushed. @throws server/storeUnwritable */
  make(task: ParquetTask): Promise<void>;
  close(): Promise<void>;
}

const refused = (task: ParquetTask, why: string): ThroughlineError => new ThroughlineError('server/storeUnwritable', `${task.to} could not be written (${why}); free space or permissions there, then run the same command again`);

const here = async (sorting: string): Promise<ParquetMaker> => {
  const writer = await (await import('./parquet-process.ts')).openParquetWriter(sorting);
  return {
    make: async (task) => { await writer.write(task).catch((error: unknown) => { throw refused(task, error instanceof Error ? error.message : String(error)); }); },
    close: async () => { writer.close(); },
  };
};

const inProcess = (script: string, sorting: string): ParquetMaker => {
  const child = spawn(process.execPath, [script, sorting], { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = new Promise<string>((resolve) => { child.once('close', (code, signal) => { resolve(`the process that writes it ended: ${signal ?? `exit code ${code}`}`); }); });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  // A broken pipe means that the process is gone; its `close` says how.
  child.stdin.on('error', () => undefined);
  return {
    make: async (task) => {
      child.stdin.write(`${JSON.stringify(task)}\n`);
      const answer = await answers.next();
      if (answer.done === true) throw refused(task, await closed);
      if (answer.value !== 'ok') throw refused(task, answer.value);
    },
    close: async () => {
      child.stdin.end();
      await closed;
    },
  };
};

/** @param sorting a folder for what does not fit its memory: half a gigabyte, one core */
export const openParquetMaker = async (sorting: string): Promise<ParquetMaker> => {
  const script = fileURLToPath(new URL('./parquet-process.js', import.meta.url));
  return existsSync(script) ? inProcess(script, sorting) : here(sorting);
};
