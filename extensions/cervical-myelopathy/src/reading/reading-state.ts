import type { CordIntensities, CordOutline, DiscName, OutlineFinding } from '@myelon/cord';
import type { QuantityId, Vector3 } from '@myelon/diffusion';
import type {
  AnalysisRecord,
  KnownDisc,
  LevelsRecord,
  MorphometryRecord,
  PreparationChoices,
} from '@myelon/pipeline';
import { EMPTY_CLINICAL_FORM, type ClinicalForm, type SiteSuccessRate } from '@myelon/prognosis';
import type { HostOutlineObject } from '../host/viewer-host';
import type { OutlineTool } from '../ids';
import type { ReportReading } from './report-reading';

export type { ArchivedReport, ReportChoice, ReportReading } from './report-reading';

/** Work under way, as the reader sees it. */
export interface Progress {
  /** What is being done ("Reading 525 images"). */
  readonly label: string;
  /** 0 to 1; null when it cannot be told. */
  readonly fraction: number | null;
  /** Milliseconds since the epoch, for the time left. */
  readonly startedAt: number;
}

/** Something that went wrong: what, why, and a way on. */
export interface Problem {
  readonly what: string;
  readonly whatToDo: string;
}

/** Where a section of the panel stands. Every section is in exactly one of these states. */
export type SectionState =
  | { readonly kind: 'nothing'; readonly why: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'working'; readonly progress: Progress }
  | { readonly kind: 'done' }
  | { readonly kind: 'needs-look'; readonly what: string }
  | { readonly kind: 'failed'; readonly problem: Problem };

export type SectionId = 'data' | 'cord' | 'maps' | 'metrics' | 'prognosis' | 'report';
export const SECTIONS: readonly SectionId[] = ['data', 'cord', 'maps', 'metrics', 'prognosis', 'report'];

/** Whether a series can be used for one kind of fit. */
export interface Usability {
  readonly possible: boolean;
  /** Why not, or what to keep in mind; empty when there is nothing to say. */
  readonly remarks: readonly string[];
}

/** A diffusion series after its headers were read. */
export interface SeriesReading {
  /** Series Instance UID; with its number for a part of a series; that of the first for joined series. */
  readonly key: string;
  /** `series 5 "DTI 30 directions"`; joined ones with a plus between. */
  readonly name: string;
  /** Images in the archive. */
  readonly images: number;
  /** Several series read as one. */
  readonly joined: boolean;
  /** "30 directions b 800, 5 b0"; null when the series could not be read. */
  readonly table: string | null;
  /** Names of the files the table was taken from instead of the headers; null for the headers' own. */
  readonly tableFrom: string | null;
  /** Directions of the weighted volumes, unit vectors in LPS. */
  readonly directions: readonly { readonly bValue: number; readonly direction: Vector3 }[];
  readonly shells: readonly { readonly bValue: number; readonly volumes: number }[];
  readonly tensor: Usability;
  readonly ivim: Usability;
  readonly leftOut: readonly { readonly what: string; readonly why: string }[];
  readonly warnings: readonly string[];
  readonly refusal: string | null;
}

export interface DataReading {
  readonly state: SectionState;
  readonly series: readonly SeriesReading[];
  /** What the reader asked to read as one, by key; and joined ones that the reader wants apart. */
  readonly grouping: { readonly together: readonly (readonly string[])[]; readonly apart: readonly string[] };
  /** Why a join or a table was refused; null when the last one was taken. */
  readonly refused: Problem | null;
  /** Keys of the series chosen for the two fits; null when none can serve. */
  readonly tensorSeriesUID: string | null;
  readonly ivimSeriesUID: string | null;
}

/** Names along the cord. */
export interface LevelsReading {
  /** Discs the reader put somewhere. */
  readonly known: readonly KnownDisc[];
  /** All discs and slices named from them; null before the reader knows one. */
  readonly record: LevelsRecord | null;
  /** The disc the reader is to click on; null when none. */
  readonly picking: DiscName | null;
  /** Why a disc was not taken; null when it was. */
  readonly refused: Problem | null;
}

export interface CordReading {
  readonly state: SectionState;
  readonly outline: CordOutline | null;
  /** True after the reader changed voxels. */
  readonly edited: boolean;
  /** Cord voxels per slice of the outline's grid. */
  readonly voxelsPerSlice: readonly number[];
  /** Slices in which the outline no longer is what was found automatically. */
  readonly editedSlices: readonly number[];
  /** Where the outline as it is now jumps, leaks, vanishes or falls in pieces. */
  readonly findings: readonly OutlineFinding[];
  /** Why the last edit was not made; null when it was. */
  readonly refused: Problem | null;
  /** Segmentations and structure sets of the study that may hold an outline. */
  readonly stored: readonly HostOutlineObject[];
  /** What the threshold brush takes; null until the outline tells cord from its surroundings. */
  readonly threshold: CordIntensities | null;
  /** Slices to look at that the reader accepted. */
  readonly acceptedSlices: readonly number[];
  /** Size and shape along the cord; null before there is an outline. */
  readonly morphometry: MorphometryRecord | null;
  readonly levels: LevelsReading;
  readonly visible: boolean;
  readonly tool: OutlineTool;
  readonly brushDiameterMm: number;
  /** Waiting for the reader to click on the cord. */
  readonly picking: boolean;
}

export interface MapsReading {
  readonly state: SectionState;
  readonly available: readonly QuantityId[];
  readonly shown: QuantityId | null;
  /** Range of the colour scale per quantity, in the stored unit. */
  readonly ranges: Readonly<Partial<Record<QuantityId, readonly [number, number]>>>;
  readonly opacity: number;
  /** One line: methods and time ("WLS, 2 iterations; IVIM segmented; 1.2 s"). */
  readonly method: string;
  /** What is to be done to the images before the next fit. */
  readonly preparation: PreparationChoices;
  /** With what the present maps were made; null before there are any. */
  readonly fittedPreparation: PreparationChoices | null;
  /** Value under the cursor. */
  readonly probe: { readonly quantity: QuantityId; readonly value: number | null } | null;
}

export interface MetricsReading {
  readonly state: SectionState;
  readonly record: AnalysisRecord | null;
  readonly compressionSlices: readonly number[];
  /** Slice narrowest beside what lies above and below, offered as the level of compression. */
  readonly narrowestSlice: number | null;
  readonly selectedRegionId: string;
}

/** What the reader confirms before the statement opens. */
export interface Confirmations {
  readonly outline: boolean;
  readonly level: boolean;
  readonly quality: boolean;
}

/** All that one study's reading holds. Lives outside React, so a tab or mode change keeps it. */
export interface ReadingState {
  readonly studyInstanceUID: string | null;
  readonly data: DataReading;
  readonly cord: CordReading;
  readonly maps: MapsReading;
  readonly metrics: MetricsReading;
  readonly confirmations: Confirmations;
  /** mJOA and what else was entered of the patient. */
  readonly clinical: ClinicalForm;
  /** The site's own share of good recoveries; null: none entered. */
  readonly siteSuccessRate: SiteSuccessRate | null;
  readonly report: ReportReading;
  /** Slice of the tensor series on screen, from 0. */
  readonly currentSlice: number | null;
  /** Sections the reader opened or the reading led to. */
  readonly open: Readonly<Record<SectionId, boolean>>;
}

/** Colour scales start at ranges that suit a cervical cord, in the stored unit. */
export const DEFAULT_RANGES: MapsReading['ranges'] = {
  fa: [0, 1],
  md: [0, 0.003],
  ad: [0, 0.003],
  rd: [0, 0.003],
  adc: [0, 0.003],
  ivim_d: [0, 0.003],
  ivim_dstar: [0, 0.05],
  ivim_f: [0, 0.3],
};

export function emptyReading(studyInstanceUID: string | null): ReadingState {
  return {
    studyInstanceUID,
    data: {
      state: { kind: 'nothing', why: 'Open a study with diffusion MRI.' },
      series: [],
      grouping: { together: [], apart: [] },
      refused: null,
      tensorSeriesUID: null,
      ivimSeriesUID: null,
    },
    cord: {
      state: { kind: 'nothing', why: 'Waits for a diffusion series.' },
      outline: null,
      edited: false,
      voxelsPerSlice: [],
      editedSlices: [],
      findings: [],
      refused: null,
      stored: [],
      threshold: null,
      morphometry: null,
      levels: { known: [], record: null, picking: null, refused: null },
      acceptedSlices: [],
      visible: true,
      tool: 'none',
      brushDiameterMm: 2,
      picking: false,
    },
    maps: {
      state: { kind: 'nothing', why: 'Waits for the cord outline.' },
      available: [],
      shown: null,
      ranges: DEFAULT_RANGES,
      opacity: 0.7,
      method: '',
      preparation: {},
      fittedPreparation: null,
      probe: null,
    },
    metrics: {
      state: { kind: 'nothing', why: 'Waits for the maps.' },
      record: null,
      compressionSlices: [],
      narrowestSlice: null,
      selectedRegionId: 'whole-cord',
    },
    confirmations: { outline: false, level: false, quality: false },
    clinical: EMPTY_CLINICAL_FORM,
    siteSuccessRate: null,
    report: {
      state: { kind: 'nothing', why: 'Waits for the metrics.' },
      target: null,
      choice: { maps: true, slices: false, pdf: true, keyObject: true },
      kept: [],
      queued: null,
      savedRecordId: null,
      restoredFrom: null,
      room: null,
      archived: [],
      prior: null,
      priorProblem: null,
      looking: true,
      historyProblem: null,
    },
    currentSlice: null,
    open: { data: true, cord: true, maps: false, metrics: false, prognosis: false, report: false },
  };
}
