import { describe, expect, test } from 'vitest';
import { createProgress } from '../../../src/cli/progress.ts';
import { manualClock } from '../../../src/core/clock.ts';

const screen = (options: { readonly isTTY: boolean; readonly columns?: number; readonly quiet?: boolean; readonly environment?: Record<string, string> }) => {
  const written: string[] = [];
  const clock = manualClock(0);
  const stream = { isTTY: options.isTTY, columns: options.columns ?? 80, write: (text: string) => written.push(text) };
  return { written, clock, progress: createProgress({ stream, clock, quiet: options.quiet ?? false, environment: options.environment ?? { NO_COLOR: '1' } }) };
};
const ESCAPES = /\p{Cc}(?:\[[0-9;]*[A-Za-z])?/gu;
const run = ({ clock, progress }: ReturnType<typeof screen>, steps: number, stepMs: number): void => {
  const bar = progress.bar('Living', steps);
  for (let step = 0; step < steps; step++) { clock.advance(stepMs); bar.advance(); }
  bar.end('all of it');
};

describe('progress', () => {
  test('on a terminal is redrawn at most ten times a second', () => {
    const view = screen({ isTTY: true });
    run(view, 1000, 3);
    expect(view.written.length).toBeGreaterThan(20);
    expect(view.written.length).toBeLessThan(35);
  });
  test('shows how far, how fast and how long still', () => {
    const view = screen({ isTTY: true });
    const bar = view.progress.bar('Living', 1000);
    view.clock.advance(2000);
    bar.set(500);
    expect(view.written.at(-1)?.replace(ESCAPES, '')).toMatch(/Living .* 50 % {2}500\/1,000, 250\/s, 2 s left/);
  });
  test('never draws a line wider than the terminal', () => {
    for (const columns of [20, 40, 60, 80, 200]) {
      const view = screen({ isTTY: true, columns });
      run(view, 100, 150);
      for (const text of view.written.slice(0, -2)) expect(text.replace(ESCAPES, '').length).toBeLessThan(columns);
    }
  });
  test('elsewhere says so in a plain line every five seconds, without control characters', () => {
    const view = screen({ isTTY: false, environment: {} });
    run(view, 100, 120);
    expect(view.written).toEqual([expect.stringMatching(/^Living: 4\d % /), expect.stringMatching(/^Living: 8\d % /), '✓ Living: all of it in 12 s\n']);
    for (const line of view.written) expect(line.slice(0, -1)).toBe(line.replace(ESCAPES, ''));
  });
  test('keeps its colours to itself under NO_COLOR', () => {
    const [plain, coloured] = [screen({ isTTY: true }), screen({ isTTY: true, environment: {} })];
    for (const view of [plain, coloured]) run(view, 10, 200);
    expect(plain.written.join('')).not.toContain('\u001b[32m');
    expect(coloured.written.join('')).toContain('\u001b[32m');
  });
  test('says nothing when quiet', () => {
    const view = screen({ isTTY: true, quiet: true });
    run(view, 10, 200);
    view.progress.note('here');
    expect(view.written).toEqual([]);
  });
});
