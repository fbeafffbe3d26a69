import {
  groupSeries,
  parseHeader,
  parsePart10,
  pixelsFromFiles,
  string,
  Tag,
  type DicomJsonDataset,
} from '@myelon/dicom';
import { NODE_DECODERS } from '@myelon/dicom/node-decoders';
import { InputRefused } from '@myelon/diffusion';
import type { CommandContext, Shortfall } from '../command-result';
import { withProgress } from '../terminal';
import { loadDiffusionSeries, type SeriesChoice } from './dicom-series';
import { filesBelow, readInputFile } from './files';
import type { LoadedInputs } from './loaded-inputs';

/** Reading waits for the disk; more at once than this does not make it faster. */
const FILES_AT_ONCE = 16;

interface ScannedFiles {
  /** MR headers, without pixels. */
  readonly headers: readonly DicomJsonDataset[];
  /** Path by SOP Instance UID. */
  readonly paths: ReadonlyMap<string, string>;
  readonly damaged: readonly Shortfall[];
  readonly dicomFiles: number;
}

/**
 * Reads every diffusion series below a folder, or in one file. Files that are not DICOM or not diffusion are passed
 * over; damaged ones are left out and named.
 *
 * @throws InputRefused when no diffusion series can be read
 */
export async function loadDicomFolder(
  place: { readonly name: string; readonly isFolder: boolean },
  choice: SeriesChoice,
  context: CommandContext,
): Promise<LoadedInputs> {
  const files = place.isFolder ? await filesBelow(place.name) : [place.name];
  const scanned = await withProgress(context.terminal, 'Reading', (onProgress) =>
    scan(files, onProgress, context.signal),
  );
  refuseWithoutDicom(scanned, place.isFolder ? files.length : null, place.name);
  const pixels = pixelsFromFiles(async (uid) => {
    const path = scanned.paths.get(uid) ?? uid;
    return parsePart10(await readInputFile(path), path);
  }, NODE_DECODERS);
  const series = groupSeries(scanned.headers);
  const loaded = await loadDiffusionSeries(series, choice, pixels, place.name, context);
  return {
    kind: 'dicom',
    series: loaded.series,
    leftOut: [...scanned.damaged, ...loaded.leftOut],
    incomplete: scanned.damaged.length > 0,
  };
}

async function scan(
  files: readonly string[],
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<ScannedFiles> {
  const headers: DicomJsonDataset[] = [];
  const paths = new Map<string, string>();
  const damaged: Shortfall[] = [];
  let dicomFiles = 0;
  for (let from = 0; from < files.length; from += FILES_AT_ONCE) {
    signal.throwIfAborted();
    onProgress(from / files.length);
    const batch = files.slice(from, from + FILES_AT_ONCE);
    for (const [index, header] of (await Promise.all(batch.map(readHeader))).entries()) {
      const path = batch[index] ?? '';
      if (header.kind === 'not dicom') continue;
      dicomFiles++;
      if (header.kind === 'damaged') {
        damaged.push({ what: path, why: header.why });
        continue;
      }
      const uid = string(header.dataset, Tag.SOPInstanceUID);
      if (uid === undefined || paths.has(uid) || string(header.dataset, Tag.Modality) !== 'MR') continue;
      headers.push(header.dataset);
      paths.set(uid, path);
    }
  }
  return { headers, paths, damaged, dicomFiles };
}

type Header =
  | { readonly kind: 'not dicom' }
  | { readonly kind: 'damaged'; readonly why: string }
  | { readonly kind: 'read'; readonly dataset: DicomJsonDataset };

async function readHeader(path: string): Promise<Header> {
  try {
    const bytes = await readInputFile(path);
    if (!hasDicomMagic(bytes)) return { kind: 'not dicom' };
    return { kind: 'read', dataset: parseHeader(bytes, path) };
  } catch (error) {
    if (!(error instanceof InputRefused)) throw error;
    return { kind: 'damaged', why: `${error.what}; ${error.whatToDo}` };
  }
}

/** "DICM" after the 128 bytes of preamble (PS3.10 7.1). */
function hasDicomMagic(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM';
}

/** @param files how many files the folder holds; null for a single file */
function refuseWithoutDicom(scanned: ScannedFiles, files: number | null, where: string): void {
  if (scanned.dicomFiles === 0) {
    const found = files === null ? 'not a DICOM file' : `no DICOM file in a folder of ${String(files)}`;
    throw new InputRefused(found, where, 'give a folder of DICOM files, or a .nii.gz with --bval and --bvec');
  }
  if (scanned.headers.length > 0) return;
  const [first] = scanned.damaged;
  if (first)
    throw new InputRefused(`no readable MR image (${first.what}: ${first.why})`, where, 'fetch it again');
  throw new InputRefused(
    `no MR image among ${String(scanned.dicomFiles)} DICOM files`,
    where,
    'give the folder of an MR study with a diffusion series',
  );
}
