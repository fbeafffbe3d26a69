import { InputRefused, ivimVerdict, tensorVerdict } from '@myelon/diffusion';
import { string } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { Tag } from '../dataset/tags';
import type { DiffusionFrame } from './diffusion-frame';
import { measuredSlices, readDiffusionSeries, type DiffusionSeries } from './diffusion-series';
import { isDiffusionInstance } from './diffusion-instance';
import type { HeaderSeries } from './group-series';
import { phaseEncoding, samePhaseEncoding, type PhaseEncoding } from './phase-encoding';
import { acquisitionDifference } from './same-acquisition';
import { stacksOf, type PlacedObject } from './stacks';

/** Images to be read as one diffusion series: a series, a part of one, or several. */
export interface DiffusionAcquisition {
  /** Series Instance UID; `UID#2` for the second part of a series; the first of several that were joined. */
  readonly key: string;
  /** `series 7 "DTI"`, `series 7 "DTI", part 2 of 2 (echo time differs)`. */
  readonly name: string;
  /** What a person may call it on a command line. */
  readonly aliases: readonly string[];
  readonly datasets: readonly DicomJsonDataset[];
}

/**
 * Finds out which series belong together and which hold more than one acquisition.
 *
 * Split: images of one series that differ in matrix, orientation, spacing, frame of reference or echo time, or lie in
 * stacks at different places. Joined:
 * series of one study that do not differ in these nor in phase encoding, when none of them can be used alone and all
 * together can (b0 apart, a series per direction or b-value), or when they have one description and one gradient
 * table (repeated averages). Anything else stays apart.
 * @param series of one or several studies; those without diffusion are passed over
 */
export function diffusionAcquisitions(series: readonly HeaderSeries[]): DiffusionAcquisition[] {
  const parts = series.filter((one) => one.isDiffusion).flatMap(partsOf);
  return groupParts(parts);
}

/** The same without joining: every series, or part of one, by itself. */
export function diffusionParts(series: readonly HeaderSeries[]): DiffusionAcquisition[] {
  return series.filter((one) => one.isDiffusion).flatMap(partsOf);
}

function groupParts(parts: readonly Part[]): DiffusionAcquisition[] {
  const left = new Set(parts);
  const found: DiffusionAcquisition[] = [];
  for (const part of parts) {
    if (!left.has(part)) continue;
    const together = [...left].filter((other) => other === part || mayJoin(part, other));
    const group = together.length > 1 ? belongingTogether(part, together) : [part];
    for (const member of group) left.delete(member);
    found.push(joined(group));
  }
  return found;
}

/**
 * Several acquisitions as one, because a person said so.
 * @throws InputRefused when they are of different geometry or echo time
 */
export function joinAcquisitions(chosen: readonly DiffusionAcquisition[]): DiffusionAcquisition {
  const [first, ...others] = chosen;
  if (!first) throw new InputRefused('nothing to join', 'series', 'name at least one series');
  const frame = firstFrame(first.datasets);
  for (const other of others) {
    const second = firstFrame(other.datasets);
    const what = frame && second && acquisitionDifference(frame, second);
    if (what !== undefined)
      throw new InputRefused(
        `${what} differs from that of ${first.name}`,
        other.name,
        'only series of one geometry and echo time can be joined: choose one',
      );
  }
  return joined(chosen);
}

interface Part extends DiffusionAcquisition {
  readonly studyInstanceUID: string;
  readonly description: string;
  readonly frame: DiffusionFrame | undefined;
  readonly phase: PhaseEncoding;
}

interface Member extends PlacedObject {
  readonly dataset: DicomJsonDataset;
}

function partsOf(series: HeaderSeries): Part[] {
  const groups: Member[][] = [];
  const rest: DicomJsonDataset[] = [];
  for (const dataset of series.datasets) {
    const placed = firstSlice(dataset);
    if (!placed) {
      rest.push(dataset);
      continue;
    }
    const home = groups.find(
      ([first]) => first && acquisitionDifference(first.frame, placed.frame) === undefined,
    );
    if (home) home.push({ dataset, ...placed });
    else groups.push([{ dataset, ...placed }]);
  }
  const weighted = groups
    .filter((members) => members.some(({ dataset }) => isDiffusionInstance(dataset)))
    .flatMap((members) => stacksOf(members))
    .flatMap((members) => {
      const [first] = members;
      return first ? [{ frame: first.frame, datasets: members.map(({ dataset }) => dataset) }] : [];
    });
  if (weighted.length < 2) return [partOf(series, series.datasets, groups[0]?.[0]?.frame)];
  const [first, second] = weighted;
  const differs = first && second ? acquisitionDifference(first.frame, second.frame) : undefined;
  return weighted.map(({ frame, datasets }, index) => {
    const part = partOf(series, index === 0 ? [...datasets, ...rest] : datasets, frame);
    const number = `#${String(index + 1)}`;
    return {
      ...part,
      key: part.key + number,
      name: `${part.name}, part ${String(index + 1)} of ${String(weighted.length)} (${differs ?? 'position'} differs)`,
      aliases: part.aliases.map((alias) => alias + number),
    };
  });
}

function partOf(
  series: HeaderSeries,
  datasets: readonly DicomJsonDataset[],
  frame: DiffusionFrame | undefined,
): Part {
  const first = datasets[0] ?? {};
  const description = string(first, Tag.SeriesDescription) ?? '';
  const { seriesInstanceUID, seriesNumber, studyInstanceUID, name } = series;
  return {
    key: seriesInstanceUID,
    name,
    aliases: [
      seriesInstanceUID,
      ...(seriesNumber === undefined ? [] : [String(seriesNumber)]),
      ...(description === '' ? [] : [description]),
    ],
    datasets,
    studyInstanceUID,
    description,
    frame,
    phase: phaseEncoding(first),
  };
}

/** The first measured image; undefined when there is none, or its header is damaged (said when the series is read). */
function firstFrame(datasets: readonly DicomJsonDataset[]): DiffusionFrame | undefined {
  for (const dataset of datasets) {
    const placed = firstSlice(dataset);
    if (placed) return placed.frame;
  }
  return undefined;
}

function firstSlice(dataset: DicomJsonDataset): PlacedObject | undefined {
  try {
    const slices = measuredSlices(dataset);
    const [frame] = slices;
    return frame && { frame, slices: slices.length };
  } catch (problem) {
    if (!(problem instanceof InputRefused)) throw problem;
    return undefined;
  }
}

function mayJoin(p: Part, q: Part): boolean {
  if (!p.frame || !q.frame || p.studyInstanceUID !== q.studyInstanceUID) return false;
  return acquisitionDifference(p.frame, q.frame) === undefined && samePhaseEncoding(p.phase, q.phase);
}

/** @param together `part` and all that may be joined with it */
function belongingTogether(part: Part, together: readonly Part[]): readonly Part[] {
  const own = read(part.datasets);
  if (own && isUsable(own)) return together.filter((other) => other === part || isRepeat(part, own, other));
  const fragments = together.filter((other) => {
    const series = read(other.datasets);
    return !series || !isUsable(series);
  });
  const whole = read(fragments.flatMap(({ datasets }) => datasets));
  return whole && isUsable(whole) ? fragments : [part];
}

function isRepeat(part: Part, own: DiffusionSeries, other: Part): boolean {
  if (part.description === '' || part.description !== other.description) return false;
  const series = read(other.datasets);
  return series !== undefined && sameGrid(own, series) && sameTable(own, series);
}

/** Places may differ by what a scanner rounds. */
const SAME_PLACE_MM = 0.1;

function sameGrid({ grid: p }: DiffusionSeries, { grid: q }: DiffusionSeries): boolean {
  const apart = p.affine.some(
    (value, index) => Math.abs(value - (q.affine[index] ?? Number.NaN)) > SAME_PLACE_MM,
  );
  return p.slices === q.slices && !apart;
}

function sameTable(p: DiffusionSeries, q: DiffusionSeries): boolean {
  const entries = ({ gradients }: DiffusionSeries) =>
    Array.from({ length: gradients.count }, (_, volume) =>
      [gradients.bValue(volume), ...gradients.direction(volume)].map((value) => value.toFixed(3)).join(' '),
    ).sort();
  return entries(p).join() === entries(q).join();
}

function isUsable({ gradients }: DiffusionSeries): boolean {
  return tensorVerdict(gradients).possible || ivimVerdict(gradients).possible;
}

/** One reading per part, however many it is compared with. */
const readings = new WeakMap<readonly DicomJsonDataset[], { readonly series: DiffusionSeries | undefined }>();

function read(datasets: readonly DicomJsonDataset[]): DiffusionSeries | undefined {
  let reading = readings.get(datasets);
  if (!reading) readings.set(datasets, (reading = { series: readOrNone(datasets) }));
  return reading.series;
}

function readOrNone(datasets: readonly DicomJsonDataset[]): DiffusionSeries | undefined {
  try {
    return readDiffusionSeries(datasets);
  } catch (problem) {
    if (problem instanceof InputRefused) return undefined;
    throw problem;
  }
}

function joined(parts: readonly DiffusionAcquisition[]): DiffusionAcquisition {
  const [first] = parts;
  if (first && parts.length === 1) return first;
  return {
    key: first?.key ?? '',
    name: parts.map(({ name }) => name).join(' + '),
    aliases: parts.flatMap(({ aliases }) => aliases),
    datasets: parts.flatMap(({ datasets }) => datasets),
  };
}
