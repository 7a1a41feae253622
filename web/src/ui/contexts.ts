import { createContext, useCallback, useContext } from 'react';
import type { Services } from '../services.ts';

export const ServicesContext = createContext<Services | null>(null);

/** Only event handlers and effects ask for it, and those never run on the server. */
export const useServices = (): (() => Services) => {
  const services = useContext(ServicesContext);
  return useCallback(() => {
    if (services === null) throw new Error('the page asked for the network while the server rendered it');
    return services;
  }, [services]);
};

/** Says a sentence to screen readers, politely. */
export const AnnounceContext = createContext<(sentence: string) => void>(() => undefined);
export const useAnnounce = (): ((sentence: string) => void) => useContext(AnnounceContext);
