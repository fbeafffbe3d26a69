import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { outlineCord, type CordOutline, type OutlineContrast } from '@myelon/cord';
import { meanOfVolumes, type DiffusionVolume, type Vector3 } from '@myelon/diffusion';
import { readFslGradientTable, readNifti } from '@myelon/nifti';
import { dice, weighted } from '../support/outline-comparison';
import { weightedVolumes } from './outline-cases';
import { finding, type Finding } from './outline-goals';

const folder = resolve(process.env['MYELON_SHARED_DATA'] ?? join('..', 'shared', 'data'));
const { atLeast, atMost } = finding;

/** A mask, the image it was drawn on, and what is asked without any offset and with the declared one. */
interface MaskGoal {
  readonly image: string;
  readonly mask: string;
  readonly contrast: OutlineContrast;
  readonly whole: number;
  readonly worst: number | null;
  /** Inward offset the rater of these masks seems to use, declared, never the default. */
  readonly offsetMm: number;
  readonly wholeWithOffset: number | null;
}

export const MASK_GOALS: readonly MaskGoal[] = [
  { image: 't2/t2', mask: 't2/t2_seg-manual', contrast: 't2', whole: 0.96, worst: 0.92, offsetMm: 0.2, wholeWithOffset: 0.98 },
  { image: 't2s/t2s', mask: 't2s/t2s_seg', contrast: 't2s', whole: 0.96, worst: 0.92, offsetMm: 0.1, wholeWithOffset: 0.965 },
  { image: 'mt/mt1', mask: 'mt/mt1_seg', contrast: 't2', whole: 0.94, worst: null, offsetMm: 0.2, wholeWithOffset: null },
  { image: 'mt/mt0', mask: 'mt/mt0_seg', contrast: 't2', whole: 0.91, worst: null, offsetMm: 0.2, wholeWithOffset: null },
  { image: 't1/t1w', mask: 't1/t1w_seg-manual', contrast: 't1', whole: 0.92, worst: 0.86, offsetMm: 0.3, wholeWithOffset: 0.965 },
]; // prettier-ignore

export async function maskFindings(): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const goal of MASK_GOALS) findings.push(...(await oneMask(goal)));
  return findings;
}

async function oneMask(goal: MaskGoal): Promise<Finding[]> {
  const path = (name: string) => join(folder, 'cord_anat_and_masks_sct_testing', `${name}.nii.gz`);
  if (!existsSync(path(goal.image))) return [absent(goal.image)];
  const read = (name: string) => readNifti(readFileSync(path(name)));
  const { grid, data } = read(goal.image);
  const drawn = Uint8Array.from(read(goal.mask).data, (value) => (value > 0 ? 1 : 0));
  const compared = async (offsetMm: number) => {
    const found = await outlineCord(data, grid, { contrast: goal.contrast, seeds: [], offsetMm });
    return { found, ...weighted(found.mask.labels, drawn, grid) };
  };
  const plain = await compared(0);
  const moved = await compared(goal.offsetMm);
  const name = `${goal.image}, offset`;
  const declared = `${name} ${goal.offsetMm.toFixed(1)} mm (declared)`;
  return [
    atLeast(`${name} 0: Dice, whole`, plain.whole, goal.whole),
    optional(`${name} 0: Dice, worst slice`, plain.worstSlice, goal.worst),
    optional(`${declared}: Dice, whole`, moved.whole, goal.wholeWithOffset),
    optional(`${declared}: Dice, worst slice`, moved.worstSlice, null),
  ];
}

function optional(what: string, value: number, goal: number | null): Finding {
  return goal === null
    ? { what, goal: '', measured: value.toFixed(3), met: null }
    : atLeast(what, value, goal);
}

const absent = (what: string): Finding => ({ what, goal: '', measured: 'no data', met: null });

const SEED_DISTANCE_MM = 4;

export async function realDiffusionFindings(): Promise<Finding[]> {
  const place = (name: string) => join(folder, 'cord_dti_sct_tutorial', name);
  if (!existsSync(place('dmri.nii.gz'))) return [absent('cord_dti_sct_tutorial')];
  const { grid, data } = readNifti(readFileSync(place('dmri.nii.gz')));
  const [bval, bvec] = ['bvals.txt', 'bvecs.txt'].map((name) => readFileSync(place(name), 'utf8'));
  const gradients = readFslGradientTable(bval ?? '', bvec ?? '', grid);
  const dwi: DiffusionVolume = { grid, gradients, signal: data, sources: [], name: 'real cord' };
  const volumes = weightedVolumes(dwi);
  const outline = (chosen: readonly number[], seeds: readonly Vector3[] = []) =>
    outlineCord(meanOfVolumes(dwi, [...chosen]), grid, { contrast: 'dwi', seeds });
  const whole = await outline(volumes);
  const areas = whole.areasMm2.map((area) => area ?? 0);
  const steps = areas.slice(1).map((area, slice) => Math.abs(area / (areas[slice] ?? 1) - 1));
  const [p, q] = [
    await outline(volumes.filter((_, index) => index % 2 === 0)),
    await outline(volumes.filter((_, index) => index % 2 === 1)),
  ];
  return [
    {
      what: 'area of every slice',
      goal: '50-110 mm2',
      measured: `${Math.min(...areas).toFixed(0)}-${Math.max(...areas).toFixed(0)} mm2`,
      met: Math.min(...areas) >= 50 && Math.max(...areas) <= 110,
    },
    atMost('largest step of area between slices', Math.max(...steps), 0.15),
    atLeast('two halves of the directions: Dice', dice(p.mask.labels, q.mask.labels), 0.97),
    atLeast('seeds within 4 mm: lowest Dice', await lowestOfSeeds(whole, outline, volumes), 0.99),
  ];
}

/** Eight clicks round the middle of the cord in one slice, 4 mm away. */
async function lowestOfSeeds(
  whole: CordOutline,
  outline: (chosen: readonly number[], seeds: readonly Vector3[]) => Promise<CordOutline>,
  volumes: readonly number[],
): Promise<number> {
  const slice = Math.floor(whole.areasMm2.length / 2);
  const [column, row] = whole.centreline[slice] ?? [0, 0];
  let lowest = 1;
  for (let eighth = 0; eighth < 8; eighth++) {
    const angle = (Math.PI * eighth) / 4;
    const reach = SEED_DISTANCE_MM / 0.9;
    const seeded = await outline(volumes, [
      [column + reach * Math.cos(angle), row + reach * Math.sin(angle), slice],
    ]);
    lowest = Math.min(lowest, dice(seeded.mask.labels, whole.mask.labels));
  }
  return lowest;
}
