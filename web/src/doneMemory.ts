const CAPACITY = 500;

/** What the member did here that can be taken back. */
export interface DoneMemory {
  /** As this visit knows it; undefined where it was not touched. */
  isOn(action: string, item: string): boolean | undefined;
  /** The event that did it, in this visit or an earlier one: undoing must name it. */
  eventOf(action: string, item: string): string | undefined;
  remember(action: string, item: string, eventId: string): void;
  undone(action: string, item: string): void;
}

export const createDoneMemory = (member: string): DoneMemory => {
  const storage = `throughline.done.${member}`;
  const touched = new Map<string, boolean>();
  const events = new Map<string, string>();
  try {
    for (const [name, eventId] of JSON.parse(localStorage.getItem(storage) ?? '[]') as [string, string][]) events.set(name, eventId);
  } catch { /* A damaged or forbidden store remembers nothing. */ }
  const nameOf = (action: string, item: string): string => `${action} ${item}`;
  return {
    isOn: (action, item) => touched.get(nameOf(action, item)),
    eventOf: (action, item) => events.get(nameOf(action, item)),
    remember: (action, item, eventId) => {
      const name = nameOf(action, item);
      touched.set(name, true);
      events.delete(name);
      events.set(name, eventId);
      try {
        localStorage.setItem(storage, JSON.stringify([...events].slice(-CAPACITY)));
      } catch { /* Storage is full or forbidden: this visit still remembers. */ }
    },
    undone: (action, item) => { touched.set(nameOf(action, item), false); },
  };
};
