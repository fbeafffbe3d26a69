import type { GroupReplicates, QuantityId, ScalarMap, VoxelErrors } from '@myelon/diffusion';
import type { NamedDetailMap } from './fit-details';
import type { FitExtent } from './fit-extent';
import type { PreparationChoices } from './prepare-series';
import type { IvimChoices, IvimReport, ModelFit, TensorChoices, TensorReport } from './fit-models';

export interface FitOptions {
  readonly tensor?: TensorChoices;
  readonly ivim?: IvimChoices;
  /** What is done to the images before the fit, from the images as they came; they stay as they are without it. */
  readonly preparation?: PreparationChoices;
  /** Standard deviation of the noise in signal units; estimated slice by slice without it. */
  readonly noise?: number;
  /** Also residuals, standard errors and intervals. Default false. */
  readonly details?: boolean;
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
  /** With the option `details`, tensor first. */
  readonly details: readonly NamedDetailMap[];
  readonly warnings: readonly string[];
}

/** What the fits left in the session for `AnalysisSession.analyse`. */
export interface FittedModels {
  readonly request: FitRequest;
  readonly maps: ReadonlyMap<QuantityId, ScalarMap>;
  readonly tensor: TensorReport | null;
  readonly ivim: IvimReport | null;
  readonly warnings: readonly string[];
  /** What noise does to each quantity, voxel by voxel, where it is known. */
  readonly errors: ReadonlyMap<QuantityId, VoxelErrors>;
  /** Bootstrap over the slices of the outline, by quantity; empty before `AnalysisSession.bootstrap`. */
  readonly replicates: ReadonlyMap<QuantityId, GroupReplicates>;
}

/** What two fits left for the measurement, and what they gave to the caller. */
export function gathered(
  request: FitRequest,
  tensor: (ModelFit<TensorReport> & { principalDirections: Float32Array }) | null,
  ivim: ModelFit<IvimReport> | null,
): { fitted: FittedModels; outcome: FitOutcome } {
  const maps = [...(tensor?.maps ?? []), ...(ivim?.maps ?? [])];
  const fits = {
    tensor: tensor?.report ?? null,
    ivim: ivim?.report ?? null,
    warnings: [...new Set([...(tensor?.warnings ?? []), ...(ivim?.warnings ?? [])])],
  };
  const fitted = {
    request,
    maps: new Map(maps.map((map) => [map.quantity, map])),
    errors: new Map([...(tensor?.details.errors ?? []), ...(ivim?.details.errors ?? [])]),
    replicates: new Map(),
    ...fits,
  };
  const details = [...(tensor?.details.maps ?? []), ...(ivim?.details.maps ?? [])];
  const principalDirections = tensor?.principalDirections ?? null;
  return { fitted, outcome: { maps, principalDirections, details, ...fits } };
}
