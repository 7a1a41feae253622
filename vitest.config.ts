import { defineConfig, type ViteUserConfig } from 'vitest/config';

const suite = (name: string, options: { readonly timeoutMs: number; readonly parallel?: boolean; readonly retry?: number }): { readonly extends: true; readonly test: object } => ({
  extends: true,
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: options.timeoutMs, hookTimeout: 120_000, fileParallelism: options.parallel ?? true, retry: options.retry ?? 0 },
});

const config: ViteUserConfig = defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      suite('unit', { timeoutMs: 120_000 }),
      suite('contract', { timeoutMs: 120_000 }),
      suite('http', { timeoutMs: 120_000 }),
      suite('cli', { timeoutMs: 300_000, parallel: false }),
      // These hold real frames against each other; on a starved machine one may be lost between two observers.
      suite('browser', { timeoutMs: 180_000, parallel: false, retry: 2 }),
      suite('docs', { timeoutMs: 120_000 }),
    ],
  },
});

export default config;
