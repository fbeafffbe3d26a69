import type { DiffusionVolume } from '../data/diffusion-volume';
import { TILE_VOXELS } from '../fitting/fit-loop';
import { gatherSignals } from '../fitting/gather-signals';
import { ivimFit, type IvimFitOptions } from '../ivim/ivim-fit';
import { ivimSignal } from '../ivim/ivim-model';
import type { IvimQuantity } from '../ivim/ivim-output';
import { TENSOR_PARAMETERS, tensorDesign } from '../tensor/design-matrix';
import { PARAMETER_STRIDE } from '../tensor/linear-tensor-fit';
import { tensorFit, type TensorFitOptions } from '../tensor/tensor-fit';
import type { TensorQuantity } from '../tensor/tensor-output';
import { predictedSignal } from '../tensor/tensor-signal-models';
import { TensorTile } from '../tensor/tensor-tile';
import { tensorVolumesByRule } from '../tensor/tensor-volumes';
import type { GroupReplicates, RegionUncertainty } from './group-replicates';
import {
  bootstrapGroups,
  bootstrapMeans,
  randomSign,
  regionSeries,
  type BootstrapModel,
  type BootstrapOptions,
} from './wild-bootstrap';

const IVIM_PARAMETERS = 4;

/**
 * Uncertainty of the means of tensor quantities over a region by wild bootstrap.
 *
 * @param voxels linear voxel indices of the region
 * @param fit options of the fit whose means these are
 * @throws InputRefused as {@link tensorFit}, or when the region is empty
 */
export async function bootstrapTensorRegion(
  volume: DiffusionVolume,
  voxels: readonly number[],
  fit: Omit<TensorFitOptions, 'mask' | 'details' | 'noise' | 'signal' | 'onProgress'>,
  options: BootstrapOptions,
): Promise<Readonly<Record<TensorQuantity, RegionUncertainty>>> {
  const volumes = fit.volumes ?? tensorVolumesByRule(volume.gradients);
  const measured = regionSeries(volume, voxels, volumes);
  const all = { ...fit, volumes: [...volumes.keys()] };
  // Refuses what cannot be fitted before anything is made of it.
  await tensorFit(measured, all);
  const { predicted, residual } = tensorResiduals(measured, all);
  return bootstrapMeans(
    {
      measured,
      perturb: (random, signal) => {
        for (let i = 0; i < signal.length; i++)
          signal[i] = (predicted[i] ?? 0) + randomSign(random) * (residual[i] ?? 0);
      },
      fit: async (replica, control) => (await tensorFit(replica, { ...all, ...control })).maps,
    },
    options,
  );
}

/** Predicted signals, and residuals made as large as the noise, `[volume][voxel]`; residual 0 where there is no fit. */
function tensorResiduals(
  measured: DiffusionVolume,
  fit: Pick<TensorFitOptions, 'method' | 'iterations' | 'start' | 'positiveDefinite'> & {
    readonly volumes: readonly number[];
  },
): { predicted: Float64Array; residual: Float64Array } {
  const { volumes } = fit;
  const design = tensorDesign(measured.gradients, volumes);
  const tile = new TensorTile(design, fit, fit.method === 'wls' ? (fit.iterations ?? 1) : 0);
  const count = measured.grid.columns;
  const { rows } = design;
  const inflation = Math.sqrt(rows / Math.max(rows - TENSOR_PARAMETERS, 1));
  const predicted = Float64Array.from(measured.signal);
  const residual = new Float64Array(predicted.length);
  const list = Int32Array.from({ length: count }, (_, voxel) => voxel);
  for (let from = 0; from < count; from += TILE_VOXELS) {
    const to = Math.min(from + TILE_VOXELS, count);
    gatherSignals(measured, volumes, list, from, to, tile.signal);
    tile.fit(to - from);
    for (let at = 0; at < to - from; at++)
      for (let row = 0; row < rows; row++) {
        const s = predictedSignal(design.weighting, row, tile.parameters, at * PARAMETER_STRIDE);
        const difference = (tile.signal[at * rows + row] ?? 0) - s;
        if (tile.singular[at] !== 0 || !Number.isFinite(difference)) continue;
        predicted[row * count + from + at] = s;
        residual[row * count + from + at] = inflation * difference;
      }
  }
  return { predicted, residual };
}

type IvimBootstrapFit = Omit<
  IvimFitOptions,
  'mask' | 'directions' | 'details' | 'noise' | 'signal' | 'onProgress'
>;

/**
 * Uncertainty of the means of IVIM quantities over a region by wild bootstrap of the signals averaged per b-value. Directions
 * are averaged geometrically.
 *
 * @param voxels linear voxel indices of the region
 * @param fit options of the fit whose means these are
 * @throws InputRefused as {@link ivimFit}, or when the region is empty
 */
export async function bootstrapIvimRegion(
  volume: DiffusionVolume,
  voxels: readonly number[],
  fit: IvimBootstrapFit,
  options: BootstrapOptions,
): Promise<Readonly<Record<IvimQuantity, RegionUncertainty>>> {
  return bootstrapMeans(await ivimModel(volume, voxels, fit), options);
}

/**
 * {@link bootstrapIvimRegion} of many groups of voxels at once (slices of a cord).
 *
 * @param groups linear voxel indices, by group
 */
export async function bootstrapIvimGroups(
  volume: DiffusionVolume,
  groups: readonly (readonly number[])[],
  fit: IvimBootstrapFit,
  options: BootstrapOptions,
): Promise<Readonly<Record<IvimQuantity, GroupReplicates>>> {
  const groupOf = Int32Array.from(groups.flatMap((voxels, group) => voxels.map(() => group)));
  const model = await ivimModel(volume, groups.flat(), fit);
  return bootstrapGroups(model, { groupOf, groups: groups.length }, options);
}

async function ivimModel(
  volume: DiffusionVolume,
  voxels: readonly number[],
  fit: IvimBootstrapFit,
): Promise<BootstrapModel<IvimQuantity>> {
  const volumes = fit.volumes ?? [...volume.gradients.bValues.keys()];
  const measured = regionSeries(volume, voxels, volumes);
  const all = { ...fit, volumes: [...volumes.keys()] };
  const { maps } = await ivimFit(measured, all);
  const count = voxels.length;
  const shells = measured.gradients.shells();
  const inflation = Math.sqrt(shells.length / Math.max(shells.length - IVIM_PARAMETERS, 1));
  const bValues = shells.map((shell) => shell.bValue);
  const predicted = Array.from({ length: count }, (_, v) =>
    ivimSignal(bValues, {
      s0: maps.ivim_s0.values[v] ?? 0,
      f: maps.ivim_f.values[v] ?? 0,
      d: maps.ivim_d.values[v] ?? 0,
      dStar: maps.ivim_dstar.values[v] ?? 0,
    }),
  );
  const means = shells.map((shell) =>
    Float64Array.from({ length: count }, (_, v) => geometricMean(measured.signal, shell.volumes, count, v)),
  );
  return {
    measured,
    perturb: (random, signal) => {
      shells.forEach((shell, at) => {
        for (let v = 0; v < count; v++) {
          const mean = means[at]?.[v] ?? 0;
          const s = predicted[v]?.[at] ?? 0;
          const wanted = s + randomSign(random) * inflation * (mean - s);
          // All volumes of the b-value move together; one that cannot (no fit, no signal) stays.
          const factor = wanted > 0 && mean > 0 && s > 0 ? wanted / mean : 1;
          for (const index of shell.volumes) {
            const cell = index * count + v;
            signal[cell] = factor * (measured.signal[cell] ?? 0);
          }
        }
      });
    },
    fit: async (replica, control) => (await ivimFit(replica, { ...all, ...control })).maps,
  };
}

function geometricMean(
  signal: Float32Array,
  volumes: readonly number[],
  count: number,
  voxel: number,
): number {
  let sum = 0;
  for (const index of volumes) sum += Math.log(signal[index * count + voxel] ?? 0);
  return Math.exp(sum / volumes.length);
}
