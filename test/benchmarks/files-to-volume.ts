/**
 * DICOM files to a diffusion volume in memory, against dcm2niix writing uncompressed NIfTI from the same folder: time
 * in this process, and dcm2niix with and without the time a process takes to start. Printed as ratios; below 1 is faster.
 * Run with `node --import tsx test/benchmarks/files-to-volume.ts [FOLDER ...]`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  assembleVolume,
  fromMemory,
  parsePart10,
  pixelsFromFiles,
  readDiffusionSeries,
  string,
  Tag,
} from '@myelon/dicom';

const RUNS = 9;
const SHARED = process.env['MYELON_SHARED_DATA'] ?? '../shared/data';
const FOLDERS = [
  'philips_r57_classic/dicom',
  'siemens_ve11_classic_sagittal/dicom',
  'siemens_vd13_mosaic_oblique/dicom',
  'canon_v61_enhanced_oblique/dicom',
  'uih_r002_vframe/dicom',
].map((folder) => join(SHARED, folder));

async function ours(folder: string): Promise<number> {
  const start = performance.now();
  const files = readdirSync(folder).map((name) => parsePart10(bytesOf(join(folder, name))));
  const series = readDiffusionSeries(files.map(({ dataset }) => dataset));
  const byUid = new Map(files.map((file) => [string(file.dataset, Tag.SOPInstanceUID) ?? '', file]));
  await assembleVolume(series, pixelsFromFiles(fromMemory(byUid)), { scaled: true });
  return performance.now() - start;
}

/** The bytes as read, not copied: a Buffer slices in another way than other arrays. */
function bytesOf(path: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function theirs(args: readonly string[]): number {
  const start = performance.now();
  spawnSync('dcm2niix', args, { stdio: 'ignore' });
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((p, q) => p - q)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const out = mkdtempSync(join(tmpdir(), 'myelon-bench-'));
try {
  const rows = [];
  for (const folder of process.argv.length > 2 ? process.argv.slice(2) : FOLDERS) {
    const [mine, other, starting]: [number[], number[], number[]] = [[], [], []];
    // In turn, so that other work on the machine weighs on both.
    for (let run = 0; run < RUNS; run++) {
      mine.push(await ours(folder));
      other.push(theirs(['-z', 'n', '-f', '%s_%p', '-o', out, folder]));
      starting.push(theirs(['--version']));
    }
    const working = median(other) - median(starting);
    rows.push({
      folder: folder.split('/').slice(-2, -1)[0],
      'first ms': mine[0]?.toFixed(0),
      'median ms': median(mine).toFixed(0),
      'dcm2niix ms': median(other).toFixed(0),
      ratio: (median(mine) / median(other)).toFixed(2),
      'ratio without its start': (median(mine) / working).toFixed(2),
    });
  }
  console.table(rows);
} finally {
  rmSync(out, { recursive: true, force: true });
}
