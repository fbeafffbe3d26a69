import type {
  DetailMap,
  IvimFitResult,
  QuantityId,
  ScalarMap,
  TensorDetails,
  TensorFitResult,
  VoxelErrors,
} from '@myelon/diffusion';

/** A map that says how a fit went. */
export interface NamedDetailMap extends DetailMap {
  /** File name without ending: `tensor_residual`, `fa_se`, `ivim_f_lower`. */
  readonly id: string;
}

/** What a fit says besides its maps. */
export interface ModelDetails {
  readonly maps: readonly NamedDetailMap[];
  /** What noise does to each quantity, where it is known voxel by voxel. */
  readonly errors: ReadonlyMap<QuantityId, VoxelErrors>;
}

export const NO_DETAILS: ModelDetails = { maps: [], errors: new Map() };

export function tensorDetails(maps: TensorFitResult['maps'], details: TensorDetails): ModelDetails {
  const { standardErrors: se, faBias } = details;
  const method = 'delta method, noise independent from voxel to voxel';
  const quantities = ['fa', 'md', 'ad', 'rd'] as const;
  return {
    maps: [
      { id: 'tensor_mode', ...details.mode },
      { id: 'tensor_residual', ...details.residual },
      { id: 'tensor_chi2', ...details.chiSquare },
      { id: 'tensor_outliers', ...details.outliers },
      ...quantities.map((quantity) => ({ id: `${quantity}_se`, ...se[quantity] })),
      { id: 'fa_bias', ...faBias },
      { id: 'tensor_status', ...statusMap(maps.fa) },
    ],
    errors: new Map(
      quantities.map((quantity) => [
        quantity,
        { standardErrors: se[quantity].values, bias: quantity === 'fa' ? faBias.values : undefined, method },
      ]),
    ),
  };
}

/** @param kept quantities that are given */
export function ivimDetails(
  { maps, details, intervals, report }: IvimFitResult,
  kept: ReadonlySet<QuantityId>,
): ModelDetails {
  if (!details) return NO_DETAILS;
  const quantities = (['ivim_d', 'ivim_f', 'ivim_dstar'] as const).filter((quantity) => kept.has(quantity));
  const sides = intervals
    ? quantities.flatMap((quantity) =>
        (['lower', 'upper'] as const).map((side) => ({
          ...maps[quantity],
          id: `${quantity}_${side}`,
          name: `${side} end of the 95 % interval`,
          values: intervals[quantity][side],
        })),
      )
    : [];
  const posterior = intervals && report.method.startsWith('Bayesian') ? intervals : null;
  return {
    maps: [
      { id: 'ivim_residual', ...details.residual },
      ...sides,
      ...quantities.map((quantity) => ({ id: `${quantity}_status`, ...statusMap(maps[quantity]) })),
    ],
    errors: new Map(
      posterior
        ? quantities.map((quantity) => [
            quantity,
            {
              standardErrors: halfWidths(posterior[quantity]),
              method:
                'posterior of each voxel, noise independent from voxel to voxel; pull of the prior not included',
            },
          ])
        : [],
    ),
  };
}

/** Half of a 95 % interval over 1.96. */
function halfWidths({ lower, upper }: { lower: Float32Array; upper: Float32Array }): Float32Array {
  return lower.map((low, voxel) => ((upper[voxel] ?? 0) - low) / 3.919928);
}

/** Why each voxel has a value or none, as a map. */
function statusMap({ grid, method, status }: ScalarMap): DetailMap {
  return {
    grid,
    name: '0 valid, 1 not fitted, 2 signal not positive, 3 not determined, 4 at a bound',
    unit: '1',
    method,
    values: Float32Array.from(status),
    status,
  };
}
