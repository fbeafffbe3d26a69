import type { QuantityId } from '@myelon/diffusion';
import { colourScalePointsOf, type ColourScalePoints } from '@myelon/pipeline';

/** A colour scale of the maps, also as a CSS gradient, left low. */
export interface ColourScale extends ColourScalePoints {
  readonly gradient: string;
}

/** FA cividis, diffusivities viridis, f and D* magma; the same on screen and in the PDF of the report. */
export function colourScaleOf(quantity: QuantityId): ColourScale {
  const scale = colourScalePointsOf(quantity);
  const stops = scale.points.map((channels) => `rgb(${channels.join(', ')})`);
  return { ...scale, gradient: `linear-gradient(to right, ${stops.join(', ')})` };
}
