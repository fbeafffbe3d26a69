import type * as Cornerstone from '@cornerstonejs/core';
import type * as CornerstoneTools from '@cornerstonejs/tools';

/**
 * The part of OHIF 3.13 that Myelon uses, as types. OHIF ships none; what is written here was read in its source and
 * holds in the viewer. Nothing outside `host/`, `sop-class-handlers/` and `data-source/` may touch these objects.
 */

/** One instance as dcmjs naturalizes it: keywords to values. `imageId` is not enumerable. */
export interface NaturalizedInstance {
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
  readonly SOPClassUID: string;
  readonly imageId?: string;
  readonly [keyword: string]: unknown;
}

/** A display set; handlers and viewports hang more on it than is listed. */
export interface DisplaySet {
  displaySetInstanceUID: string;
  StudyInstanceUID: string;
  SeriesInstanceUID: string;
  SeriesNumber?: number | string | undefined;
  SeriesDescription?: string | undefined;
  SOPClassHandlerId?: string | undefined;
  Modality?: string | undefined;
  FrameOfReferenceUID?: string | undefined;
  instances?: readonly NaturalizedInstance[] | undefined;
  images?: readonly NaturalizedInstance[] | undefined;
  imageIds?: string[] | undefined;
  [attribute: string]: unknown;
}

export interface Subscription {
  unsubscribe(): void;
}

interface Publisher {
  readonly EVENTS: Readonly<Record<string, string>>;
  subscribe(event: string, listener: (event: never) => void): Subscription;
}

export interface DisplaySetService extends Publisher {
  getActiveDisplaySets(): DisplaySet[];
  getDisplaySetByUID(uid: string): DisplaySet | undefined;
  addDisplaySets(...displaySets: DisplaySet[]): DisplaySet[];
  deleteDisplaySet(uid: string): void;
}

export interface ViewportGridState {
  readonly activeViewportId: string | null;
  readonly viewports: ReadonlyMap<string, GridViewport>;
}

export interface GridViewport {
  readonly viewportId: string;
  readonly displaySetInstanceUIDs?: readonly string[];
  readonly viewportOptions?: Readonly<Record<string, unknown>>;
}

export interface ViewportGridService extends Publisher {
  getState(): ViewportGridState;
  getActiveViewportId(): string | null;
  setActiveViewportId(viewportId: string): void;
  setDisplaySetsForViewports(
    viewports: readonly {
      viewportId: string;
      displaySetInstanceUIDs: readonly string[];
      viewportOptions: Readonly<Record<string, unknown>>;
      displaySetOptions: readonly object[];
    }[],
  ): void;
}

/** A viewport that shows images; the methods differ between stacks and volumes. */
export type ImageViewport = Cornerstone.StackViewport | Cornerstone.VolumeViewport;

export interface CornerstoneViewportService extends Publisher {
  getViewportIds(): string[];
  getCornerstoneViewport(viewportId: string): ImageViewport | null | undefined;
}

export interface SegmentationService extends Publisher {
  createLabelmapForDisplaySet(
    displaySet: DisplaySet,
    options: { segmentationId: string; label: string; segments: Record<number, SegmentOptions> },
  ): Promise<string>;
  addSegmentationRepresentation(
    viewportId: string,
    options: { segmentationId: string; type?: string },
  ): Promise<void>;
  getSegmentationRepresentations(
    viewportId: string,
    options?: { segmentationId?: string },
  ): { segmentationId: string }[];
  getSegmentation(segmentationId: string): unknown;
  setActiveSegmentation(viewportId: string, segmentationId: string): void;
  setActiveSegment(segmentationId: string, segmentIndex: number): void;
  setSegmentColor(
    viewportId: string,
    segmentationId: string,
    segmentIndex: number,
    colour: [number, number, number, number],
  ): void;
  remove(segmentationId: string): void;
}

export interface SegmentOptions {
  readonly label: string;
  readonly active?: boolean;
  readonly color?: readonly [number, number, number, number];
}

export interface ToolGroupService {
  getToolGroup(id?: string): CornerstoneTools.Types.IToolGroup | undefined;
  getToolGroupIds(): string[];
}

export interface ColorbarService extends Publisher {
  addColorbar(
    viewportId: string,
    displaySetInstanceUIDs: readonly string[],
    options?: Record<string, unknown>,
  ): void;
  removeColorbar(viewportId: string, displaySetInstanceUID?: string): void;
}

export interface HangingProtocolService {
  addCustomAttribute(id: string, name: string, callback: (metadata: DisplaySet) => unknown): void;
}

export interface Services {
  readonly displaySetService: DisplaySetService;
  readonly viewportGridService: ViewportGridService;
  readonly cornerstoneViewportService: CornerstoneViewportService;
  readonly segmentationService: SegmentationService;
  readonly toolGroupService: ToolGroupService;
  readonly colorbarService: ColorbarService;
  readonly hangingProtocolService: HangingProtocolService;
  readonly uiNotificationService: {
    show(notice: { title: string; message: string; type: string; duration?: number }): void;
  };
  readonly userAuthenticationService: {
    getAuthorizationHeader(): Record<string, string> | undefined;
    /** Leads to the sign-in page of the site, where it has one. */
    handleUnauthenticated(): unknown;
    /** Whoever has signed in, as the login provider describes them; nothing where nobody has. */
    getUser(): unknown;
  };
  readonly customizationService: {
    getCustomization(id: string): unknown;
    /** For the mode that is open; ends with it. */
    setCustomizations(customizations: Readonly<Record<string, unknown>>): void;
  };
}

export interface ServicesManager {
  readonly services: Services;
}

export interface CommandsManager {
  runCommand(name: string, options?: Record<string, unknown>, context?: string): unknown;
}

/** What a DICOMweb data source is configured with, as far as we read it. */
export interface DicomWebConfiguration {
  readonly friendlyName?: string;
  readonly name?: string;
  readonly qidoRoot?: string;
  readonly wadoRoot?: string;
  /** Where results are stored: name and DICOMweb root; absent or null when nothing may be written. */
  readonly writeTo?: { readonly name: string; readonly wadoRoot: string } | string | null;
  /** The site's own score: address of its file, and the keys of which one must have signed it. */
  readonly scoreModel?: { readonly url: string; readonly trustedKeys: readonly string[] };
  /** The installation that results are signed with. */
  readonly device?: { readonly uid?: string; readonly serialNumber?: string; readonly name?: string };
  readonly [setting: string]: unknown;
}

export interface DataSource {
  initialize(options: { params: unknown; query: unknown }): unknown;
  readonly query: Readonly<Record<string, unknown>>;
  readonly retrieve: {
    readonly series: {
      metadata(options: {
        StudyInstanceUID: string;
        madeInClient?: boolean;
        returnPromises?: boolean;
      }): Promise<unknown>;
    };
    readonly getGetThumbnailSrc?: (
      instance: NaturalizedInstance,
      imageId: string,
    ) => () => Promise<string | undefined>;
    readonly [operation: string]: unknown;
  };
  readonly store: { dicom(dataset: unknown, ...rest: unknown[]): Promise<unknown> };
  getImageIdsForDisplaySet(displaySet: DisplaySet): string[];
  getImageIdsForInstance(options: { instance: NaturalizedInstance; frame?: number }): string;
  getConfig(): DicomWebConfiguration;
  deleteStudyMetadataPromise(studyInstanceUID: string): void;
  readonly [member: string]: unknown;
}

export interface ExtensionManager {
  getModuleEntry(id: string): unknown;
  /** Every data source of the site configuration, by name. */
  readonly dataSourceDefs: Readonly<
    Record<string, { readonly sourceName: string; readonly configuration: DicomWebConfiguration }>
  >;
  getActiveDataSource(): DataSource[];
  getActiveDataSourceDefinition(): {
    readonly sourceName: string;
    readonly configuration: DicomWebConfiguration;
  };
}

export interface ExtensionParameters {
  readonly servicesManager: ServicesManager;
  readonly commandsManager: CommandsManager;
  readonly extensionManager: ExtensionManager;
  readonly appConfig?: Readonly<Record<string, unknown>>;
}

export interface CornerstoneLibraries {
  readonly cornerstone: typeof Cornerstone;
  readonly cornerstoneTools: typeof CornerstoneTools;
}
