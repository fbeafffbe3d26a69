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
import { describeWithSharedData, sharedData } from '../support/shared-data';
import { damaged, seededRandom } from './damage';

/** A short run by default; MYELON_FUZZ_RUNS=10000 for a long one. */
const RUNS = Number(process.env['MYELON_FUZZ_RUNS'] ?? 400);
const LONGEST_MS = 2000;
const MOST_MEMORY_BYTES = 1 << 30;

const SOURCES = [
  ['philips_r57_classic', 'dicom', 2],
  ['siemens_vd13_mosaic_oblique', 'dicom', 2],
  ['siemens_xa61_enhanced_phantom', 'dicom/S16_DWI', 1],
  ['uih_r002_vframe', 'dicom', 2],
  ['ge_mr29_oblique_HEADERS_ONLY', 'dicom', 2],
  ['transfer_syntaxes_siemens_vb17', 'dicom', 9],
] as const;

/** One file as a series of its own; of a file without diffusion, which would be refused for that, the pixels. */
async function outcomeOf(bytes: Uint8Array, isDiffusion: boolean): Promise<'volume' | 'refused'> {
  try {
    const file = parsePart10(bytes);
    if (isDiffusion) {
      const series = readDiffusionSeries([file.dataset]);
      await assembleVolume(
        series,
        pixelsFromFiles(() => file, NODE_DECODERS),
        { scaled: true },
      );
    } else await framePixels(file, 1, { decoders: NODE_DECODERS });
    return 'volume';
  } catch (problem) {
    if (problem instanceof InputRefused) return 'refused';
    throw problem;
  }
}

describeWithSharedData(
  `${String(RUNS)} damaged files`,
  SOURCES.map(([name]) => name),
  () => {
    test(
      'each gives a volume or a named refusal, in time, within memory',
      async () => {
        const originals = SOURCES.flatMap(([name, folder, count]) => {
          const path = sharedData(name, folder);
          return readdirSync(path)
            .slice(0, count)
            .map((file) => ({
              file: `${name}/${file}`,
              bytes: new Uint8Array(readFileSync(join(path, file))),
            }));
        });
        const outcomes = { volume: 0, refused: 0 };
        for (let seed = 0; seed < RUNS; seed++) {
          const random = seededRandom(seed);
          const { file, bytes } = originals[Math.floor(random() * originals.length)]!;
          const { bytes: broken, how } = damaged(bytes, random);
          const start = performance.now();
          try {
            outcomes[await outcomeOf(broken, !file.startsWith('transfer'))]++;
          } catch (problem) {
            throw new Error(`seed ${String(seed)}: ${file}, ${how}`, { cause: problem });
          }
          const took = performance.now() - start;
          if (took > LONGEST_MS)
            throw new Error(`seed ${String(seed)}: ${file}, ${how}: ${took.toFixed(0)} ms`);
          expect(process.memoryUsage().rss).toBeLessThan(MOST_MEMORY_BYTES);
        }
        expect(outcomes.refused).toBeGreaterThan(0);
        expect(outcomes.volume).toBeGreaterThan(0);
      },
      RUNS * LONGEST_MS,
    );
  },
);
