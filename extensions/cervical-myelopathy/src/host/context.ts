import { cornerstoneLibraries } from './libraries';
import type {
  CommandsManager,
  CornerstoneLibraries,
  DataSource,
  DisplaySet,
  ExtensionManager,
  ExtensionParameters,
  ImageViewport,
  Services,
} from './ohif';

/** A viewport with what it shows. */
export interface ShownViewport {
  readonly id: string;
  readonly viewport: ImageViewport;
}

/** The viewer as the parts of the host see it. */
export class HostContext {
  readonly services: Services;
  readonly commands: CommandsManager;
  readonly extensions: ExtensionManager;
  private libraries: CornerstoneLibraries | null = null;

  constructor({ servicesManager, commandsManager, extensionManager }: ExtensionParameters) {
    this.services = servicesManager.services;
    this.commands = commandsManager;
    this.extensions = extensionManager;
  }

  get cornerstone(): CornerstoneLibraries['cornerstone'] {
    return this.both().cornerstone;
  }

  get tools(): CornerstoneLibraries['cornerstoneTools'] {
    return this.both().cornerstoneTools;
  }

  /** The data source the open study is read from. */
  dataSource(): DataSource {
    const source = this.extensions.getActiveDataSource()[0];
    if (!source) throw new Error('no data source is active: open the study from the study list');
    return source;
  }

  authorization(): Record<string, string> {
    const header = this.services.userAuthenticationService.getAuthorizationHeader()?.['Authorization'];
    return header === undefined ? {} : { Authorization: header };
  }

  displaySet(uid: string): DisplaySet {
    const displaySet = this.services.displaySetService.getDisplaySetByUID(uid);
    if (!displaySet)
      throw new Error(`the series is no longer open (display set ${uid}): open the study again`);
    return displaySet;
  }

  /** Every viewport that shows an image now. */
  viewports(): ShownViewport[] {
    const { cornerstoneViewportService } = this.services;
    return cornerstoneViewportService.getViewportIds().flatMap((id) => {
      const viewport = cornerstoneViewportService.getCornerstoneViewport(id);
      return viewport ? [{ id, viewport }] : [];
    });
  }

  /** Viewports whose image (not an overlay) is this display set. */
  viewportsOf(displaySetInstanceUID: string): ShownViewport[] {
    const shown = this.services.viewportGridService.getState().viewports;
    return this.viewports().filter(
      ({ id }) => shown.get(id)?.displaySetInstanceUIDs?.[0] === displaySetInstanceUID,
    );
  }

  /** The display set a viewport shows; null for an empty one. */
  displaySetOf(viewportId: string): DisplaySet | null {
    const uid = this.services.viewportGridService.getState().viewports.get(viewportId)
      ?.displaySetInstanceUIDs?.[0];
    return uid === undefined ? null : (this.services.displaySetService.getDisplaySetByUID(uid) ?? null);
  }

  private both(): CornerstoneLibraries {
    this.libraries ??= cornerstoneLibraries(this.extensions);
    return this.libraries;
  }
}
