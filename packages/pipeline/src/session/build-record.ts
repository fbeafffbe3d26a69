import { cordSlices, type CordMask, type CordOutline } from '@myelon/cord';
import { QUANTITIES, sameGrid, spacingMm, voxelVolumeMm3, type VoxelGrid } from '@myelon/diffusion';
import { checkedClinicalForm } from '@myelon/prognosis';
import {
  ANALYSIS_RECORD_VERSION,
  type AnalysisRecord,
  type InputRecord,
  type RegionRecord,
} from '../analysis-record';
import type { ChosenInputs } from '../inputs/choose-inputs';
import { erodedInSlices } from '../measure/erode';
import { levelRegionsOf, levelsOf } from '../measure/levels';
import {
  editedPlanes,
  measuringMask,
  type MeasuringChoice,
  type MeasuringMask,
} from '../measure/measuring-mask';
import { morphometryOf, sectionsOf } from '../measure/morphometry';
import { prognosisOfRegion } from '../measure/prognosis-of-region';
import { measureRegions } from '../measure/region-statistics';
import { REGION_IDS, regionsOfCord, type Region } from '../measure/regions';
import { scoreOfRegion } from '../measure/score-of-region';
import { checkedRecord } from '../record-json';
import { MYELON_VERSION } from '../version';
import type { AnalyseRequest, FittedModels, SessionInput } from './analysis-session';
import type { CarriedFrom } from './outline-series';
import { qualityOf, qualityWarnings, signalProblems } from './series-quality';

/** Everything a record is made of. */
export interface RecordParts {
  readonly inputs: readonly SessionInput[];
  readonly choice: ChosenInputs;
  readonly mask: CordMask;
  readonly outline: CordOutline | null;
  /** Where the outline came from when it was drawn on another image. */
  readonly carriedFrom?: CarriedFrom | null;
  /** Absent: the rule for the kind of outline. */
  readonly measuring?: MeasuringChoice | undefined;
  readonly fitted: FittedModels;
  readonly request: AnalyseRequest;
}

/** @throws InputRefused when a compression slice holds no cord or a series lies in another frame of reference */
export function buildRecord(parts: RecordParts): AnalysisRecord {
  const { inputs, mask, outline, fitted, request } = parts;
  const { compressionSlices, clinical, statementWithheld: withheld = null } = request;
  const measuring = measuringMask(mask, outline, parts.measuring);
  const cordRegions = regionsOfCord(mask, compressionSlices);
  const toMeasure = {
    ...fitted,
    refused: new Map((fitted.ivim?.refused ?? []).map(({ quantity, why }) => [quantity, why])),
    missing: { tensor: whyNotFitted(parts, 'tensor'), ivim: whyNotFitted(parts, 'ivim') },
  };
  const measured = (voxels: Uint8Array, of: readonly Region[]) =>
    measureRegions(of, mask.grid, voxels, toMeasure).map((region) => ({
      ...region,
      droppedVoxels: region.voxels - voxelsInSlices(voxels, mask.grid, region.slices),
    }));
  const regions = measured(measuring.voxels, cordRegions);
  const compression = regions.find(({ id }) => id === REGION_IDS.compression);
  const eroded = measured(
    erodedInSlices(measuring.voxels, mask.grid),
    cordRegions.filter(({ id }) => id === REGION_IDS.compression),
  );
  const sections = sectionsOf(mask, outline);
  const morphometry = morphometryOf(sections, mask, compressionSlices, outline?.offsetMm);
  const levels = request.levels ? levelsOf(sections, request.levels) : null;
  const levelRegions = measured(measuring.voxels, levelRegionsOf(mask, sections, levels, morphometry));
  const ivimTable = inputs.find(({ key }) => key === fitted.request.ivimKey)?.volume.gradients ?? null;
  const described = describeFits(inputs, fitted, mask);
  const prognosis = prognosisOfRegion(
    compression,
    ivimTable,
    withheld,
    signalProblems(described.quality ?? []),
  );
  return checkedRecord({
    schema: 'myelon-analysis-record',
    version: ANALYSIS_RECORD_VERSION,
    id: newRecordId(),
    ...described,
    ...request.identity,
    warnings: [...described.warnings, ...outlineWarnings(mask, outline), ...boundWarnings(regions)],
    cord: cordRecord(parts, measuring),
    morphometry,
    ...(levels && { levels }),
    compressionSlices: [...new Set(compressionSlices)].sort((p, q) => p - q),
    regions,
    ...(levelRegions.length > 0 && { levelRegions }),
    prognosis,
    score: scoreOfRegion({
      compression,
      alternatives: eroded.map((region) => ({ id: 'eroded', what: ERODED, region })),
      prognosis,
      record: described,
      measuringRule: measuring.rule,
      siteSuccessRate: request.siteSuccessRate ?? null,
      scoreModel: request.scoreModel ?? null,
    }),
    ...(clinical && { clinical: checkedClinicalForm(clinical) }),
  });
}

const ERODED = 'with the measured voxels eroded by one in the slice';

/** The part of a record that the fits alone decide. */
export type FitProvenance = Pick<
  AnalysisRecord,
  'createdAt' | 'software' | 'inputs' | 'quality' | 'tensor' | 'ivim' | 'warnings'
>;

/** @param mask the cord, where SNR is measured; everywhere that is not air without it */
export function describeFits(
  inputs: readonly SessionInput[],
  fitted: FittedModels,
  mask: CordMask | null,
): FitProvenance {
  const used = inputs.filter(({ key }) => roleOf(key, fitted) !== null);
  const quality = used.map((input) => qualityOf(input, mask));
  return {
    createdAt: localIsoTime(new Date()),
    software: { name: 'Myelon', version: MYELON_VERSION },
    inputs: inputs.flatMap((input) => inputRecord(input, fitted)),
    quality,
    tensor: fitted.tensor,
    ivim: fitted.ivim,
    warnings: [...fitted.warnings, ...quality.flatMap(qualityWarnings)],
  };
}

function whyNotFitted({ choice, fitted }: RecordParts, model: 'tensor' | 'ivim'): string | null {
  const key = model === 'tensor' ? fitted.request.tensorKey : fitted.request.ivimKey;
  if (key !== null) return null;
  const chosen = choice[model];
  const name = model === 'tensor' ? 'diffusion tensor' : 'IVIM';
  return chosen.key === null ? `no ${name}: ${chosen.why}` : `${name} not fitted on request`;
}

function voxelsInSlices(voxels: Uint8Array, { columns, rows }: VoxelGrid, slices: readonly number[]): number {
  const size = columns * rows;
  return slices.reduce(
    (sum, slice) => sum + voxels.subarray(slice * size, (slice + 1) * size).filter((one) => one > 0).length,
    0,
  );
}

function cordRecord(parts: RecordParts, measuring: MeasuringMask): AnalysisRecord['cord'] {
  const { mask, outline, carriedFrom } = parts;
  const slices = cordSlices(mask);
  const cordVoxels = (labels: Uint8Array) => labels.reduce((sum, label) => sum + (label > 0 ? 1 : 0), 0);
  const voxels = cordVoxels(mask.labels);
  const measuredVoxels = cordVoxels(measuring.voxels);
  const toCheck = planesToCheck(mask, outline).filter(
    ({ slice }) => outline && sameGrid(outline.planes, mask.grid) && slices.includes(slice),
  );
  return {
    method: mask.method,
    measuringRule: measuring.rule,
    slices,
    slicesToCheck: toCheck.map(({ slice, why }) => ({ slice, why })),
    voxels,
    volumeMm3: voxels * voxelVolumeMm3(mask.grid),
    measuredVoxels,
    droppedVoxels: voxels - measuredVoxels,
    measuring: measuringRecord(parts),
    ...(outline && { offsetMm: outline.offsetMm ?? 0 }),
    ...(carriedFrom && {
      carriedFrom: {
        image: carriedFrom.image,
        shifts: carriedFrom.shifts.flatMap((shift, slice) => (shift ? [{ slice, ...shift }] : [])),
      },
    }),
  };
}

function measuringRecord({ outline, measuring }: RecordParts): AnalysisRecord['cord']['measuring'] {
  const byDefault = measuring === undefined;
  const kind = measuring?.kind ?? (outline ? 'inside' : 'none');
  return { kind, erosionMm: measuring?.kind === 'erosion' ? measuring.mm : null, byDefault };
}

/** Planes the automatic outline was unsure of and nobody has edited since. */
function planesToCheck(mask: CordMask, outline: CordOutline | null): CordOutline['slicesToCheck'] {
  if (!outline || outline.slicesToCheck.length === 0) return [];
  const edited = editedPlanes(mask, outline);
  return outline.slicesToCheck.filter(({ slice }) => !edited.includes(slice));
}

/** In stacks along the neck the planes of the outline are no slices of the image: doubts about them are warnings. */
function outlineWarnings(mask: CordMask, outline: CordOutline | null): string[] {
  if (!outline || sameGrid(outline.planes, mask.grid)) return [];
  return planesToCheck(mask, outline).map(
    ({ slice, why }) => `outline, plane ${String(slice + 1)} across the neck: ${why}`,
  );
}

/** Share of measured cord voxels at a bound of the fit that is worth a warning. */
const BOUND_SHARE_TO_TELL = 0.05;

function boundWarnings(regions: readonly RegionRecord[]): string[] {
  const [whole] = regions;
  return (whole?.statistics ?? []).flatMap((entry) => {
    if ('missing' in entry || entry.atBound <= BOUND_SHARE_TO_TELL * entry.n) return [];
    const { symbol } = QUANTITIES[entry.quantity];
    return [
      `${symbol}: ${String(entry.atBound)} of ${String(entry.n)} voxels of the cord lie at a bound of the fit`,
    ];
  });
}

/** One entry per series that served; series that were only looked at are not inputs. */
function inputRecord({ key, volume, origin }: SessionInput, fitted: FittedModels): InputRecord[] {
  const role = roleOf(key, fitted);
  if (!role) return [];
  const { grid, gradients } = volume;
  const [column, row, slice] = spacingMm(grid);
  return [
    {
      role,
      name: volume.name,
      source: origin.source,
      columns: grid.columns,
      rows: grid.rows,
      slices: grid.slices,
      spacingMm: [column, row, slice],
      bValues: [...gradients.bValues],
      directions: Array.from({ length: gradients.count }, (_, index) => [...gradients.direction(index)]),
      leftOut: origin.leftOut.map((entry) => ({ ...entry })),
      warnings: [...origin.warnings],
    },
  ];
}

function roleOf(key: string, { request }: FittedModels): InputRecord['role'] | null {
  const tensor = request.tensorKey === key;
  const ivim = request.ivimKey === key;
  if (tensor && ivim) return 'tensor+ivim';
  if (tensor) return 'tensor';
  return ivim ? 'ivim' : null;
}

/** Local time with its offset from UTC, so that a report shows the reader's own clock. */
function localIsoTime(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 19);
  const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0');
  const minutes = String(Math.abs(offset) % 60).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}

/** Random UUID (version 4). `crypto.randomUUID` is missing where a browser got the page over plain http. */
function newRecordId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
