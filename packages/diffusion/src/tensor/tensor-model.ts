import type { GradientTable } from '../data/gradient-table';

/** Six unique elements of a diffusion tensor, mm2/s, in the frame of the gradient table (LPS). */
export interface DiffusionTensor {
  readonly xx: number;
  readonly yy: number;
  readonly zz: number;
  readonly xy: number;
  readonly xz: number;
  readonly yz: number;
}

/** Scalars of a tensor: fractional anisotropy (0..1) and mean, axial and radial diffusivity in mm2/s. */
export interface TensorScalars {
  readonly fa: number;
  readonly md: number;
  readonly ad: number;
  readonly rd: number;
}

/**
 * Signals of a tensor under `S = S0 exp(-b g'Dg)`: the forward model that the fits invert.
 *
 * Basser, Mattiello, Le Bihan, Biophys J 1994;66:259-267.
 *
 * @param s0 signal without diffusion weighting
 * @returns one signal per volume of the table
 */
export function tensorSignal(table: GradientTable, s0: number, tensor: DiffusionTensor): Float64Array {
  return Float64Array.from({ length: table.count }, (_, volume) => {
    const [x, y, z] = table.direction(volume);
    const along =
      tensor.xx * x * x +
      tensor.yy * y * y +
      tensor.zz * z * z +
      2 * (tensor.xy * x * y + tensor.xz * x * z + tensor.yz * y * z);
    return s0 * Math.exp(-table.bValue(volume) * along);
  });
}

/**
 * Tensor with rotational symmetry.
 *
 * @param axis unit vector of the principal direction
 * @param axial diffusivity along the axis, mm2/s
 * @param radial diffusivity across it, mm2/s
 */
export function axialTensor(
  [x, y, z]: readonly [number, number, number],
  axial: number,
  radial: number,
): DiffusionTensor {
  const d = axial - radial;
  return {
    xx: radial + d * x * x,
    yy: radial + d * y * y,
    zz: radial + d * z * z,
    xy: d * x * y,
    xz: d * x * z,
    yz: d * y * z,
  };
}

/**
 * FA, MD, AD and RD of three eigenvalues in descending order.
 *
 * Basser & Pierpaoli, J Magn Reson B 1996;111:209-219. FA of the zero tensor is 0.
 */
export function tensorScalars(l1: number, l2: number, l3: number): TensorScalars {
  const norm = l1 * l1 + l2 * l2 + l3 * l3;
  const spread = (l1 - l2) ** 2 + (l2 - l3) ** 2 + (l3 - l1) ** 2;
  return {
    fa: norm > 0 ? Math.sqrt((0.5 * spread) / norm) : 0,
    md: (l1 + l2 + l3) / 3,
    ad: l1,
    rd: (l2 + l3) / 2,
  };
}
