import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The Python that Debian's packages (dipy, nibabel, scipy) install into. */
export const SYSTEM_PYTHON = '/usr/bin/python3';

/** Runs a script of `test/peers/python` on one thread and returns the JSON object it prints. */
export function runPython(script: string, args: readonly string[]): unknown {
  const output = execFileSync(
    SYSTEM_PYTHON,
    [fileURLToPath(new URL(`python/${script}`, import.meta.url)), ...args],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    },
  );
  return JSON.parse(output);
}

/** Reads raw float64 numbers a peer wrote. */
export function readFloat64(folder: string, name: string): Float64Array {
  const bytes = readFileSync(join(folder, name));
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
