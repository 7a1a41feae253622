import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

// Whatever runs the build (a test runner, say), the page is made for production.
process.env['NODE_ENV'] = 'production';

/** Two builds from the same components: what the browser loads, and the server's `render` (one file, React inside). */
export default defineConfig(({ isSsrBuild }) => ({
  root: path('.'),
  plugins: [react()],
  resolve: { alias: { 'throughline/client': path('../src/client/index.ts') } },
  define: { 'process.env.NODE_ENV': JSON.stringify('production') },
  ssr: { noExternal: true },
  build: {
    target: 'es2023',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    // The page's policy lets nothing inline in: no data: URLs either.
    assetsInlineLimit: 0,
    ...(isSsrBuild === true ? {} : { outDir: 'dist/client', manifest: true, rolldownOptions: { input: [path('src/entry-client.tsx'), path('src/entry-pages.ts')] } }),
  },
}));
