// @ts-check

const SAME_KEY_PRESS_MS = 1000;
const SIGNALS = new Set(['SIGINT', 'SIGTERM']);

/**
 * Ctrl-C under npm arrives twice: from the terminal and again from npm, which passes it on. Copies within a second count as one,
 * so that a listener never takes the second for impatience. Until somebody else listens, the signal ends the process as usual.
 */
export const countSignalsOnce = () => {
  const emit = process.emit.bind(process);
  /** @type {Map<string, number>} */
  const last = new Map();
  // @ts-expect-error one implementation stands for all overloads of emit
  process.emit = (/** @type {string} */ name, /** @type {unknown[]} */ ...rest) => {
    if (SIGNALS.has(name)) {
      const now = Date.now();
      if (now - (last.get(name) ?? 0) < SAME_KEY_PRESS_MS) return true;
      last.set(name, now);
      if (process.listenerCount(name) === 1) process.exit(name === 'SIGINT' ? 130 : 143);
    }
    // @ts-expect-error as above
    return emit(name, ...rest);
  };
  // Only now: Node takes the emit of the moment when the first listener comes.
  for (const signal of SIGNALS) process.on(signal, () => {});
};
