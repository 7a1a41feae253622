/** A store that another process may be writing, opened to be read. */
import { ThroughlineError } from '../core/errors.ts';
import { dataFile, guarded, readManifest, type Manifest } from './folder.ts';
import { listQuarantined, type LmdbLog } from './quarantine.ts';
import { getRecord, readLog } from './read.ts';
import { createSignal } from './signal.ts';
import { openStore, refresh, storedEnd, type Store } from './store.ts';

/** How often a follower looks for more. */
const POLL_MS = 20;

export const openReader = (folder: string): LmdbLog => {
  let { manifest, store } = openNewest(folder);
  const { partitions } = manifest;
  const stop = createSignal();
  let closed = false;

  /** Looks again; a rewrite has put another file in the place of this one. */
  const latest = (): Store => {
    refresh(store);
    const newest = readManifest(folder);
    if (newest !== undefined && newest.generation !== manifest.generation) {
      void store.close();
      ({ manifest, store } = openNewest(folder));
    }
    return store;
  };
  const ends = (): number[] => Array.from({ length: partitions }, (_, partition) => storedEnd(store, partition));
  const readOnly = (): Promise<never> => Promise.reject(new ThroughlineError('server/storeUnwritable', `${folder} was opened to be read only`));

  return {
    folder,
    partitions,
    append: readOnly,
    erase: readOnly,
    retain: readOnly,
    read: (from, options = {}) => {
      latest();
      let known = ends();
      return readLog({
        store: () => store,
        end: (partition) => known[partition] ?? 0,
        changed: async (signal) => {
          await stop.wait(signal, POLL_MS);
          if (closed) return;
          latest();
          known = ends();
        },
        closed: () => closed,
      }, from, options);
    },
    get: (position) => getRecord(latest(), position),
    end: () => {
      latest();
      return ends().map((sequence, partition) => ({ partition, sequence }));
    },
    quarantined: () => listQuarantined(latest()),
    close: async () => {
      if (closed) return;
      closed = true;
      stop.notify();
      await store.close();
    },
  };
};

/** A rewrite may remove the file between reading its name and opening it: then there is a newer name. */
const openNewest = (folder: string): { manifest: Manifest; store: Store } => {
  for (let last = -1; ;) {
    const manifest = readManifest(folder);
    if (manifest === undefined) throw new ThroughlineError('client/noData', `there is no store in ${folder}; import or serve something first, or name another folder with --data`);
    try {
      return { manifest, store: guarded(folder, () => openStore(dataFile(folder, manifest.generation), { partitions: manifest.partitions, readOnly: true })) };
    } catch (error) {
      if (manifest.generation === last) throw error;
      last = manifest.generation;
    }
  }
};
