/** Promises that a plug-in left behind and that fail: nobody waits for them, so they are told and end nothing. */
import { printable } from '../core/ids.ts';

/**
 * Node ends a process, or a worker and with it the process, at a rejection that nobody handles. In our own code that is right, and the linter
 * finds such promises; where modules of others run, one of them would take every page down. An exception outside of promises still ends it.
 * @param plugins as the configuration names them: without any, Node's way stands
 */
export const surviveStrays = (plugins: readonly string[]): void => {
  if (plugins.length === 0) return;
  process.on('unhandledRejection', (reason) => {
    process.stderr.write(`A plug-in (${plugins.join(', ')}) left a promise behind that failed: ${printable(reason instanceof Error ? reason.message : String(reason))}; wait for it in "fetch"\n`);
  });
};
