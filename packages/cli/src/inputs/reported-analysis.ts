import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cordMask, type CordMask } from '@myelon/cord';
import { item, parsePart10, readMeasurementReport, readSegmentation, string } from '@myelon/dicom';
import { InputRefused } from '@myelon/diffusion';
import { readAnalysisRecord, recordFromReport, type AnalysisRecord, type Reported } from '@myelon/pipeline';
import { readInputFile } from './files';
import type { LoadedSeries } from './loaded-inputs';
import { loadMask } from './mask-input';

/** A report as `myelon verify` needs it. */
export interface ReportToVerify {
  readonly reported: Reported;
  readonly softwareVersion: string;
  readonly outline: AnalysisRecord['cord']['method'];
  /** The outline of a reader; null when it was automatic and can be made again. */
  readonly mask: CordMask | null;
  /** From 0. */
  readonly compressionSlices: readonly number[];
}

/**
 * Reads record.json or sr.dcm. A structured report needs its segmentation beside it as seg.dcm; a record whose outline
 * a reader drew needs mask.nii.gz.
 * @param series the images it is held against
 * @throws InputRefused when it is neither, rests on other series, or its outline is missing
 */
export async function loadReport(path: string, series: readonly LoadedSeries[]): Promise<ReportToVerify> {
  const bytes = await readInputFile(path);
  return path.endsWith('.json') ? fromRecord(bytes, path, series) : fromStructuredReport(bytes, path, series);
}

async function fromRecord(
  bytes: Uint8Array,
  path: string,
  series: readonly LoadedSeries[],
): Promise<ReportToVerify> {
  const record = readAnalysisRecord(new TextDecoder().decode(bytes), path);
  for (const { source, name } of record.inputs) {
    const there = series.some(({ origin }) => sameSource(origin.source, source));
    if (!there)
      throw new InputRefused(
        `it rests on ${name}, which is not there`,
        path,
        'give the images it was made from',
      );
  }
  const method = record.cord.method;
  const file = join(dirname(path), 'mask.nii.gz');
  if (method !== 'automatic' && !existsSync(file))
    throw new InputRefused(`a reader's outline and no mask.nii.gz beside it`, path, 'put its mask there');
  const volumes = series.map(({ volume }) => volume);
  const mask = method === 'automatic' ? null : { ...(await loadMask(file, volumes)), method };
  const { compressionSlices } = record;
  return {
    reported: record,
    softwareVersion: record.software.version,
    outline: method,
    mask,
    compressionSlices,
  };
}

type Source = LoadedSeries['origin']['source'];

function sameSource(p: Source, q: Source): boolean {
  if (p.kind === 'nifti' || q.kind === 'nifti')
    return p.kind === 'nifti' && q.kind === 'nifti' && p.sha256 === q.sha256;
  return p.seriesInstanceUIDs.some((uid) => q.seriesInstanceUIDs.includes(uid));
}

const ALGORITHMS = { AUTOMATIC: 'automatic', SEMIAUTOMATIC: 'edited', MANUAL: 'manual' } as const;

async function fromStructuredReport(
  bytes: Uint8Array,
  path: string,
  series: readonly LoadedSeries[],
): Promise<ReportToVerify> {
  const report = readMeasurementReport(parsePart10(bytes, path).dataset);
  const file = join(dirname(path), 'seg.dcm');
  if (!existsSync(file))
    throw new InputRefused('no seg.dcm beside it', path, 'put the segmentation it refers to there');
  const outline = await readInputFile(file);
  const { referencedSeriesInstanceUID } = readSegmentation(outline);
  const outlined = series.find(({ key }) => key === referencedSeriesInstanceUID);
  if (!outlined)
    throw new InputRefused(
      'its outline lies on a series that is not there',
      path,
      'give the images it was made from',
    );
  const segmentation = readSegmentation(outline, outlined.volume.grid);
  if (report.segmentation?.sopInstanceUID !== segmentation.sopInstanceUID)
    throw new InputRefused(
      'seg.dcm beside it is not the one it refers to',
      path,
      'put its own seg.dcm there',
    );
  const reported = recordFromReport(report, segmentation);
  const type = string(item(parsePart10(outline, file).dataset, '00620002') ?? {}, '00620008') ?? '';
  const method = Object.entries(ALGORITHMS).find(([name]) => name === type)?.[1] ?? 'imported';
  const labels = segmentation.segments[0]?.voxels;
  return {
    reported,
    softwareVersion: reported.softwareVersion ?? 'unknown',
    outline: method,
    mask: method === 'automatic' || !labels ? null : cordMask({ grid: outlined.volume.grid, labels, method }),
    compressionSlices: reported.regions.find(({ kind }) => kind === 'compression')?.slices ?? [],
  };
}
