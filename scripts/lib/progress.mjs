// @ts-check
// Progress goes to stderr, so that stdout stays what the command answers.

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const BAR_WIDTH = 24;

/** @param {number} share between 0 and 1 */
const bar = (share) => {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * BAR_WIDTH);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
};

/** @param {number} ms */
export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/**
 * Shows one line while `work` runs: a spinner, or a bar when `measure` can say how far it is. Off a terminal: one line at the start and one at the end.
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 * @param {{ measure?: () => { done: number, of: number } }} [options]
 * @returns {Promise<T>}
 */
export const withProgress = async (label, work, options = {}) => {
  const out = process.stderr;
  const begun = Date.now();
  let frame = 0;
  const draw = () => {
    const at = options.measure?.();
    const shown = at === undefined ? (FRAMES[frame++ % FRAMES.length] ?? '') : `${bar(at.done / at.of)} ${at.done}/${at.of}`;
    out.write(`\r\x1b[2K${label} ${shown} ${seconds(Date.now() - begun)}`);
  };
  if (!out.isTTY) out.write(`${label}…\n`);
  const timer = out.isTTY ? setInterval(draw, 120) : undefined;
  try {
    const result = await work();
    out.write(`${out.isTTY ? '\r\x1b[2K' : ''}${label}: done in ${seconds(Date.now() - begun)}\n`);
    return result;
  } catch (error) {
    out.write(`${out.isTTY ? '\r\x1b[2K' : ''}${label}: failed after ${seconds(Date.now() - begun)}\n`);
    throw error;
  } finally {
    clearInterval(timer);
  }
};
