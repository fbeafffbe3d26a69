import { DIFFUSION_HANDLER_ID, VIEWPORT_IDS } from '../ids';
import type { HostContext } from './context';
import type { HostNavigation } from './viewer-host';

/** What the viewer hands to an overlay item, as far as we look at it. */
interface OverlayProperties {
  readonly viewportId: string;
  readonly displaySet?: {
    readonly SOPClassHandlerId?: string;
    readonly displaySetInstanceUID: string;
  };
  readonly imageSliceData?: { readonly numberOfSlices: number };
}

/**
 * Diffusion slices carry the number that panel, table and report use; the viewer counts images of a stack from
 * whichever end it looks from. Over a map the window of the map would stand as if it were the image's: it is left
 * out, the colour bar says it.
 */
export function showSliceNumbers(context: HostContext, navigation: HostNavigation): void {
  const isDiffusion = ({ displaySet }: OverlayProperties) =>
    displaySet?.SOPClassHandlerId === DIFFUSION_HANDLER_ID;
  context.services.customizationService.setCustomizations({
    'viewportOverlay.bottomRight': {
      $set: [
        {
          id: 'MyelonSlice',
          inheritsFrom: 'ohif.overlayItem',
          label: '',
          title: 'Slice, counted as in table and report',
          condition: isDiffusion,
          contentF: ({ displaySet, imageSliceData }: OverlayProperties) => {
            const slice = displaySet ? navigation.currentSlice(displaySet.displaySetInstanceUID) : null;
            return slice === null
              ? ''
              : `Slice ${String(slice + 1)} of ${String(imageSliceData?.numberOfSlices ?? '?')}`;
          },
        },
        {
          id: 'InstanceNumber',
          inheritsFrom: 'ohif.overlayItem.instanceNumber',
          title: 'Instance Number',
          condition: (properties: OverlayProperties) => !isDiffusion(properties),
        },
      ],
    },
    'viewportOverlay.bottomLeft': {
      $set: [
        {
          id: 'WindowLevel',
          inheritsFrom: 'ohif.overlayItem.windowLevel',
          title: 'Window Level',
          condition: ({ viewportId }: OverlayProperties) => viewportId !== VIEWPORT_IDS.map,
        },
      ],
    },
  });
}
