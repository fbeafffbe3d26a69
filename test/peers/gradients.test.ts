import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GradientTable } from '@myelon/diffusion';
import { readFslGradientTable, toNiftiOrientation, writeFslGradientTable } from '@myelon/nifti';
import { describeNeeding, program } from '../support/needs';
import { needsSharedData, sharedData } from '../support/shared-data';
import {
  axialAngle,
  canonical,
  dcm2niix,
  parseFolder,
  relativeDifference,
  seriesOf,
  signalOf,
  type Converted,
} from './dicom-support';

interface DataSet {
  readonly name: string;
  readonly folder: string;
  readonly volumes: number;
  /** Philips: dcm2niix multiplies in single precision. */
  readonly relativeTolerance?: number;
  /** The sign of an axis is arbitrary, and for GE dcm2niix chooses another. */
  readonly signsDiffer?: true;
}

const DATA_SETS: readonly DataSet[] = [
  { name: 'canon_v61_enhanced_oblique', folder: 'dicom', volumes: 13 },
  { name: 'siemens_xa61_enhanced_phantom', folder: 'dicom/S16_DWI', volumes: 7 },
  { name: 'philips_r57_classic', folder: 'dicom', volumes: 17, relativeTolerance: 2e-7 },
  { name: 'philips_isotropic_multib_HEADERS_ONLY', folder: 'dicom', volumes: 4, relativeTolerance: 2e-7 },
  { name: 'siemens_vd13_mosaic_oblique', folder: 'dicom', volumes: 21 },
  { name: 'siemens_ve11_classic_sagittal', folder: 'dicom', volumes: 21 },
  { name: 'uih_r002_vframe', folder: 'dicom', volumes: 17 },
  { name: 'ge_mr29_oblique_HEADERS_ONLY', folder: 'dicom', volumes: 7, signsDiffer: true },
];

const B_TOLERANCE = 0.01;
const DIRECTION_TOLERANCE_DEGREES = 0.1;
const GEOMETRY_TOLERANCE_MM = 1e-3;
/** Below this b dcm2niix leaves vectors as they are in the header. */
const LEAST_B_WITH_DIRECTION = 6;

/** Whether entry p of one table is entry q of another. */
function sameWeighting(ours: GradientTable, p: number, theirs: GradientTable, q: number): boolean {
  if (Math.abs(ours.bValue(p) - theirs.bValue(q)) > B_TOLERANCE) return false;
  if (theirs.bValue(q) < LEAST_B_WITH_DIRECTION) return true;
  if (!theirs.hasDirection(q)) return !ours.hasDirection(p);
  return axialAngle(ours.direction(p), theirs.direction(q)) < DIRECTION_TOLERANCE_DEGREES;
}

/** One entry of `theirs` for each of ours; every entry used once. */
function matched(ours: GradientTable, theirs: GradientTable): (number | undefined)[] {
  const used = new Set<number>();
  return [...Array(ours.count).keys()].map((p) => {
    const found = [...Array(theirs.count).keys()].find(
      (q) => !used.has(q) && sameWeighting(ours, p, theirs, q),
    );
    if (found !== undefined) used.add(found);
    return found;
  });
}

function tableOf({ image, bval, bvec }: Converted): GradientTable {
  const zeros = `${'0 '.repeat(image.volumes)}\n`.repeat(3);
  return readFslGradientTable(bval ?? '', bvec ?? zeros, image.grid);
}

function numbersOf(text: string): number[][] {
  const lines = text
    .trim()
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => line.trim().split(/\s+/u).map(Number));
}

describe.each(DATA_SETS)('$name', (set) => {
  describeNeeding('read as dcm2niix reads it', [needsSharedData(set.name), program('dcm2niix')], () => {
    const folder = () => sharedData(set.name, set.folder);
    const theirs = () => {
      const [largest] = dcm2niix(folder());
      if (!largest) throw new Error('dcm2niix wrote nothing');
      return largest;
    };

    test('volumes, b-values, directions', () => {
      const converted = theirs();
      const series = seriesOf(parseFolder(folder()));
      const table = tableOf(converted);
      expect(series.gradients.count).toBe(set.volumes);
      expect(converted.image.volumes).toBe(set.volumes);
      expect(matched(series.gradients, table)).not.toContain(undefined);
    }, 120_000);

    test('the same as the table published with the data', () => {
      const reference = sharedData(set.name, 'ref');
      const file = (ending: string) => readdirSync(reference).find((name) => name.endsWith(ending));
      const bval = file('.bval');
      if (bval === undefined) throw new Error('no reference table');
      const bvec = file('.bvec');
      const text = (name: string) => readFileSync(join(reference, name), 'utf8');
      const { image } = theirs();
      const table = tableOf({ image, bval: text(bval), bvec: bvec === undefined ? undefined : text(bvec) });
      const { gradients } = seriesOf(parseFolder(folder()));
      expect(gradients.count).toBe(table.count);
      expect(matched(gradients, table)).not.toContain(undefined);
    }, 120_000);

    test('place in the world and voxel values', async () => {
      const { image, ...rest } = theirs();
      const files = parseFolder(folder());
      const series = seriesOf(files);
      const ours = canonical(series.grid, await signalOf(series, files));
      const other = canonical(image.grid, image.data);
      expect(ours.sizes).toEqual(other.sizes);
      for (const axis of [0, 1, 2]) {
        expect(Math.abs(ours.origin[axis]! - other.origin[axis]!)).toBeLessThan(GEOMETRY_TOLERANCE_MM);
        for (const world of [0, 1, 2])
          expect(Math.abs(ours.steps[axis]![world]! - other.steps[axis]![world]!)).toBeLessThan(
            GEOMETRY_TOLERANCE_MM,
          );
      }
      const pairs = matched(series.gradients, tableOf({ image, ...rest }));
      for (const [p, q] of pairs.entries()) {
        const difference = relativeDifference(ours.volume(p), other.volume(q!));
        expect(difference).toBeLessThanOrEqual(set.relativeTolerance ?? 0);
      }
    }, 120_000);

    if (set.signsDiffer !== true)
      test('as files: the same voxel order, affine and .bvec with signs', async () => {
        const { image, bvec } = theirs();
        const files = parseFolder(folder());
        const series = seriesOf(files);
        const ours = toNiftiOrientation({
          grid: series.grid,
          volumes: series.gradients.count,
          data: await signalOf(series, files),
        });
        for (const [index, value] of ours.grid.affine.entries())
          expect(Math.abs(value - image.grid.affine[index]!)).toBeLessThan(GEOMETRY_TOLERANCE_MM);
        expect(relativeDifference(ours.data, image.data)).toBeLessThanOrEqual(set.relativeTolerance ?? 0);
        const written = numbersOf(writeFslGradientTable(series.gradients, ours.grid).bvec);
        for (const [axis, line] of numbersOf(bvec ?? '').entries())
          for (const [volume, component] of line.entries())
            if (series.gradients.bValue(volume) > LEAST_B_WITH_DIRECTION)
              expect(Math.abs(written[axis]![volume]! - component)).toBeLessThan(1e-5);
      }, 120_000);
  });
});
