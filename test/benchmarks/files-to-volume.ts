/**
 * DICOM files to a diffusion volume in memory, against dcm2niix writing uncompressed NIfTI (`-z n`) from the same
 * folder, in turn, files in the page cache, medians of 15 runs.
 *
 * Ours: listing and reading the files, headers, gradient table, volume as Float32, in a process that is running, as a
 * viewer or a batch does; "first" is the first time in that process. Theirs: a whole process with its start, as it is
 * used, the same without what `dcm2niix --version` takes, and the writing of the file. Processor time is user and
 * system of all threads, and steadier than the clock on a machine that does other work. The program is bundled first,
 * as the command line is: a loader that compiles while it runs adds calls of its own.
 *
 * Run with `node --import tsx test/benchmarks/files-to-volume.ts [FOLDER ...]`; ratios below 1 are faster.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const folder = mkdtempSync(join(tmpdir(), 'myelon-bench-'));
try {
  const outfile = join(folder, 'measured.mjs');
  buildSync({
    entryPoints: [fileURLToPath(new URL('files-to-volume-measured.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
    banner: {
      js: "import { createRequire as requiring } from 'node:module'; const require = requiring(import.meta.url);",
    },
  });
  const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
