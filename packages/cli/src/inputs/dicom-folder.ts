import {
  assembleVolume,
  isDiffusionInstance,
  parsePart10,
  pixelsFromFiles,
  readDiffusionSeries,
  type DicomJsonDataset,
} from '@myelon/dicom';
import { InputRefused } from '@myelon/diffusion';
import type { CommandContext, Shortfall } from '../command-result';
import { withProgress } from '../terminal';
import { filesBelow, readInputFile } from './files';
import { groupBySeries, matchesSeries, stringOf } from './instances';
import type { LoadedInputs, LoadedSeries } from './loaded-inputs';

interface ScannedFolder {
  /** Diffusion instances, without pixels. */
  readonly instances: DicomJsonDataset[];
  /** Path by SOP Instance UID. */
  readonly paths: Map<string, string>;
  readonly leftOut: Shortfall[];
  readonly damaged: number;
  readonly dicomFiles: number;
}

/**
 * Reads every diffusion series below a folder (or in one file). Files that are not DICOM or not diffusion are passed
 * over; damaged ones are left out and named.
 *
 * @param only Series Instance UID or name of the one series wanted
 * @throws InputRefused when no diffusion series can be read
 */
export async function loadDicomFolder(
  paths: { readonly name: string; readonly isFolder: boolean },
  only: string | undefined,
  context: CommandContext,
): Promise<LoadedInputs> {
  const files = paths.isFolder ? await filesBelow(paths.name) : [paths.name];
  const scanned = await withProgress(context.terminal, 'Reading', (onProgress) =>
    scan(files, onProgress, context.signal),
  );
  const series: LoadedSeries[] = [];
  const leftOut = [...scanned.leftOut];
  for (const instances of groupBySeries(scanned.instances)) {
    if (only !== undefined && !matchesSeries(instances, only)) continue;
    try {
      series.push(await loadSeries(instances, scanned.paths, context));
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error;
      leftOut.push({ what: error.where, why: `${error.what}; ${error.whatToDo}` });
    }
  }
  if (series.length === 0) throw nothingUsable(paths.name, files.length, scanned, leftOut, only);
  return {
    kind: 'dicom',
    series,
    leftOut: [...leftOut, ...series.flatMap(({ origin }) => origin.leftOut)],
    incomplete: scanned.damaged > 0,
  };
}

async function scan(
  files: readonly string[],
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<ScannedFolder> {
  const scanned = {
    instances: [] as DicomJsonDataset[],
    paths: new Map<string, string>(),
    leftOut: [] as Shortfall[],
  };
  let damaged = 0;
  let dicomFiles = 0;
  for (const [index, path] of files.entries()) {
    signal.throwIfAborted();
    onProgress(index / files.length);
    const outcome = await readHeader(path);
    if (outcome.kind === 'not dicom') continue;
    dicomFiles++;
    if (outcome.kind === 'damaged') {
      damaged++;
      scanned.leftOut.push({ what: path, why: outcome.why });
      continue;
    }
    const uid = stringOf(outcome.dataset, '00080018');
    if (uid === undefined || !isDiffusionInstance(outcome.dataset) || scanned.paths.has(uid)) continue;
    scanned.instances.push(outcome.dataset);
    scanned.paths.set(uid, path);
  }
  return { ...scanned, damaged, dicomFiles };
}

type Header =
  | { readonly kind: 'not dicom' }
  | { readonly kind: 'damaged'; readonly why: string }
  | { readonly kind: 'read'; readonly dataset: DicomJsonDataset };

async function readHeader(path: string): Promise<Header> {
  try {
    const bytes = await readInputFile(path);
    if (!hasDicomMagic(bytes)) return { kind: 'not dicom' };
    return { kind: 'read', dataset: parsePart10(bytes, path).dataset };
  } catch (error) {
    if (!(error instanceof InputRefused)) throw error;
    return { kind: 'damaged', why: `${error.what}; ${error.whatToDo}` };
  }
}

/** "DICM" after the 128 bytes of preamble (PS3.10 7.1). */
function hasDicomMagic(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM';
}

async function loadSeries(
  instances: readonly DicomJsonDataset[],
  paths: ReadonlyMap<string, string>,
  { signal }: CommandContext,
): Promise<LoadedSeries> {
  const series = readDiffusionSeries(instances);
  const load = async (uid: string) => {
    const path = paths.get(uid) ?? uid;
    return parsePart10(await readInputFile(path), path);
  };
  const volume = await assembleVolume(series, pixelsFromFiles(load), { scaled: true, signal });
  return {
    key: series.seriesInstanceUIDs[0] ?? series.name,
    volume,
    origin: {
      source: {
        kind: 'dicom',
        studyInstanceUID: series.studyInstanceUID,
        seriesInstanceUIDs: [...series.seriesInstanceUIDs],
        instances: new Set(series.frames.map(({ sopInstanceUID }) => sopInstanceUID)).size,
      },
      leftOut: series.leftOut.map(({ what, why }) => ({ what, why })),
      warnings: [...series.warnings],
    },
    instances,
  };
}

function nothingUsable(
  where: string,
  files: number,
  scanned: ScannedFolder,
  leftOut: readonly Shortfall[],
  only: string | undefined,
): InputRefused {
  const reasons = leftOut.map(({ what, why }) => `${what}: ${why}`).join('; ');
  if (reasons !== '')
    return new InputRefused(`no diffusion series can be used (${reasons})`, where, 'give another series');
  if (scanned.dicomFiles === 0)
    return new InputRefused(
      `no DICOM file among ${String(files)} files`,
      where,
      'give a folder of DICOM files',
    );
  if (only !== undefined && scanned.instances.length > 0) {
    const names = groupBySeries(scanned.instances).map(([first]) => stringOf(first, '0020000E') ?? 'unnamed');
    return new InputRefused(
      `no diffusion series "${only}" (there are ${names.join(', ')})`,
      where,
      'correct --series',
    );
  }
  return new InputRefused(
    `no diffusion image among ${String(scanned.dicomFiles)} DICOM files`,
    where,
    'give the folder of a study with a diffusion series',
  );
}
