import type { DiscName } from '@myelon/cord';
import type { QuantityId, ScalarMap, SliceSource, Vector3, VoxelGrid } from '@myelon/diffusion';
import type { OutlineTool } from '../ids';
import type { ModelFile } from '@myelon/prognosis';
import type { DeviceIdentity, DicomJsonDataset, ReferencedInstance } from '@myelon/dicom';
import type { CohortSource, OutboxItem, OutgoingObject } from '@myelon/pipeline';

/**
 * Everything the reading needs from the viewer, and nothing else. `host/` implements it on OHIF's services; the
 * rest of the extension never touches an OHIF or Cornerstone object.
 */
export interface ViewerHost {
  readonly studies: HostStudies;
  readonly pixels: HostPixels;
  readonly images: HostImages;
  readonly outline: HostOutline;
  readonly drawing: HostDrawing;
  readonly anatomy: HostAnatomy;
  readonly maps: HostMaps;
  readonly navigation: HostNavigation;
  readonly archive: HostArchive;
  readonly scoring: HostScoring;
  /** Archives a cohort can be collected from. */
  cohortSources(): readonly CohortSource[];
  readonly outbox: HostOutbox;
  readonly files: HostFiles;
  readonly notices: HostNotices;
}

/** A diffusion series as our SOP class handler claimed it. */
export interface HostDiffusionSeries {
  readonly displaySetInstanceUID: string;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly seriesNumber: number | null;
  readonly description: string;
  readonly instanceCount: number;
}

/** A Segmentation or an RT Structure Set of the open study. */
export interface HostOutlineObject {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly modality: 'SEG' | 'RTSTRUCT';
  readonly description: string;
  /** ISO 8601 date and time; empty when it does not say. */
  readonly madeAt: string;
}

export interface HostStudies {
  /** The study on screen; null before one is open. */
  currentStudyInstanceUID(): string | null;
  /** Diffusion series of the open study. */
  diffusionSeries(): HostDiffusionSeries[];
  /** Objects of the open study that may hold an outline: Segmentations and RT Structure Sets, newest first. */
  outlines(): HostOutlineObject[];
  /** Called when display sets were added or removed. Returns the unsubscriber. */
  onChange(listener: () => void): () => void;
  /** Headers of every instance of a series as DICOM JSON; whole objects are fetched where a server withholds private tags. */
  metadata(
    studyInstanceUID: string,
    seriesInstanceUID: string,
    signal: AbortSignal,
  ): Promise<DicomJsonDataset[]>;
}

export interface HostPixels {
  /**
   * Stored pixel values of frames (before rescale): whole series in one request each where they are uncompressed, not
   * too large and most of them is asked for, else through the viewer's image loader with its decoders, at most 8 requests at once. `onFrame` gets
   * the index of each frame as it arrives, each at least once.
   */
  load(
    displaySetInstanceUIDs: readonly string[],
    frames: readonly SliceSource[],
    onFrame: (index: number, values: ArrayLike<number>) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

export interface HostImages {
  /** True when a display set is open and shows exactly the slices of a grid. */
  shows(displaySetInstanceUID: string, grid: VoxelGrid): boolean;
  /**
   * Shows slices that are no images of their own in the archive (tiles of a mosaic, a part of a series) wherever the
   * display set was shown.
   * @param key names the slices; shown again under the same name they replace the first
   * @param values `[slice][row][column]`
   * @returns the display set that shows them
   */
  present(displaySetInstanceUID: string, key: string, grid: VoxelGrid, values: Float32Array): string;
}

export interface HostOutline {
  /** Shows (or replaces) the cord outline as a segmentation of this display set, on its grid. */
  show(displaySetInstanceUID: string, grid: VoxelGrid, labels: Uint8Array): Promise<void>;
  /** The outline as it is now, on the same grid as given to `show`; null when there is none. */
  read(): Uint8Array | null;
  /** Called after the reader edited voxels (not after `show`). Debounced to the end of a stroke. */
  onEdited(listener: () => void): () => void;
  setVisible(visible: boolean): void;
  remove(): void;
  /** Puts other labels in the place of those shown, as one step that the viewer can undo; counts as no edit. */
  replace(labels: Uint8Array): void;
  /** Values of the image under the outline, `[slice][row][column]` on its grid; null where it is not loaded. */
  shownImage(): Float32Array | null;
}

export interface HostDrawing {
  /** Makes a tool the primary one, brushes at this diameter in mm; 'none' restores the window level tool. */
  activate(tool: OutlineTool, diameterMm: number): void;
  /** Called when another tool became the primary one, by whatever button or key. */
  onToolChange(listener: (tool: OutlineTool) => void): () => void;
  /** Values of the image that the threshold brush takes. */
  setThresholdRange(range: readonly [number, number]): void;
  /** A closed line the reader has drawn on a diffusion image, LPS mm. */
  onContour(listener: (contour: readonly Vector3[]) => void): () => void;
  undo(): void;
  redo(): void;
}

/** A disc as a line across the spine. */
export interface LevelLine {
  readonly name: DiscName;
  /** In the cord and in front of it, LPS mm. */
  readonly from: Vector3;
  readonly to: Vector3;
  /** A person put it there. */
  readonly known: boolean;
}

export interface HostAnatomy {
  /** The sagittal T2 of the study; null when it has none. */
  sagittalT2(): { readonly name: string } | null;
  /** Its images; null when it has none, or they are no regular stack. */
  sagittalImage(): Promise<{ readonly image: Float32Array; readonly grid: VoxelGrid } | null>;
  /** The next click of the reader on it, LPS mm; rejects with an AbortError when `signal` aborts, or on Escape. */
  pickPoint(signal: AbortSignal): Promise<Vector3>;
  /** Draws discs over it, in place of those before. */
  showLevels(lines: readonly LevelLine[]): void;
  /** Called when the reader has dragged a disc; the point is where its line then crosses the cord. */
  onLevelMoved(listener: (moved: { readonly name: DiscName; readonly pointMm: Vector3 }) => void): () => void;
}

/** How a map is coloured. Ranges in the stored unit (mm2/s, fraction). */
export interface MapDisplay {
  readonly quantity: QuantityId;
  readonly range: readonly [number, number];
  readonly opacity: number;
}

export interface HostMaps {
  /** Registers (or replaces) computed maps over a display set; nothing is shown yet. */
  set(displaySetInstanceUID: string, maps: readonly ScalarMap[]): Promise<void>;
  /** Shows one map over the image in the map viewport, with colour bar; null hides it. */
  show(display: MapDisplay | null): Promise<void>;
  /** Value of a map under the cursor, in the stored unit; null where there is none. */
  onProbe(listener: (probe: MapProbe | null) => void): () => void;
}

export interface MapProbe {
  readonly quantity: QuantityId;
  readonly value: number | null;
  readonly voxel: readonly [column: number, row: number, slice: number];
}

export interface HostNavigation {
  /** Moves every viewport that shows this display set to a slice of the grid (0-based). */
  goToSlice(displaySetInstanceUID: string, slice: number): void;
  /** Slice now shown of this display set; null when it is in no viewport. */
  currentSlice(displaySetInstanceUID: string): number | null;
  onSliceChange(listener: () => void): () => void;
  /**
   * The next click of the reader in a viewport of this display set, as voxel index of its grid; rejects with an
   * AbortError when `signal` aborts (Escape, or another tool chosen).
   */
  pickVoxel(displaySetInstanceUID: string, signal: AbortSignal): Promise<readonly [number, number, number]>;
}

/** Where results go: a DICOMweb root with the name people know it by. */
export interface WriteTarget {
  readonly name: string;
  readonly url: string;
}

/** What is on its way to an archive. It is kept in the browser first, and sent whatever page is open. */
export interface HostOutbox {
  /** Everything that is kept, oldest save first. */
  items(): Promise<OutboxItem[]>;
  /**
   * Keeps the objects of one save, in the order they must arrive, and sends them.
   * @returns the group they belong to
   * @throws InputRefused when they could not be kept; nothing was sent then
   */
  add(
    objects: readonly OutgoingObject[],
    to: { readonly studyInstanceUID: string; readonly target: WriteTarget },
  ): Promise<string>;
  /**
   * Waits until every object of a group is sent or one could not be; none are left of a group that was discarded.
   * Rejects when the signal aborts: the objects are sent all the same.
   */
  untilTried(
    group: string,
    signal: AbortSignal,
    onProgress: (items: readonly OutboxItem[]) => void,
  ): Promise<OutboxItem[]>;
  /** Sends again at once what was refused or is waiting; everything when no group is named. */
  retry(group?: string): Promise<void>;
  /** Forgets a group, sent or not. */
  discard(group: string): Promise<void>;
  /** Part 10 file; null when it has been sent with its whole save. */
  file(sopInstanceUID: string): Promise<Uint8Array | null>;
  onChange(listener: () => void): () => void;
  /** Whether what is kept is encrypted: not in pages without a secure connection. */
  isSealed(): Promise<boolean>;
  /** What the browser will still keep for this page; null when it does not say. */
  freeBytes(): Promise<number | null>;
  /** Leads to the sign-in page of the site. */
  signIn(): void;
}

export interface HostArchive {
  /** Name and address of where results go, from the site configuration; null when nothing may be written. */
  target(): WriteTarget | null;
  /** The installation that results are signed with, from the site configuration. */
  device(): DeviceIdentity;
  /** Myelon reports of this study that the archive holds, newest first, as whole DICOM JSON datasets. */
  reports(studyInstanceUID: string, signal: AbortSignal): Promise<DicomJsonDataset[]>;
  /** Myelon reports of other studies of a patient, newest first. */
  priorReports(
    patientID: string,
    exceptStudyInstanceUID: string,
    signal: AbortSignal,
  ): Promise<DicomJsonDataset[]>;
  /** The objects of one analysis, as the Key Object that names its report has them; none without one. */
  objectsOf(studyInstanceUID: string, reportUID: string, signal: AbortSignal): Promise<ReferencedInstance[]>;
  /** One instance as a Part 10 file. */
  instance(studyUID: string, seriesUID: string, sopUID: string, signal: AbortSignal): Promise<Uint8Array>;
  /** Makes the study list of series current after something was stored. */
  refreshStudy(studyInstanceUID: string): Promise<void>;
}

export interface HostScoring {
  /**
   * The score model the site has put in force; null when it uses the one that comes with the software.
   * @throws InputRefused when there is one and it cannot be used
   */
  model(): Promise<ModelFile | null>;
}

export interface HostFiles {
  /** Offers bytes to the reader as a download. */
  save(name: string, bytes: Uint8Array): void;
}

export interface HostNotices {
  show(notice: { title: string; message: string; kind: 'info' | 'success' | 'warning' | 'error' }): void;
}
