import {
  correctRicianBias,
  denoise,
  findSliceShifts,
  InputRefused,
  moveSlicesBack,
  replaceOutlierSlices,
  signalToNoiseOfRepeats,
  unring,
  type DiffusionVolume,
  type OutlierSlice,
  type SliceShifts,
} from '@myelon/diffusion';
import type { SeriesQuality } from '../analysis-record';
import type { ProgressListener } from './fit-models';
import { medianBySlice, roundedShifts, sizeOfShifts } from './preparation-findings';

/** Whether a step is done: as asked, or by the rule of the step. */
export type Switch = 'on' | 'off' | 'auto';

/** What is done to the images before the fit, in this order. Default: nothing. */
export interface PreparationChoices {
  readonly denoise?: Switch;
  readonly unring?: Switch;
  readonly rician?: Switch;
  /** Slice-wise motion correction, then replacement of slices that lost their signal. */
  readonly motion?: Switch;
  /** Standard deviation of the noise in signal units, for the Rician correction; estimated without it. */
  readonly noise?: number | undefined;
}

export type PreparationStep = SeriesQuality['preparation'][number];

/** A prepared series, and what was done to it. */
export interface Prepared {
  readonly volume: DiffusionVolume;
  readonly steps: readonly PreparationStep[];
  readonly shifts: SeriesQuality['shiftsMm'];
  readonly outliers: readonly OutlierSlice[];
}

interface PrepareControl {
  /** 1 where noise and SNR are measured: the cord, for elsewhere pulsation counts as noise. */
  readonly measured: Uint8Array;
  /** 1 where the images are not air. */
  readonly field: Uint8Array;
  /** 1 in the cord and around it, where motion is looked for and noise taken off; everywhere without it. */
  readonly region?: Uint8Array | undefined;
  readonly onProgress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Fewer volumes leave little redundancy for denoising by components. */
const DENOISE_FROM_VOLUMES = 30;

/** From this SNR of unweighted images on, denoising gains little and the Rician bias is small. */
const DENOISE_BELOW_SNR = 20;
const RICIAN_BELOW_SNR = 12;

/** Motion below this, root mean square in mm, is not worth an interpolation of every slice. */
const MOTION_FROM_MM = 0.3;

const NOT_ASKED = 'not asked for';
const ASKED = 'asked for';

/**
 * Denoises, unrings, takes the Rician bias off and undoes motion, each as chosen.
 * @throws InputRefused when a step that was asked for cannot be done; the signal's reason when cancelled
 */
export async function prepareSeries(
  volume: DiffusionVolume,
  choices: PreparationChoices,
  control: PrepareControl,
): Promise<Prepared> {
  const part = (from: number, share: number) => ({
    signal: control.signal,
    onProgress: (fraction: number) => control.onProgress?.(from + share * fraction),
  });
  const snr = signalToNoiseOfRepeats(volume, control.measured);
  const ratio = 'missing' in snr ? null : medianBySlice(snr.ratio);
  let noise: readonly (number | null)[] | null = 'missing' in snr ? null : snr.noise;
  const denoised = await denoiseStep(
    volume,
    choices.denoise ?? 'off',
    ratio,
    control.region ?? control.field,
    part(0, 0.4),
  );
  if (denoised.noise) noise = denoised.noise;
  const unrung = await unringStep(denoised.volume, choices.unring ?? 'off', part(0.4, 0.2));
  if (choices.noise !== undefined) noise = new Array<number>(volume.grid.slices).fill(choices.noise);
  const corrected = ricianStep(unrung.volume, choices.rician ?? 'off', ratio, noise);
  const moved = await motionStep(corrected.volume, choices.motion ?? 'off', control.region, part(0.6, 0.4));
  control.onProgress?.(1);
  return { ...moved, steps: [denoised.step, unrung.step, corrected.step, ...moved.steps] };
}

interface StepControl {
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ProgressListener;
}

interface StepResult {
  readonly volume: DiffusionVolume;
  readonly step: PreparationStep;
}

async function denoiseStep(
  volume: DiffusionVolume,
  choice: Switch,
  ratio: number | null,
  mask: Uint8Array,
  control: StepControl,
): Promise<StepResult & { noise?: readonly (number | null)[] }> {
  const volumes = volume.gradients.count;
  const many = volumes >= DENOISE_FROM_VOLUMES;
  const noisy = ratio === null || ratio < DENOISE_BELOW_SNR;
  const why =
    choice === 'on'
      ? ASKED
      : choice === 'off'
        ? NOT_ASKED
        : `by rule: ${String(volumes)} volumes (from ${String(DENOISE_FROM_VOLUMES)}), ${describeRatio(ratio)} (below ${String(DENOISE_BELOW_SNR)})`;
  if (choice === 'off' || (choice === 'auto' && !(many && noisy)))
    return { volume, step: skipped('denoise', why) };
  const found = await denoise(volume, { ...control, mask });
  const size = volume.grid.columns * volume.grid.rows;
  const noise = Array.from({ length: volume.grid.slices }, (_, slice) =>
    medianBySlice([...found.noise.subarray(slice * size, (slice + 1) * size)].filter((level) => level > 0)),
  );
  const patch = found.patch.join(' x ');
  const method = `MP-PCA, patches of ${patch} voxels, around the cord or wherever it is not air`;
  return {
    volume: found.volume,
    noise,
    step: {
      step: 'denoise',
      done: true,
      why,
      method,
      findings: { 'median noise': medianBySlice(noise) ?? 0 },
    },
  };
}

async function unringStep(
  volume: DiffusionVolume,
  choice: Switch,
  control: StepControl,
): Promise<StepResult> {
  if (choice === 'off') return { volume, step: skipped('unring', NOT_ASKED) };
  if (choice === 'auto') {
    const why =
      'by rule: whether k-space was filled whole and images not interpolated is not known; ask for it if so';
    return { volume, step: skipped('unring', why) };
  }
  const unrung = await unring(volume, control);
  const method = 'local subvoxel shifts, 20 either side, neighbours 1 to 3';
  return { volume: unrung, step: { step: 'unring', done: true, why: ASKED, method, findings: {} } };
}

function ricianStep(
  volume: DiffusionVolume,
  choice: Switch,
  ratio: number | null,
  noise: readonly (number | null)[] | null,
): StepResult {
  const low = ratio !== null && ratio < RICIAN_BELOW_SNR;
  const why =
    choice === 'on'
      ? ASKED
      : choice === 'off'
        ? NOT_ASKED
        : `by rule: ${describeRatio(ratio)} (below ${String(RICIAN_BELOW_SNR)})`;
  if (choice === 'off' || (choice === 'auto' && !low)) return { volume, step: skipped('rician', why) };
  if (noise === null)
    throw new InputRefused(
      'no noise level for the Rician correction: there is one unweighted volume, or none',
      volume.name,
      'give the noise level, denoise as well, or leave the correction out',
    );
  const method = 'sqrt(|S^2 - noise^2|), noise slice by slice';
  const findings = { 'median noise': medianBySlice(noise) ?? 0 };
  return {
    volume: correctRicianBias(volume, noise),
    step: { step: 'rician', done: true, why, method, findings },
  };
}

async function motionStep(
  volume: DiffusionVolume,
  choice: Switch,
  region: Uint8Array | undefined,
  control: StepControl,
): Promise<Prepared> {
  const none = { volume, shifts: undefined, outliers: [] };
  if (choice === 'off')
    return { ...none, steps: [skipped('motion', NOT_ASKED), skipped('outliers', NOT_ASKED)] };
  const shifts: SliceShifts = await findSliceShifts(volume, { ...control, region });
  const size = sizeOfShifts(shifts);
  const findings = { 'rms shift (mm)': size.rmsMm, 'largest shift (mm)': size.largestMm };
  const still = choice === 'auto' && size.rmsMm < MOTION_FROM_MM;
  const why =
    choice === 'on'
      ? ASKED
      : `by rule: shifts of ${String(size.rmsMm)} mm rms (from ${String(MOTION_FROM_MM)})`;
  const method = 'in-plane shifts slice by slice, regularised along z; unweighted and weighted volumes apart';
  const { volume: cleaned, outliers } = replaceOutlierSlices(
    still ? volume : moveSlicesBack(volume, shifts),
    region,
  );
  return {
    volume: cleaned,
    shifts: roundedShifts(shifts, volume.grid.slices),
    outliers,
    steps: [
      { step: 'motion', done: !still, why, method, findings },
      {
        step: 'outliers',
        done: outliers.length > 0,
        why: choice === 'on' ? ASKED : 'by rule: with motion',
        method:
          'slices whose signal stands out by 5 robust SD and 15 %, replaced by prediction from the others',
        findings: { 'slices replaced': outliers.length },
      },
    ],
  };
}

function skipped(step: PreparationStep['step'], why: string): PreparationStep {
  return { step, done: false, why, method: null, findings: {} };
}

function describeRatio(ratio: number | null): string {
  return ratio === null ? 'SNR not known' : `SNR ${ratio.toFixed(0)}`;
}
