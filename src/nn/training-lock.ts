/** One trainer of one folder: a second would remove the checkpoints of the first. A killed one holds nothing. */
import { mkdir } from 'node:fs/promises';
import { holderOf, lockFolder } from '../core/lock.ts';

const NAME = 'training';

/** Makes the folder where there is none. @returns what lets it go. @throws server/storeInUse naming folder and process */
export const lockTraining = async (folder: string): Promise<() => void> => {
  await mkdir(folder, { recursive: true });
  return lockFolder(folder, {
    name: NAME, held: (pid) => `process ${pid} is training in ${folder}; wait for it or stop it, then run the same command again`,
  });
};

/** The process that trains in the folder now, if one does and lives. */
export const trainerOf = (folder: string): number | undefined => holderOf(folder, NAME);
