/** A CPU profile of a piece of work alone: what `--cpu-prof` gives, without the start of the program. */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

/** Runs `work`; with a file name also profiles it into that file (open it in Chrome's developer tools). */
export const profiled = async <T>(file: string | undefined, work: () => Promise<T>): Promise<T> => {
  if (file === undefined) return work();
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  const result = await work();
  const { profile } = await session.post('Profiler.stop');
  writeFileSync(file, JSON.stringify(profile));
  session.disconnect();
  return result;
};
