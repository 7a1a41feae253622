import { useEffect, useState } from 'react';
import { useServices } from '../ui/contexts.ts';

/** How often is asked, while somebody looks. */
const EVERY_MS = 60_000;

export interface Fresh { readonly count: number; readonly more: boolean }

const NONE: Fresh = { count: 0, more: false };

/** How many items came since this page was made. Asked now and then, and when the member comes back; a question that fails is asked again later. */
export const useFresh = (since: string): Fresh => {
  const services = useServices();
  const [fresh, setFresh] = useState({ since, ...NONE });
  useEffect(() => {
    let live = true;
    const ask = async (): Promise<void> => {
      if (document.visibilityState === 'hidden') return;
      const counted = await services().client.countNew(since).catch(() => undefined);
      if (live && counted !== undefined) setFresh({ since, ...counted });
    };
    const now = (): void => { void ask(); };
    const timer = setInterval(now, EVERY_MS);
    document.addEventListener('visibilitychange', now);
    return () => {
      live = false;
      clearInterval(timer);
      document.removeEventListener('visibilitychange', now);
    };
  }, [services, since]);
  // What was counted against another page says nothing of this one.
  return fresh.since === since ? fresh : NONE;
};
