import type { QuantityId } from '@myelon/diffusion';
import { colourScaleOf } from '../reading/colour-scales';
import type { HostContext } from './context';

/** Registers the colour scale of a quantity with the viewer, once, and gives its name there. */
export function registeredColourMap(context: HostContext, quantity: QuantityId): string {
  const { name, points } = colourScaleOf(quantity);
  const registered = `Myelon ${name}`;
  const { colormap } = context.cornerstone.utilities;
  if (!colormap.getColormap(registered)) {
    const last = points.length - 1;
    colormap.registerColormap({
      ColorSpace: 'RGB',
      Name: registered,
      name: registered,
      RGBPoints: points.flatMap(([red, green, blue], index) => [
        index / last,
        red / 255,
        green / 255,
        blue / 255,
      ]),
    });
  }
  return registered;
}
