/** Progress of long work, on standard error: bars on a terminal, an occasional plain line elsewhere, nothing under --json. */
import colours from 'picocolors';
import { SECOND, systemClock } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';

/** What a bar says of itself as it goes: another label, and something behind its figures ("loss 3.214"). */
export interface Saying { readonly label?: string; readonly detail?: string }

export interface Bar {
  advance(by?: number): void;
  set(done: number, saying?: Saying): void;
  /** Ends the bar; `outcome` stands behind it: "843 entities". */
  end(outcome?: string): void;
}
export interface Progress {
  /** `from` was done before: work that is taken up again is not fast because of it. */
  bar(label: string, total: number, from?: number): Bar;
  /** One plain line, above whatever bar is running. */
  note(line: string): void;
}
export interface ProgressStream { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number }
export interface ProgressOptions {
  readonly stream?: ProgressStream;
  /** Under --json nothing is shown. */
  readonly quiet?: boolean;
  readonly clock?: Clock;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

const REDRAW_MS = 100;
const PLAIN_LINE_MS = 5 * SECOND;
const SILENT: Bar = { advance: () => undefined, set: () => undefined, end: () => undefined };

const duration = (ms: number): string => {
  const seconds = Math.ceil(ms / SECOND);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
};
const count = (value: number): string => value.toLocaleString('en-GB', { maximumFractionDigits: value < 10 ? 1 : 0 });

interface State { readonly label: string; readonly detail: string; readonly done: number; readonly from: number; readonly total: number; readonly elapsedMs: number }

const figures = ({ done, from, total, elapsedMs, detail }: State): string => {
  const rate = elapsedMs > 0 ? (done - from) / elapsedMs * SECOND : 0;
  const left = rate > 0 && done < total ? `, ${duration((total - done) / rate * SECOND)} left` : '';
  return `${count(done)}/${count(total)}${rate > 0 ? `, ${count(rate)}/s` : ''}${left}${detail === '' ? '' : `, ${detail}`}`;
};
const percent = ({ done, total }: State): number => total > 0 ? Math.min(100, Math.floor(100 * done / total)) : 100;

/** One line of a terminal, never wider than it, so that the next redraw covers it. */
const drawn = (state: State, columns: number, paint: (text: string) => string): string => {
  const label = state.label.slice(0, 28).padEnd(28);
  const numbers = ` ${String(percent(state)).padStart(3)} %  ${figures(state)}`;
  const width = Math.max(0, Math.min(24, columns - label.length - numbers.length - 3));
  const filled = Math.round(width * percent(state) / 100);
  return width < 4 ? `${label}${numbers}`.slice(0, columns - 1) : `${label} ${paint('█'.repeat(filled))}${'░'.repeat(width - filled)}${numbers}`;
};

export const createProgress = (options: ProgressOptions = {}): Progress => {
  const { stream = process.stderr, quiet = false, clock = systemClock, environment = process.env } = options;
  if (quiet) return { bar: () => SILENT, note: () => undefined };
  const terminal = stream.isTTY === true && environment['TERM'] !== 'dumb';
  const { green } = colours.createColors(terminal && (environment['NO_COLOR'] ?? '') === '');
  let running: (() => void) | undefined;
  const clear = (): void => { if (terminal) stream.write('\r\u001b[2K'); };
  const bar = (firstLabel: string, total: number, from = 0): Bar => {
    const started = clock.now();
    let [label, detail] = [firstLabel, ''];
    let done = from;
    let shown = terminal ? Number.NEGATIVE_INFINITY : started;
    let ended = false;
    const state = (): State => ({ label, detail, done, from, total, elapsedMs: clock.now() - started });
    const redraw = (): void => {
      shown = clock.now();
      if (terminal) stream.write(`\r\u001b[2K${drawn(state(), stream.columns ?? 80, green)}`);
      else stream.write(`${label}: ${percent(state())} % (${figures(state())})\n`);
    };
    const set = (to: number, saying: Saying = {}): void => {
      done = to;
      ({ label = label, detail = detail } = saying);
      if (!ended && clock.now() - shown >= (terminal ? REDRAW_MS : PLAIN_LINE_MS)) redraw();
    };
    const end = (outcome?: string): void => {
      if (ended) return;
      ended = true;
      running = undefined;
      clear();
      stream.write(`${green('✓')} ${label}: ${outcome ?? `${count(done)}`} in ${duration(clock.now() - started)}\n`);
    };
    running = redraw;
    if (terminal) redraw();
    return { set, advance: (by = 1) => { set(done + by); }, end };
  };
  const note = (line: string): void => {
    clear();
    stream.write(`${line}\n`);
    if (terminal) running?.();
  };
  return { bar, note };
};
