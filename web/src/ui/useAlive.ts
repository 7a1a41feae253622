import { useSyncExternalStore } from 'react';

const never = () => () => undefined;

/** False on the server and while its page is taken over, then true. */
export const useAlive = (): boolean => useSyncExternalStore(never, () => true, () => false);
