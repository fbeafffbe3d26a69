import { binary, string } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { parseHeader } from '../dataset/part10';
import { Tag } from '../dataset/tags';
import { isDiffusionInstance } from '../read/diffusion-instance';
import { standardReading } from '../read/gradients/standard';
import { hasFunctionalGroups } from '../read/enhanced';
import { isTiled } from '../read/tiled-frames';
import { reasonToLeaveOut } from '../read/left-out';
import type { DicomWebClient, RequestOptions } from './dicom-web-client';

/** Objects in flight while headers are fetched whole. */
const IN_FLIGHT = 4;

export interface SeriesHeadersOptions extends RequestOptions {
  readonly onProgress?: (fraction: number) => void;
}

/**
 * Headers of a series with everything that reading diffusion needs. They come from WADO-RS metadata; where private
 * elements matter and the server left them out or replaced them by references, from the objects themselves.
 */
export async function seriesHeaders(
  client: DicomWebClient,
  studyInstanceUID: string,
  seriesInstanceUID: string,
  options: SeriesHeadersOptions = {},
): Promise<DicomJsonDataset[]> {
  const metadata = await client.seriesMetadata(studyInstanceUID, seriesInstanceUID, {
    ...options,
    keep: withoutBulk,
  });
  if (!needPrivateElements(metadata) || metadata.every(hasPrivateElements)) return metadata;
  const headers = [...metadata];
  const waiting = [...metadata.entries()];
  let done = 0;
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, dataset] = next;
      options.signal?.throwIfAborted();
      headers[index] = await wholeHeader(client, studyInstanceUID, seriesInstanceUID, dataset, options);
      options.onProgress?.(++done / metadata.length);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return headers;
}

/** Longer base64 is no part of a header that is read here: icons, protocols, look-up tables. */
const LONGEST_INLINE = 32_000;
/** Of a CSA header (0029), all but the first of a series can go where slices are not tiles. */
const LONGEST_PRIVATE_INLINE = 2_000;

/**
 * A data set without its large binary elements: thousands of headers are in memory at once. Public so that it can be
 * tested that a long series stays small.
 */
export function withoutBulk(dataset: DicomJsonDataset, index: number): DicomJsonDataset {
  const longest = index === 0 || isTiled(dataset) ? LONGEST_INLINE : LONGEST_PRIVATE_INLINE;
  const entries = Object.entries(dataset);
  const isBulk = ([tag, { InlineBinary }]: (typeof entries)[number]) =>
    InlineBinary !== undefined && InlineBinary.length > (tag.startsWith('0029') ? longest : LONGEST_INLINE);
  return entries.some(isBulk) ? Object.fromEntries(entries.filter((entry) => !isBulk(entry))) : dataset;
}

async function wholeHeader(
  client: DicomWebClient,
  study: string,
  series: string,
  dataset: DicomJsonDataset,
  options: RequestOptions,
): Promise<DicomJsonDataset> {
  const sop = string(dataset, Tag.SOPInstanceUID);
  if (sop === undefined) return dataset;
  return parseHeader(await client.instance(study, series, sop, options), sop);
}

/**
 * True when a classic image of the series may be diffusion and standard attributes do not describe it. A b-value of 0
 * without direction is a whole description, but only beside images whose weighting is standard too: some scanners
 * write 0 everywhere and the truth into private elements.
 */
function needPrivateElements(series: readonly DicomJsonDataset[]): boolean {
  const measured = series.filter(isMeasuredClassicImage);
  if (measured.some(isTiled)) return true;
  const readings = measured.filter(isDiffusionInstance).map((dataset) => standardReading(dataset));
  const weighted = readings.some((reading) => reading && reading.bValue > 0 && reading.direction);
  return readings.some((reading) => !reading || !(reading.bValue === 0 ? weighted : reading.direction));
}

function isMeasuredClassicImage(dataset: DicomJsonDataset): boolean {
  const classic = !hasFunctionalGroups(dataset) && string(dataset, Tag.Modality) === 'MR';
  return classic && reasonToLeaveOut(dataset) === undefined;
}

/** True when no private value is missing or replaced by a reference. */
function hasPrivateElements(dataset: DicomJsonDataset): boolean {
  const own = Object.entries(dataset).filter(([tag]) => /^[0-9A-F]{3}[13579BDF](?!00)/u.test(tag));
  return (
    own.length > 0 &&
    own.every(([tag, value]) => value.BulkDataURI === undefined || binary(dataset, tag) !== undefined)
  );
}
