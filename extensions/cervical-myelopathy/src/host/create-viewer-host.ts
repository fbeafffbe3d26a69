import { hostAnatomy } from './anatomy';
import { hostArchive } from './archive';
import { cohortSources } from './cohort-sources';
import { HostContext } from './context';
import { hostDrawing } from './drawing-tools';
import { hostFiles } from './files';
import { hostMaps } from './maps';
import { hostNavigation } from './navigation';
import { hostNotices } from './notices';
import type { ExtensionParameters, Subscription } from './ohif';
import { hostOutline } from './outline';
import { hostPixels } from './pixels';
import { hostImages } from './slice-images';
import { hostStudies } from './studies';
import { hostScoring } from './scoring';
import type { ViewerHost } from './viewer-host';
import { showSliceNumbers } from './viewport-overlay';

/** The host with the hooks by which the extension tells it what the viewer does. */
export interface OwnedViewerHost extends ViewerHost {
  onModeEnter(): void;
  onModeExit(): void;
}

/** The {@link ViewerHost} on OHIF's services. Created once, when the extension is registered. */
export function createViewerHost(parameters: ExtensionParameters): OwnedViewerHost {
  const context = new HostContext(parameters);
  const outline = hostOutline(context);
  const drawing = hostDrawing(context);
  const anatomy = hostAnatomy(context);
  const maps = hostMaps(context);
  const navigation = hostNavigation(context);
  let subscriptions: Subscription[] = [];

  const onViewportReady = () => {
    navigation.watchViewports();
    drawing.watchViewports();
    outline.restore();
    anatomy.restore();
    maps.restore();
  };

  return {
    studies: hostStudies(context),
    pixels: hostPixels(context),
    images: hostImages(context),
    outline,
    drawing,
    anatomy,
    maps,
    navigation,
    archive: hostArchive(context),
    scoring: hostScoring(context),
    cohortSources: () => cohortSources(context),
    files: hostFiles(),
    notices: hostNotices(context),
    onModeEnter() {
      outline.open();
      drawing.open();
      showSliceNumbers(context, navigation);
      const { cornerstoneViewportService: viewports } = context.services;
      subscriptions = ['VIEWPORT_DATA_CHANGED', 'VIEWPORT_VOLUMES_CHANGED'].map((event) =>
        viewports.subscribe(viewports.EVENTS[event] ?? event, onViewportReady),
      );
    },
    onModeExit() {
      for (const subscription of subscriptions) subscription.unsubscribe();
      subscriptions = [];
      outline.close();
      anatomy.close();
      maps.close();
    },
  };
}
