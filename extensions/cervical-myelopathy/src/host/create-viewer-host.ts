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
import { pageOutbox, unsent } from './outbox';
import { hostOutline } from './outline';
import { hostPixels } from './pixels';
import { hostImages } from './slice-images';
import { hostStudies } from './studies';
import { hostScoring } from './scoring';
import { WORDS } from '../words/en';
import type { HostNotices, HostOutbox, ViewerHost } from './viewer-host';
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
  const studies = hostStudies(context);
  const outbox = pageOutbox(context.services);
  const notices = hostNotices(context);
  let subscriptions: Subscription[] = [];

  const onViewportReady = () => {
    navigation.watchViewports();
    drawing.watchViewports();
    outline.restore();
    anatomy.restore();
    maps.restore();
  };

  return {
    studies,
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
    outbox,
    files: hostFiles(),
    notices,
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
      void tellWhatIsLeft(studies.currentStudyInstanceUID(), outbox, notices);
      for (const subscription of subscriptions) subscription.unsubscribe();
      subscriptions = [];
      outline.close();
      anatomy.close();
      maps.close();
    },
  };
}

/** A study that is left with objects still to be sent says so; they are sent by themselves. */
async function tellWhatIsLeft(
  studyInstanceUID: string | null,
  outbox: HostOutbox,
  notices: HostNotices,
): Promise<void> {
  const kept = await outbox.items().catch(() => []);
  const left = unsent(kept).filter((item) => item.studyInstanceUID === studyInstanceUID).length;
  if (left > 0)
    notices.show({ title: WORDS.outbox.title, message: WORDS.outbox.left(left), kind: 'warning' });
}
