import type { QuantityId } from '@myelon/diffusion';

/** Red, green, blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** A colour scale readable for colour-blind readers, as control points from low to high. */
export interface ColourScalePoints {
  readonly name: 'Cividis' | 'Viridis' | 'Magma';
  /** Evenly spaced. Sampled from the published scales (matplotlib; cividis: Nunez 2018). */
  readonly points: readonly Rgb[];
}

function scale(name: ColourScalePoints['name'], hex: readonly string[]): ColourScalePoints {
  const part = (code: string, at: number) => parseInt(code.slice(at, at + 2), 16);
  return { name, points: hex.map((code): Rgb => [part(code, 0), part(code, 2), part(code, 4)]) };
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

/** FA cividis, diffusivities viridis, f and D* magma: on screen and on paper. */
export function colourScalePointsOf(quantity: QuantityId): ColourScalePoints {
  if (quantity === 'fa') return CIVIDIS;
  return quantity === 'ivim_f' || quantity === 'ivim_dstar' ? MAGMA : VIRIDIS;
}

/** Colour of a position on the scale, 0 low to 1 high; outside, that of the nearer end. */
export function colourAt({ points }: ColourScalePoints, position: number): Rgb {
  const along = Math.min(1, Math.max(0, position)) * (points.length - 1);
  const lower = points[Math.floor(along)] ?? [0, 0, 0];
  const upper = points[Math.ceil(along)] ?? lower;
  const part = along - Math.floor(along);
  const mixed = (channel: 0 | 1 | 2) => Math.round(lower[channel] + part * (upper[channel] - lower[channel]));
  return [mixed(0), mixed(1), mixed(2)];
}
