import { signalOfVolume, type DiffusionVolume } from './diffusion-volume';
import { InputRefused } from './refusal';

/** What is wrong with the signals of a series, short of a reason to refuse it. */
export interface SignalFindings {
  /** Volumes without any signal, from 0: they must not enter a fit. */
  readonly emptyVolumes: readonly number[];
  readonly warnings: readonly string[];
}

/** More values than this share of all at the very largest value are no chance: the receiver or the number format clipped. */
const SATURATED_SHARE = 1e-4;

/** Fewer clipped values than this are the brightest voxel seen in several volumes. */
const FEWEST_SATURATED = 20;

interface VolumeCounts {
  positive: number;
  notNumbers: number;
  negative: number;
  largest: number;
  smallest: number;
  atLargest: number;
}

/**
 * Looks for signals that no fit can use.
 *
 * @throws InputRefused when there is no signal, or none that depends on anything: everywhere the same, or the same in every
 * volume
 */
export function checkSignal(volume: DiffusionVolume): SignalFindings {
  const { name, gradients } = volume;
  const counts = Array.from({ length: gradients.count }, (_, index) =>
    countVolume(signalOfVolume(volume, index)),
  );
  const largest = Math.max(...counts.map((one) => one.largest));
  const smallest = Math.min(...counts.map((one) => one.smallest));
  if (counts.every(({ positive }) => positive === 0))
    throw new InputRefused(
      counts.some(({ notNumbers }) => notNumbers > 0)
        ? 'the images hold no positive number'
        : 'the images hold no signal: every value is 0 or less',
      name,
      'export the series again',
    );
  if (largest === smallest)
    throw new InputRefused(
      `every value of the images is ${String(largest)}`,
      name,
      'this is no measurement: export the series again',
    );
  if (gradients.count > 1 && Math.max(...gradients.bValues) > 0 && allVolumesAlike(volume))
    throw new InputRefused(
      `all ${String(gradients.count)} volumes hold the same pixels, whatever their b-value`,
      name,
      'this is no diffusion measurement: export the series again',
    );
  const emptyVolumes = counts.flatMap(({ positive }, index) => (positive === 0 ? [index] : []));
  return { emptyVolumes, warnings: warningsOf(counts, emptyVolumes, largest, volume.signal.length) };
}

function countVolume(signal: Float32Array): VolumeCounts {
  const counts = {
    positive: 0,
    notNumbers: 0,
    negative: 0,
    largest: -Infinity,
    smallest: Infinity,
    atLargest: 0,
  };
  for (const value of signal) {
    if (!Number.isFinite(value)) {
      counts.notNumbers++;
      continue;
    }
    if (value > 0) counts.positive++;
    else if (value < 0) counts.negative++;
    if (value < counts.smallest) counts.smallest = value;
    if (value === counts.largest) counts.atLargest++;
    if (value > counts.largest) {
      counts.largest = value;
      counts.atLargest = 1;
    }
  }
  return counts;
}

function allVolumesAlike(volume: DiffusionVolume): boolean {
  const first = signalOfVolume(volume, 0);
  for (let index = 1; index < volume.gradients.count; index++) {
    const other = signalOfVolume(volume, index);
    for (let voxel = 0; voxel < first.length; voxel++) if (first[voxel] !== other[voxel]) return false;
  }
  return true;
}

function warningsOf(
  counts: readonly VolumeCounts[],
  emptyVolumes: readonly number[],
  largest: number,
  size: number,
): string[] {
  const total = (of: (one: VolumeCounts) => number): number => counts.reduce((sum, one) => sum + of(one), 0);
  const warnings: string[] = [];
  if (emptyVolumes.length > 0) {
    const list = emptyVolumes.map((index) => String(index + 1)).join(', ');
    warnings.push(`no signal in volume ${list}: left out of the fits`);
  }
  const notNumbers = total((one) => one.notNumbers);
  if (notNumbers > 0)
    warnings.push(`${String(notNumbers)} signals are not numbers: their voxels have no value`);
  const negative = total((one) => one.negative);
  if (negative > 0) warnings.push(`${String(negative)} signals are negative: their voxels are flagged`);
  const saturated = total((one) => (one.largest === largest ? one.atLargest : 0));
  if (saturated >= FEWEST_SATURATED && saturated > SATURATED_SHARE * size) {
    warnings.push(
      `${String(saturated)} signals are exactly ${String(largest)}, the largest: they look saturated, and ` +
        'diffusivities there come out too low',
    );
  }
  return warnings;
}
