const CAPACITY = 500;

/** Remembers the event behind each toggle, over visits: undoing one must name it. */
export const createDoneMemory = (member: string) => {
  const key = `throughline.done.${member}`;
  const read = (): [string, string][] => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? '[]') as [string, string][];
    } catch {
      return [];
    }
  };
  const nameOf = (action: string, item: string): string => `${action} ${item}`;
  return {
    eventOf: (action: string, item: string): string | undefined => read().findLast(([name]) => name === nameOf(action, item))?.[1],
    remember: (action: string, item: string, eventId: string): void => {
      const name = nameOf(action, item);
      try {
        localStorage.setItem(key, JSON.stringify([...read().filter(([other]) => other !== name), [name, eventId]].slice(-CAPACITY)));
      } catch { /* Without storage a toggle can be undone only in this visit's memory, which is gone too. */ }
    },
  };
};
