/** The demo's journey model: trained beside the running server by a process of its own, at the lowest priority. */
import { relative } from 'node:path';
import { DAY, MINUTE } from '../core/clock.ts';
import type { Millis } from '../core/ids.ts';
import { currentJourney, describeJourney } from '../models/journey/artefact.ts';
import type { Progress } from './progress.ts';

/** A part of a run takes a minute or two beside a server; on a slow machine what was best by then serves. */
export const DEMO_BUDGET_MS = 10 * MINUTE;
/** A model older than this is trained anew at the next start. */
const FRESH_MS = 7 * DAY;

/** Whether the journey model that serves was made within the last week. One that cannot be read was not. */
export const hasFreshJourney = async (data: string, now: Millis): Promise<boolean> => {
  try {
    const version = await currentJourney(data);
    if (version === undefined) return false;
    return now - Date.parse((await describeJourney(data, version)).card.createdAt) < FRESH_MS;
  } catch {
    return false;
  }
};

export interface BesideParts {
  readonly data: string;
  /** Where the server answers. */
  readonly url: string;
  /** A member whose reading is worth a look. */
  readonly member: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Trains until the model serves, or the signal says stop; resolves to the version, undefined where there is nothing to tell. */
  readonly trainJourney: (signal: AbortSignal) => Promise<string | undefined>;
}

/** As the shell of whoever started the demo may write it. */
const written = (folder: string): string => {
  const near = relative('', folder);
  const path = near.startsWith('..') ? folder : near;
  return /^[\w./-]+$/u.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
};

/** A failure costs one line: the feed goes on without a journey model, or with the one before. */
export const trainBeside = async ({ data, url, member, progress, signal, trainJourney }: BesideParts): Promise<void> => {
  try {
    const version = await trainJourney(signal);
    if (version === undefined) return;
    progress.note(`The journey model ${version} serves now: see ${url}/console/models, and npx throughline journey ${member} --data ${written(data)}`);
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
    progress.note(`The feed goes on without a new journey model: ${sentence}`);
  }
};
