/**
 * Compiles the kernels of this folder to WebAssembly and writes them into src/kernels/kernel-bytes.ts:
 * `npm run kernels`. The bytes are committed, so that nothing that uses them needs the compiler; `--check` compiles anew
 * and compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));

/** The text of src/kernels/kernel-bytes.ts. */
async function compileKernels() {
  const { default: asc } = await import('assemblyscript/asc');
  let bytes = null;
  const messages = [];
  const options = [
    '-O3',
    '--converge',
    '--noAssert',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--use',
    'abort=',
  ];
  const { error } = await asc.main(
    ['index.ts', '--baseDir', folder, '--outFile', 'kernels.wasm', ...options],
    {
      stderr: { write: (text) => messages.push(String(text)) },
      writeFile: (name, content) => {
        if (name === 'kernels.wasm') bytes = content;
      },
    },
  );
  if (error || bytes === null) throw new Error(`the kernels do not compile: ${messages.join('')}`);
  const warnings = messages.join('').trim();
  if (warnings !== '') throw new Error(warnings);
  return [
    '// Made by `npm run kernels` of the sources in packages/diffusion/assembly: do not edit.',
    `export const KERNEL_BYTES_BASE64 =\n  '${Buffer.from(bytes).toString('base64')}';`,
    '',
  ].join('\n');
}

const target = join(folder, '../src/kernels/kernel-bytes.ts');
const compiled = await compileKernels();
if (!process.argv.includes('--check')) writeFileSync(target, compiled);
else if (compiled !== readFileSync(target, 'utf8')) {
  console.error('src/kernels/kernel-bytes.ts is not what the sources give: npm run kernels');
  process.exitCode = 1;
}
