import { outlineCord, type CordMask, type CordOutline } from '@myelon/cord';
import {
  InputRefused,
  meanOfVolumes,
  sameGrid,
  type DiffusionVolume,
  type QuantityId,
  type ScalarMap,
  type Vector3,
  type VoxelGrid,
} from '@myelon/diffusion';
import type { AnalysisRecord, InputRecord } from '../analysis-record';
import { chooseInputs, type ChosenInputs } from '../inputs/choose-inputs';
import { measuredVoxelsBySlice } from '../measure/regions';
import { buildRecord, describeFits, type FitProvenance } from './build-record';
import { voxelsToFit, type FitExtent } from './fit-extent';
import {
  fitIvim,
  fitTensor,
  type IvimMethod,
  type IvimReport,
  type ModelFit,
  type ProgressListener,
  type TensorMethod,
  type TensorReport,
} from './fit-models';

/** Where a volume came from, for the record; the session itself needs only the volume. */
export interface InputOrigin {
  readonly source: InputRecord['source'];
  readonly leftOut: InputRecord['leftOut'];
  readonly warnings: InputRecord['warnings'];
}

export interface SessionInput {
  readonly key: string;
  readonly volume: DiffusionVolume;
  readonly origin: InputOrigin;
}

export interface FitOptions {
  /** Default 'wls'. */
  readonly tensorMethod?: TensorMethod;
  /** Default 'segmented'. */
  readonly ivimMethod?: IvimMethod;
  /** b-value in s/mm2 from which the signal is taken as free of perfusion. */
  readonly splitBValue?: number;
  /** Default 'field': the cord with its margin and every voxel that is not air. */
  readonly extent?: FitExtent;
}

export interface FitRequest {
  /** Series for the tensor; null: none. */
  readonly tensorKey: string | null;
  /** Series for IVIM; null: none. */
  readonly ivimKey: string | null;
  readonly options?: FitOptions;
}

export interface FitOutcome {
  /** Every map computed, tensor first. */
  readonly maps: readonly ScalarMap[];
  /** Principal direction per voxel of the tensor grid, `[voxel][x, y, z]` LPS; null without a tensor. */
  readonly principalDirections: Float32Array | null;
  readonly tensor: TensorReport | null;
  readonly ivim: IvimReport | null;
  readonly warnings: readonly string[];
}

export interface AnalyseRequest {
  /** Slices of the outline's grid, from 0, taken as the level of maximal compression; may be empty. */
  readonly compressionSlices: readonly number[];
  /** Why the statement must not be made yet (the reader has not confirmed ...); it then abstains with this reason. */
  readonly statementWithheld?: string;
}

/** What the fits left in the session for {@link AnalysisSession.analyse}. */
export interface FittedModels {
  readonly request: FitRequest;
  readonly maps: ReadonlyMap<QuantityId, ScalarMap>;
  readonly tensor: TensorReport | null;
  readonly ivim: IvimReport | null;
  readonly warnings: readonly string[];
}

/**
 * One analysis from volumes to record, step by step: the panel and the command line drive the same object. It holds
 * state (volumes, outline, maps) and no opinion on order beyond what each step needs.
 */
export class AnalysisSession {
  private readonly inputs = new Map<string, SessionInput>();
  private automaticOutline: CordOutline | null = null;
  private mask: CordMask | null = null;
  private fitted: FittedModels | null = null;

  /** Adds (or replaces) a diffusion series under the caller's own key. Its fits are forgotten. */
  addVolume(key: string, volume: DiffusionVolume, origin: InputOrigin): void {
    this.inputs.set(key, { key, volume, origin });
    const request = this.fitted?.request;
    if (request && (request.tensorKey === key || request.ivimKey === key)) this.fitted = null;
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
  ): Promise<CordOutline> {
    const { image, grid } = this.meanDiffusionImage(key);
    const outline = await outlineCord(image, grid, {
      contrast: 'dwi',
      seeds,
      ...(onProgress ? { onProgress } : {}),
      ...(signal ? { signal } : {}),
    });
    signal?.throwIfAborted();
    this.automaticOutline = outline;
    this.mask = outline.mask;
    return outline;
  }

  /** Takes a mask the reader drew, edited or brought. The automatic outline is kept for the slices it still fits. */
  setMask(mask: CordMask): void {
    this.mask = mask;
    if (this.automaticOutline && !sameGrid(this.automaticOutline.mask.grid, mask.grid))
      this.automaticOutline = null;
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
    const { tensorKey, ivimKey, options = {} } = request;
    if (tensorKey === null && ivimKey === null) {
      throw new InputRefused('no model to fit', 'fit', 'choose a series for the tensor, for IVIM, or both');
    }
    const both = tensorKey !== null && ivimKey !== null;
    const extent = options.extent ?? 'field';
    const tensor =
      tensorKey === null
        ? null
        : await fitTensor(
            this.input(tensorKey).volume,
            options.tensorMethod ?? 'wls',
            this.fitMask(tensorKey, extent),
            {
              onProgress: (fraction) => onProgress?.(both ? fraction / 2 : fraction),
              signal,
            },
          );
    const ivim =
      ivimKey === null
        ? null
        : await fitIvim(
            this.input(ivimKey).volume,
            { method: options.ivimMethod ?? 'segmented', splitBValue: options.splitBValue },
            this.fitMask(ivimKey, extent),
            { onProgress: (fraction) => onProgress?.(both ? 0.5 + fraction / 2 : fraction), signal },
          );
    signal?.throwIfAborted();
    return this.keepFits(request, tensor, ivim);
  }

  /**
   * Measures the fitted maps over the mask and states the prognosis.
   * @throws InputRefused when there is no outline or no fit yet, or a compression slice holds no cord
   */
  analyse(request: AnalyseRequest): AnalysisRecord {
    if (!this.mask) throw new InputRefused('no cord outline', 'analysis', 'outline the cord first');
    if (!this.fitted) throw new InputRefused('no fitted maps', 'analysis', 'fit the maps first');
    return buildRecord({
      inputs: [...this.inputs.values()],
      choice: this.chooseInputs(),
      mask: this.mask,
      outline: this.automaticOutline,
      fitted: this.fitted,
      compressionSlices: request.compressionSlices,
      statementWithheld: request.statementWithheld ?? null,
    });
  }

  /**
   * What was fitted, from what and how, without any measurement.
   * @throws InputRefused when nothing is fitted
   */
  describeFits(): FitProvenance {
    if (!this.fitted) throw new InputRefused('no fitted maps', 'analysis', 'fit the maps first');
    return describeFits([...this.inputs.values()], this.fitted);
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

  private keepFits(
    request: FitRequest,
    tensor: (ModelFit<TensorReport> & { principalDirections: Float32Array }) | null,
    ivim: ModelFit<IvimReport> | null,
  ): FitOutcome {
    const maps = [...(tensor?.maps ?? []), ...(ivim?.maps ?? [])];
    const fits = {
      tensor: tensor?.report ?? null,
      ivim: ivim?.report ?? null,
      warnings: [...new Set([...(tensor?.warnings ?? []), ...(ivim?.warnings ?? [])])],
    };
    this.fitted = { request, maps: new Map(maps.map((map) => [map.quantity, map])), ...fits };
    return { maps, principalDirections: tensor?.principalDirections ?? null, ...fits };
  }
}
