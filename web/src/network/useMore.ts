import { useRef, useState } from 'react';
import { ClientError, type CohortPage } from 'throughline/client';
import { useAnnounce, useServices } from '../ui/contexts.ts';
import { words } from '../words.ts';
import type { Shelves } from './useShelves.ts';

export type MoreStatus = 'idle' | 'loading' | 'offline' | 'failed' | 'expired' | 'end';

export interface More {
  readonly status: MoreStatus;
  readonly cursor: string | null;
  /** The next page behind what is there. */
  more(): void;
  /** The list from its beginning, where it is too old to go on. */
  again(): void;
}

const statusOf = ({ nextCursor }: Pick<CohortPage, 'nextCursor'>): MoreStatus => (nextCursor === null ? 'end' : 'idle');

const failureOf = (error: unknown): MoreStatus => {
  if (!(error instanceof ClientError)) return 'failed';
  if (error.status === 0) return 'offline';
  return error.status === 410 ? 'expired' : 'failed';
};

/** How one cohort in full goes on: page by page, each item once. */
export const useMore = (name: string, first: CohortPage, shelves: Shelves): More => {
  const [state, setState] = useState({ cursor: first.nextCursor, status: statusOf(first) });
  const underWay = useRef(false);
  const services = useServices();
  const announce = useAnnounce();

  const load = async (cursor: string | null): Promise<void> => {
    if (underWay.current) return;
    underWay.current = true;
    setState((before) => ({ ...before, status: 'loading' }));
    try {
      const { client, settled } = services();
      await settled();
      const page = await client.cohort(name, cursor === null ? {} : { cursor });
      const items = page.cohort?.items ?? [];
      if (cursor === null) shelves.replace(page.cohort === undefined ? [] : [page.cohort]);
      else {
        // The pressed button may be gone: the focus goes on to the first card that came.
        if (items.length > 0) shelves.sendFocus(name, shelves.cards(name).length);
        shelves.load(name, items);
      }
      setState({ cursor: page.nextCursor, status: statusOf(page) });
      announce(words.loaded(items.length));
    } catch (error) {
      setState((before) => ({ ...before, status: failureOf(error) }));
    } finally {
      underWay.current = false;
    }
  };
  return { ...state, more: () => { void load(state.cursor); }, again: () => { void load(null); } };
};
