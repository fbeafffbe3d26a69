/** What files-to-volume.ts bundles and runs; see there. */
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

const RUNS = Number(process.env['RUNS'] ?? 15);
const SHARED = process.env['MYELON_SHARED_DATA'] ?? '../shared/data';
const FOLDERS = [
  'philips_r57_classic/dicom',
  'siemens_ve11_classic_sagittal/dicom',
  'siemens_vd13_mosaic_oblique/dicom',
  'canon_v61_enhanced_oblique/dicom',
  'uih_r002_vframe/dicom',
  'ge_mr29_oblique_HEADERS_ONLY/dicom',
  'siemens_xa61_enhanced_phantom/dicom/S16_DWI',
].map((folder) => join(SHARED, folder));

/** Milliseconds on the clock, and of processor time (user and system, all threads). */
interface Took {
  readonly wall: number;
  readonly processor: number;
}

async function ours(folder: string): Promise<Took> {
  const before = process.cpuUsage();
  const start = performance.now();
  const files = readdirSync(folder).map((name) => parsePart10(bytesOf(join(folder, name))));
  const series = readDiffusionSeries(files.map(({ dataset }) => dataset));
  const byUid = new Map(files.map((file) => [string(file.dataset, Tag.SOPInstanceUID) ?? '', file]));
  await assembleVolume(series, pixelsFromFiles(fromMemory(byUid)), { scaled: true });
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { wall, processor: (user + system) / 1000 };
}

/** The bytes as read, not copied: a Buffer slices in another way than other arrays. */
function bytesOf(path: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function theirs(args: readonly string[]): Took {
  const start = performance.now();
  spawnSync('dcm2niix', args, { stdio: 'ignore' });
  const wall = performance.now() - start;
  // Once more for the processor time, which a shell tells of its children.
  const shell = ['-c', 'dcm2niix "$@" > /dev/null 2>&1; times', 'sh', ...args];
  const { stdout } = spawnSync('sh', shell, { encoding: 'utf8' });
  const children = stdout.trim().split('\n').at(-1) ?? '';
  const processor = [...children.matchAll(/(\d+)m([\d.]+)s/gu)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  );
  return { wall, processor: 1000 * processor.reduce((sum, seconds) => sum + seconds, 0) };
}

function median(values: readonly number[]): number {
  return [...values].sort((p, q) => p - q)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function compared(folder: string, mine: readonly Took[], other: readonly Took[], starting: readonly Took[]) {
  const wall = (runs: readonly Took[]) => median(runs.map((run) => run.wall));
  const processor = (runs: readonly Took[]) => median(runs.map((run) => run.processor));
  return {
    folder: folder.split('/').find((part) => part.includes('_')) ?? folder,
    'first ms': mine[0]?.wall.toFixed(0),
    'median ms': wall(mine).toFixed(0),
    'dcm2niix ms': wall(other).toFixed(0),
    ratio: median(mine.map((run, index) => run.wall / (other[index]?.wall ?? Number.NaN))).toFixed(2),
    'ratio without its start': (wall(mine) / (wall(other) - wall(starting))).toFixed(2),
    'processor ms': processor(mine).toFixed(0),
    'of dcm2niix': processor(other).toFixed(0),
  };
}

const out = mkdtempSync(join(tmpdir(), 'myelon-bench-'));
try {
  const rows = [];
  for (const folder of process.argv.length > 2 ? process.argv.slice(2) : FOLDERS) {
    const [mine, other, starting]: [Took[], Took[], Took[]] = [[], [], []];
    // In turn, so that other work on the machine weighs on both.
    for (let run = 0; run < RUNS; run++) {
      mine.push(await ours(folder));
      other.push(theirs(['-z', 'n', '-f', '%s_%p', '-o', out, folder]));
      starting.push(theirs(['--version']));
    }
    rows.push(compared(folder, mine, other, starting));
  }
  console.table(rows);
} finally {
  rmSync(out, { recursive: true, force: true });
}
