import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The program that a variable names (`npm test` sets it), else the first of these names on PATH; undefined when there is none. */
const find = (variable: string, names: readonly string[]): string | undefined => {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [process.env[variable], ...onPath].find((path) => path !== undefined && isProgram(path));
};

/** A Chromium for the browser tests. Without one, a test calls `skip('no Chromium')`. */
export const chromiumPath = (): string | undefined => find('THROUGHLINE_CHROMIUM', ['chromium', 'chromium-browser', 'google-chrome']);

/** Prometheus' checker of what /metrics prints. */
export const promtoolPath = (): string | undefined => find('THROUGHLINE_PROMTOOL', ['promtool']);

/** Debian's strace, for seeing flushes and injecting disk errors. */
export const stracePath = (): string | undefined => find('THROUGHLINE_STRACE', ['strace']);
