import { cordSlices, type CordMask, type CordOutline } from '@myelon/cord';
import {
  InputRefused,
  meanOfVolumes,
  sameGrid,
  type BootstrapOptions,
  type DiffusionVolume,
  type FitRunner,
  type ScalarMap,
  type Vector3,
  type VoxelGrid,
} from '@myelon/diffusion';
import type { AnalysisRecord } from '../analysis-record';
import { chooseInputs, type ChosenInputs } from '../inputs/choose-inputs';
import { measuringMask, type MeasuringChoice } from '../measure/measuring-mask';
import { measuredVoxelsBySlice } from '../measure/regions';
import { bootstrapIvim } from './bootstrap-ivim';
import type { AnalyseRequest } from './analyse-request';
import { buildRecord, describeFits, type FitProvenance } from './build-record';
import { fitMissingVoxels } from './fit-missing';
import { fitRequested } from './fit-requested';
import { preparedInput } from './prepare-input';
import type { PreparationChoices, PreparationStep } from './prepare-series';
import { prepareForFit } from './prepare-for-fit';
import { voxelsToFit, type FitExtent } from './fit-extent';
import {
  carryOntoSeries,
  outlineSeries,
  type CarriedFrom,
  type OutlineChoices,
  type OutlineOfOtherImage,
} from './outline-series';
import { outlineSliceAnew } from './slice-of-outline';
import { gathered, type FitOutcome, type FitRequest, type FittedModels } from './fit-outcome';
import { type ProgressListener } from './fit-models';
import type { InputOrigin, SessionInput } from './session-input';

export type { AnalyseRequest } from './analyse-request';
export type { InputOrigin, SessionInput } from './session-input';
export type { FitOptions, FitOutcome, FitRequest, FittedModels } from './fit-outcome';

/**
 * One analysis from volumes to record, step by step: the panel and the command line drive the same object. It holds
 * state (volumes, outline, maps) and no opinion on order beyond what each step needs.
 */
export class AnalysisSession {
  private readonly inputs = new Map<string, SessionInput>();
  private automaticOutline: CordOutline | null = null;
  private carriedFrom: CarriedFrom | null = null;
  private mask: CordMask | null = null;
  /** How voxels that are part CSF are kept out; absent: by the rule for the kind of outline. */
  measuring: MeasuringChoice | undefined;
  private fitted: FittedModels | null = null;
  /** @param runner does the fits in parts (a pool of workers); they are done here without one */
  constructor(private readonly runner: FitRunner | null = null) {}

  /** Adds (or replaces) a diffusion series under the caller's own key. Its fits are forgotten. */
  addVolume(key: string, volume: DiffusionVolume, origin: InputOrigin): void {
    this.replaceInput({ key, volume, origin });
  }

  /** Fits of the series are those of other images. */
  private replaceInput(input: SessionInput): void {
    this.inputs.set(input.key, input);
    const request = this.fitted?.request;
    if (request && (request.tensorKey === input.key || request.ivimKey === input.key)) this.fitted = null;
  }

  /**
   * Denoises, unrings, corrects or moves the images of a series before the fit, always from the images as they came: called
   * again with nothing chosen, it gives them back. Motion is looked for around the mask where there is one.
   * @throws InputRefused when the key is unknown or a step cannot be done; the signal's reason when cancelled
   */
  async prepare(
    key: string,
    choices: PreparationChoices,
    onProgress?: ProgressListener,
    signal?: AbortSignal,
  ): Promise<readonly PreparationStep[]> {
    const prepared = await preparedInput(this.input(key), choices, this.mask, { onProgress, signal });
    if (prepared !== this.inputs.get(key)) this.replaceInput(prepared);
    return prepared.prepared?.steps ?? [];
  }

  /** Which of the added series serves the tensor and which IVIM. */
  chooseInputs(): ChosenInputs {
    return chooseInputs(
      [...this.inputs.values()].map(({ key, volume }) => ({
        key,
        name: volume.name,
        gradients: volume.gradients,
      })),
    );
  }

  /**
   * Mean of the volumes of the highest shell: bright cord, dark CSF.
   * @throws InputRefused when the key is unknown
   */
  meanDiffusionImage(key: string): { readonly image: Float32Array; readonly grid: VoxelGrid } {
    const { volume } = this.input(key);
    const highest = volume.gradients.shells().at(-1)?.volumes ?? [];
    return { image: meanOfVolumes(volume, highest), grid: volume.grid };
  }

  /**
   * Outlines the cord on the mean diffusion-weighted image and makes it the session's mask.
   * @param seeds voxel indices (column, row, slice) inside the cord; empty: automatic
   * @throws InputRefused when the key is unknown or no cord is found; the signal's reason when cancelled
   */
  async outline(
    key: string,
    seeds: readonly Vector3[],
    onProgress?: ProgressListener,
    signal?: AbortSignal,
    choices: OutlineChoices = {},
  ): Promise<CordOutline> {
    const { image, grid } = this.meanDiffusionImage(key);
    const { volume } = this.input(key);
    const outline = await outlineSeries({ volume, image, grid }, seeds, choices, { onProgress, signal });
    signal?.throwIfAborted();
    return this.takeOutline(outline, null);
  }

  /**
   * Carries an outline of another image onto a series and makes it the session's mask.
   * @throws InputRefused when the key is unknown or the two do not meet; the signal's reason when cancelled
   */
  async carryOutline(
    key: string,
    from: OutlineOfOtherImage,
    onProgress?: ProgressListener,
    signal?: AbortSignal,
  ): Promise<CordOutline> {
    const carried = await carryOntoSeries(this.meanDiffusionImage(key), from, { onProgress, signal });
    signal?.throwIfAborted();
    return this.takeOutline(carried.outline, carried.carriedFrom);
  }

  private takeOutline(outline: CordOutline, carriedFrom: CarriedFrom | null): CordOutline {
    this.automaticOutline = outline;
    this.carriedFrom = carriedFrom;
    this.takeMask(outline.mask);
    return outline;
  }

  /**
   * Outlines one slice anew, where its neighbours in the mask show the cord, and leaves the others as they are.
   * @param slice of the outline's grid, from 0
   * @returns the outline with that slice, and the mask with it
   * @throws InputRefused when nothing is outlined yet, the stack runs along the neck, or no cord is found there
   */
  async redoSlice(
    key: string,
    slice: number,
    onProgress?: ProgressListener,
    signal?: AbortSignal,
  ): Promise<{ readonly outline: CordOutline; readonly mask: CordMask }> {
    const { mask, automaticOutline: outline } = this;
    if (!mask) throw new InputRefused('no cord outline', 'cord outline', 'find the cord first');
    const changed = await outlineSliceAnew(
      { ...this.meanDiffusionImage(key), slice, mask, outline },
      onProgress,
      signal,
    );
    this.automaticOutline = changed.outline;
    this.takeMask(changed.mask);
    return changed;
  }

  /**
   * Fits the voxels of the mask that no fit has reached yet, such as those a reader has added outside the fitted field.
   * @returns the maps with them; null when nothing was missing
   */
  async fitMissing(signal?: AbortSignal): Promise<readonly ScalarMap[] | null> {
    const { mask, fitted } = this.readyToMeasure();
    const more = await fitMissingVoxels(fitted, mask, (key) => this.input(key).volume, signal);
    if (!more || this.fitted !== fitted) return null;
    this.fitted = more;
    return [...more.maps.values()];
  }

  /** Takes a mask the reader drew, edited or brought. The automatic outline is kept for the slices it still fits. */
  setMask(mask: CordMask): void {
    this.takeMask(mask);
    if (this.automaticOutline && !sameGrid(this.automaticOutline.mask.grid, mask.grid))
      this.automaticOutline = null;
  }

  /** Replicates are those of the voxels of one mask. */
  private takeMask(mask: CordMask): void {
    this.mask = mask;
    if (this.fitted) this.fitted = { ...this.fitted, replicates: new Map() };
  }

  /** The mask in use; null before there is one. */
  currentMask(): CordMask | null {
    return this.mask;
  }

  /**
   * Fits the models and keeps the maps for {@link analyse}.
   * @throws InputRefused when nothing is asked for or a series cannot serve; the signal's reason when cancelled,
   * in which case earlier fits stay as they were
   */
  async fit(request: FitRequest, onProgress?: ProgressListener, signal?: AbortSignal): Promise<FitOutcome> {
    const asked = [...new Set([request.tensorKey, request.ivimKey])].filter((key) => key !== null);
    const { inputs, share } = await prepareForFit(
      asked.map((key) => this.input(key)),
      request.options?.preparation,
      this.mask,
      { onProgress, signal },
    );
    const { tensor, ivim } = await fitRequested(
      request,
      (key) => (inputs.get(key) ?? this.input(key)).volume,
      (key, extent) => this.fitMask(key, extent),
      {
        onProgress: (fraction) => onProgress?.(share + (1 - share) * fraction),
        signal,
        runner: this.runner ?? undefined,
        firstSlices: this.mask ? cordSlices(this.mask) : [],
      },
    );
    signal?.throwIfAborted();
    const { fitted, outcome } = gathered(request, tensor, ivim);
    for (const [key, input] of inputs) this.inputs.set(key, input);
    this.fitted = fitted;
    return outcome;
  }

  /**
   * Finds the uncertainty of region means of IVIM quantities for the mask as it is now; {@link analyse} then states it.
   * Does nothing where there is nothing to do (no IVIM, or intervals by Bayes).
   * @throws InputRefused when there is no outline or no fit yet; the signal's reason when cancelled
   */
  async bootstrap(options: BootstrapOptions): Promise<void> {
    const { mask, fitted } = this.readyToMeasure();
    const input = this.inputs.get(fitted.request.ivimKey ?? '');
    if (!input || fitted.errors.has('ivim_d')) return;
    const { voxels } = measuringMask(mask, this.automaticOutline, this.measuring);
    const withRunner = { ...options, runner: this.runner ?? undefined };
    const replicates = await bootstrapIvim(input.volume, { mask, voxels, fitted }, withRunner);
    if (this.fitted === fitted) this.fitted = { ...fitted, replicates };
  }

  /**
   * Measures the fitted maps over the mask and states the prognosis.
   * @throws InputRefused when there is no outline or no fit yet, or a compression slice holds no cord
   */
  analyse(request: AnalyseRequest): AnalysisRecord {
    return buildRecord({
      ...this.readyToMeasure(),
      inputs: [...this.inputs.values()],
      choice: this.chooseInputs(),
      outline: this.automaticOutline,
      carriedFrom: this.automaticOutline && this.carriedFrom,
      measuring: this.measuring,
      request,
    });
  }

  /**
   * What was fitted, from what and how, without any measurement.
   * @throws InputRefused when nothing is fitted
   */
  describeFits(): FitProvenance {
    if (!this.fitted) throw new InputRefused('no fitted maps', 'analysis', 'fit the maps first');
    return describeFits([...this.inputs.values()], this.fitted, this.mask);
  }

  private readyToMeasure(): { mask: CordMask; fitted: FittedModels } {
    if (!this.mask) throw new InputRefused('no cord outline', 'analysis', 'outline the cord first');
    if (!this.fitted) throw new InputRefused('no fitted maps', 'analysis', 'fit the maps first');
    return { mask: this.mask, fitted: this.fitted };
  }

  private input(key: string): SessionInput {
    const input = this.inputs.get(key);
    if (!input) throw new InputRefused(`no series "${key}"`, 'analysis', 'load the series first');
    return input;
  }

  private fitMask(key: string, extent: FitExtent): Uint8Array {
    const { volume } = this.input(key);
    const cord = this.mask ? measuredVoxelsBySlice(this.mask.grid, this.mask.labels, volume.grid) : [];
    return voxelsToFit(volume, cord, this.mask || extent === 'all' ? extent : 'field');
  }
}
