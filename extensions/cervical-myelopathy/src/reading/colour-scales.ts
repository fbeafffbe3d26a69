import type { QuantityId } from '@myelon/diffusion';

/** A colour scale readable for colour-blind readers, as control points from low to high. */
export interface ColourScale {
  readonly name: 'Cividis' | 'Viridis' | 'Magma';
  /** RGB, 0 to 255, evenly spaced. Sampled from the published scales (matplotlib; cividis: Nunez 2018). */
  readonly points: readonly (readonly [number, number, number])[];
  /** The same as a CSS gradient, left low. */
  readonly gradient: string;
}

function scale(name: ColourScale['name'], hex: readonly string[]): ColourScale {
  const points = hex.map((code): [number, number, number] => [
    parseInt(code.slice(0, 2), 16),
    parseInt(code.slice(2, 4), 16),
    parseInt(code.slice(4, 6), 16),
  ]);
  return { name, points, gradient: `linear-gradient(to right, ${hex.map((code) => `#${code}`).join(', ')})` };
}

const CIVIDIS = scale('Cividis', [
  '00224e', '123570', '3b496c', '575d6d', '707173', '8a8678', 'a59c74', 'c3b369', 'e1cc55', 'fee838',
]); // prettier-ignore
const VIRIDIS = scale('Viridis', [
  '440154', '482878', '3e4989', '31688e', '26828e', '1f9e89', '35b779', '6ece58', 'b5de2b', 'fde725',
]); // prettier-ignore
const MAGMA = scale('Magma', [
  '000004', '180f3d', '440f76', '721f81', '9e2f7f', 'cd4071', 'f1605d', 'fd9668', 'feca8d', 'fcfdbf',
]); // prettier-ignore

/** FA cividis, diffusivities viridis, f and D* magma. */
export function colourScaleOf(quantity: QuantityId): ColourScale {
  if (quantity === 'fa') return CIVIDIS;
  return quantity === 'ivim_f' || quantity === 'ivim_dstar' ? MAGMA : VIRIDIS;
}
