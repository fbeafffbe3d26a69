import type { StoreApi } from 'zustand/vanilla';
import type { CordMask, CoursePoint } from '@myelon/cord';
import type { DiffusionSeries, DicomJsonDataset } from '@myelon/dicom';
import type { DiffusionVolume, ScalarMap } from '@myelon/diffusion';
import type { AnalysisClient, LevelsRequest } from '@myelon/pipeline';
import type { ViewerHost } from '../host/viewer-host';
import type { ReadingState, SectionId } from './reading-state';
import type { Tasks } from './tasks';

/** A diffusion series of the open study: headers read, pixels when they were needed. */
export interface OpenSeries {
  /** Of the acquisition: its Series Instance UID, or that with the number of a part. The analysis worker knows it so. */
  readonly key: string;
  /** What shows its slices. The viewer makes display sets anew each time the mode opens; the series stays the same. */
  displaySetUID: string;
  /** Display sets of the series its images are in. */
  readonly imagesIn: readonly string[];
  readonly series: DiffusionSeries;
  /** Metadata of every instance; reports copy patient and study from the first. */
  readonly datasets: readonly DicomJsonDataset[];
  /** Set once the pixels are with the analysis worker: the volume without its signal. */
  loaded: Omit<DiffusionVolume, 'signal'> | null;
}

/** A gradient table from outside, in FSL's convention: the text of both files with their names. */
export interface GivenTable {
  readonly bval: { readonly name: string; readonly text: string };
  readonly bvec: { readonly name: string; readonly text: string };
}

/** What the steps of a reading share. */
export interface ReadingContext {
  readonly host: ViewerHost;
  readonly engine: AnalysisClient;
  readonly store: StoreApi<ReadingState>;
  readonly tasks: Tasks;
  /** By key of the acquisition. */
  readonly openSeries: Map<string, OpenSeries>;
  /** Headers asked for, by Series Instance UID and number of instances: asked once, however often the study is read. */
  readonly headers: Map<string, Promise<DicomJsonDataset[]>>;
  /** Gradient tables the reader gave in place of those in the headers, by key of the acquisition. */
  readonly tables: Map<string, GivenTable>;
  /** Maps of the last fit, to lay them over the images again when the mode is opened again. */
  maps: readonly ScalarMap[];
  /** The outline as it is now; null before there is one. */
  mask: CordMask | null;
  /** The cord from the top down, as its outline shows it; empty before there is one. */
  course: readonly CoursePoint[];
  /** The sagittal T2 levels are looked for in; null where there is none, or nobody has named a disc yet. */
  sagittal: NonNullable<LevelsRequest['sagittal']> | null;
  /** Outline, maps and record come from a report of the archive; what changes them needs a fit first. */
  restored: boolean;
  /** Fits and measures anew. */
  readonly refit: () => Promise<void>;
}

type Parts = Pick<ReadingState, Exclude<SectionId, 'prognosis'>>;

/** Changes some fields of one section. */
export function patch<K extends keyof Parts>(
  { store }: Pick<ReadingContext, 'store'>,
  section: K,
  change: Partial<Parts[K]>,
): void {
  store.setState((state) => ({ [section]: { ...state[section], ...change } }) as Pick<ReadingState, K>);
}

/** The series on whose grid the outline lies: the tensor's, or IVIM's where there is no tensor. */
export function outlinedSeries({ store, openSeries }: ReadingContext): OpenSeries | null {
  const { tensorSeriesUID, ivimSeriesUID } = store.getState().data;
  return openSeries.get(tensorSeriesUID ?? ivimSeriesUID ?? '') ?? null;
}
