/** Writing files so that a reader, a kill or a power cut meets all of one or none of it. */
import { constants } from 'node:fs';
import { open, rename } from 'node:fs/promises';

/** Written and flushed, under a name that nobody reads yet. An error says which file it met, as `path`. */
export const writeFlushed = async (file: string, data: string | Uint8Array): Promise<void> => {
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(data);
    await handle.sync();
  } catch (error) {
    // The system names a file that does not open, but not one that does not take what is written.
    throw error instanceof Error && !('path' in error) ? Object.assign(error, { path: file }) : error;
  } finally {
    await handle.close();
  }
};

/** On disk before it has its name. The folder is still to be flushed, by `syncFolder`. */
export const writeWhole = async (file: string, data: string | Uint8Array): Promise<void> => {
  const temporary = `${file}.tmp`;
  await writeFlushed(temporary, data);
  await rename(temporary, file);
};

/** Makes the names in a folder as durable as the files. */
export const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Whether an error of the file system says that there is no such file. */
export const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
