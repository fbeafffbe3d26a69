import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  assembleVolume,
  framePixels,
  parsePart10,
  pixelsFromFiles,
  readDiffusionSeries,
} from '@myelon/dicom';
import { NODE_DECODERS } from '@myelon/dicom/node-decoders';
import { InputRefused } from '@myelon/diffusion';
import { cervicalCordPhantom, phantomDicomFiles, type DicomEncoding } from '@myelon/phantom';
import { sharedData } from '../support/shared-data';
import { damaged, seededRandom } from './damage';

/** No file may keep a reader longer, nor make the process grow by more than this. */
export const LONGEST_MS = 2000;
const MOST_GROWTH_BYTES = 1 << 29;

/** A file to damage. */
export interface FuzzSource {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Read as a series of its own; of other files, which would be refused for it, the pixels. */
  readonly isDiffusion: boolean;
}

const REAL = [
  ['philips_r57_classic', 'dicom', 2],
  ['siemens_vd13_mosaic_oblique', 'dicom', 2],
  ['siemens_xa61_enhanced_phantom', 'dicom/S16_DWI', 1],
  ['uih_r002_vframe', 'dicom', 2],
  ['ge_mr29_oblique_HEADERS_ONLY', 'dicom', 2],
  ['transfer_syntaxes_siemens_vb17', 'dicom', 9],
] as const;

export const REAL_NAMES = REAL.map(([name]) => name);

/** Files of real scanners; needs the shared data. */
export function realSources(): FuzzSource[] {
  return REAL.flatMap(([name, folder, count]) => {
    const path = sharedData(name, folder);
    return readdirSync(path)
      .slice(0, count)
      .map((file) => ({
        name: `${name}/${file}`,
        bytes: new Uint8Array(readFileSync(join(path, file))),
        isDiffusion: !name.startsWith('transfer'),
      }));
  });
}

/** Files of our own in every encoding; always there. */
export function simulatedSources(): FuzzSource[] {
  const phantom = cervicalCordPhantom({ size: 'small' });
  const without = ['t2-sagittal', 't2-axial', 'ivim'] as const;
  return (['classic', 'enhanced', 'mosaic', 'tiles'] as const).flatMap((encoding: DicomEncoding) =>
    phantomDicomFiles(phantom, { encoding, without })
      .slice(0, 8)
      .filter((_, index) => index === 0 || index === 7)
      .map(({ bytes }, index) => ({ name: `${encoding} ${String(index + 1)}`, bytes, isDiffusion: true })),
  );
}

/** What became of the damaged files. */
export interface FuzzOutcomes {
  volume: number;
  refused: number;
  slowestMs: number;
  /** Beyond what the process held before the first file. */
  largestGrowthBytes: number;
}

/**
 * Damages files and reads each: it must give a volume or a named refusal, in time, within memory.
 * @throws Error with seed, file and damage of the first that does not
 */
export async function fuzz(
  sources: readonly FuzzSource[],
  runs: number,
  onRun: (done: number) => void = () => undefined,
): Promise<FuzzOutcomes> {
  const outcomes: FuzzOutcomes = { volume: 0, refused: 0, slowestMs: 0, largestGrowthBytes: 0 };
  const before = process.memoryUsage().rss;
  for (let seed = 0; seed < runs; seed++) {
    const random = seededRandom(seed);
    const source = sources[Math.floor(random() * sources.length)]!;
    const { bytes, how } = damaged(source.bytes, random);
    const where = `seed ${String(seed)}: ${source.name}, ${how}`;
    // Processor time: on a machine with other work a file is not slow because it had to wait.
    const start = process.cpuUsage();
    try {
      outcomes[await outcomeOf(bytes, source.isDiffusion)]++;
    } catch (problem) {
      throw new Error(where, { cause: problem });
    }
    const { user, system } = process.cpuUsage(start);
    const tookMs = (user + system) / 1000;
    const growth = process.memoryUsage().rss - before;
    outcomes.slowestMs = Math.max(outcomes.slowestMs, tookMs);
    outcomes.largestGrowthBytes = Math.max(outcomes.largestGrowthBytes, growth);
    if (tookMs > LONGEST_MS) throw new Error(`${where}: ${tookMs.toFixed(0)} ms`);
    if (growth > MOST_GROWTH_BYTES) throw new Error(`${where}: ${(growth / 2 ** 20).toFixed(0)} MiB more`);
    onRun(seed + 1);
  }
  return outcomes;
}

async function outcomeOf(bytes: Uint8Array, isDiffusion: boolean): Promise<'volume' | 'refused'> {
  try {
    const file = parsePart10(bytes);
    if (isDiffusion) {
      const series = readDiffusionSeries([file.dataset]);
      const pixels = pixelsFromFiles(() => file, NODE_DECODERS);
      await assembleVolume(series, pixels, { scaled: true });
    } else await framePixels(file, 1, { decoders: NODE_DECODERS });
    return 'volume';
  } catch (problem) {
    if (problem instanceof InputRefused) return 'refused';
    throw problem;
  }
}
