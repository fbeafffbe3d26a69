import {
  DicomWebClient,
  DicomWebError,
  groupSeries,
  pixelsFromDicomWeb,
  seriesHeaders,
  string,
  Tag,
  type DicomJsonDataset,
} from '@myelon/dicom';
import { NODE_DECODERS } from '@myelon/dicom/node-decoders';
import { InputRefused } from '@myelon/diffusion';
import type { CommandContext } from '../command-result';
import { withProgress } from '../terminal';
import { loadDiffusionSeries, type SeriesChoice } from './dicom-series';
import type { InputPlace } from './input-options';
import type { LoadedInputs } from './loaded-inputs';

/** Environment variable with the value of the Authorization header: a command line is visible to every user. */
export const AUTHORIZATION_VARIABLE = 'MYELON_DICOMWEB_AUTHORIZATION';

/** @param url root of the DICOMweb service */
export function dicomWebClient(url: string): DicomWebClient {
  const authorization = process.env[AUTHORIZATION_VARIABLE];
  return new DicomWebClient({
    baseUrl: url,
    headers: () => (authorization === undefined ? {} : { Authorization: authorization }),
  });
}

/**
 * Reads every diffusion series of a study from a DICOMweb server.
 * @throws InputRefused when the server cannot be asked or the study holds no usable diffusion series
 */
export async function loadDicomWebStudy(
  place: Extract<InputPlace, { kind: 'dicomweb' }>,
  choice: SeriesChoice,
  context: CommandContext,
): Promise<LoadedInputs> {
  const client = dicomWebClient(place.url);
  const where = `study ${place.study}`;
  try {
    const headers = await withProgress(context.terminal, 'Reading headers', (onProgress) =>
      mrHeaders(client, place.study, onProgress, context.signal),
    );
    const pixels = pixelsFromDicomWeb(client, place.study, { decoders: NODE_DECODERS });
    const loaded = await loadDiffusionSeries(groupSeries(headers), choice, pixels, where, context);
    return { kind: 'dicom', ...loaded, incomplete: false };
  } catch (error) {
    throw error instanceof DicomWebError ? refusalOfArchive(error, where) : error;
  }
}

async function mrHeaders(
  client: DicomWebClient,
  study: string,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<DicomJsonDataset[]> {
  const found = await client.searchSeries(study, {}, { signal });
  if (found.length === 0)
    throw new InputRefused(
      'the server holds no such study',
      `study ${study}`,
      'check --study and --dicomweb',
    );
  const series = found.filter((one) => string(one, Tag.Modality) === 'MR');
  const headers: DicomJsonDataset[] = [];
  for (const [index, one] of series.entries()) {
    const uid = string(one, Tag.SeriesInstanceUID);
    if (uid !== undefined) headers.push(...(await seriesHeaders(client, study, uid, { signal })));
    onProgress((index + 1) / series.length);
  }
  return headers;
}

/** What a server's answer means for the person at the command line. */
export function refusalOfArchive(error: DicomWebError, where: string): InputRefused {
  const advice: Readonly<Record<DicomWebError['problem'], string>> = {
    unreachable: 'check the address in --dicomweb and that the server runs',
    'not-allowed': `set ${AUTHORIZATION_VARIABLE} to the Authorization header the server wants`,
    'not-found': 'check --study and the address in --dicomweb',
    refused: 'ask the administrator of the server',
    unintelligible: 'check that --dicomweb is the root of a DICOMweb service (what stands before /studies)',
  };
  return new InputRefused(error.message, where, advice[error.problem]);
}
