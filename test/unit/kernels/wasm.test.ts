/** The compiled kernels are committed; `npx vitest run -u --project unit test/unit/kernels/wasm.test.ts` writes them again from their sources. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const OPTIONS = ['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd', '--enable', 'threads', '--importMemory', '--noExportMemory', '--sharedMemory', '--maximumMemory', '65536'];

const compiled = (): Buffer => {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-kernels-'));
  try {
    execFileSync(process.execPath, [join(root, 'node_modules/assemblyscript/bin/asc.js'), 'src/kernels/assembly/index.ts', ...OPTIONS, '--outFile', join(folder, 'kernels.wasm')], { cwd: root, stdio: 'pipe' });
    return readFileSync(join(folder, 'kernels.wasm'));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const moduleOf = (bytes: Buffer): string => `// Generated from assembly/ by test/unit/kernels/wasm.test.ts.
/** The kernels, compiled to WebAssembly, in base64. */
export const WASM: string = [
${(bytes.toString('base64').match(/.{1,140}/gu) ?? []).map((line) => `  '${line}',`).join('\n')}
].join('');
`;

test('the compiled kernels are what their sources compile to now', async () => {
  await expect(moduleOf(compiled())).toMatchFileSnapshot('../../../src/kernels/wasm.ts');
});
