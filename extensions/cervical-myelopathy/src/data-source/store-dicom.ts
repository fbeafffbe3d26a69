import { DicomWebClient, parsePart10, string, Tag } from '@myelon/dicom';
import { InputRefused } from '@myelon/diffusion';
import type { OutboxItem, OutgoingObject } from '@myelon/pipeline';
import dcmjs from 'dcmjs';
import type { DicomWebConfiguration } from '../host/ohif';
import type { HostOutbox, WriteTarget } from '../host/viewer-host';
import { writeTarget } from '../host/web-roots';

const SPECIFIC_CHARACTER_SET = '00080005';

/** Something with the bytes of a Part 10 file, as dcmjs makes it. */
interface DicomDictionary {
  dict: Record<string, unknown>;
  write(): ArrayBuffer;
}

/** What storing needs of the viewer. */
export interface StoreContext {
  configuration(): DicomWebConfiguration;
  headers(): Record<string, string>;
  readonly outbox: Pick<HostOutbox, 'add' | 'untilTried'>;
}

/**
 * `store.dicom` of the data source, for what the viewer itself saves (segmentations, measurements): through the outbox,
 * so that it survives a lost network, and resolved when the archive has named it as stored and gave it back. Files a
 * person uploads go straight through: they are on that person's disk, and there can be thousands.
 */
export function storeDicom(context: StoreContext) {
  return async (dataset: unknown, request?: unknown, dictionary?: DicomDictionary): Promise<void> => {
    const target = writeTarget(context.configuration());
    if (!target) throw new Error('This site stores nothing: its configuration names no archive for results.');
    const bytes = part10(dataset, dictionary);
    if (isArrayBuffer(dataset) && request !== undefined) await upload(context, target, bytes);
    else await throughOutbox(context, target, bytes);
  };
}

async function throughOutbox(
  { outbox }: StoreContext,
  target: WriteTarget,
  bytes: Uint8Array,
): Promise<void> {
  const { studyInstanceUID, ...object } = described(bytes);
  const group = await outbox.add([object], { studyInstanceUID, target });
  const [item] = await outbox.untilTried(group, AbortSignal.timeout(600_000), () => undefined);
  if (item && item.state.kind !== 'sent') throw new Error(`${target.name}: ${whatNow(item)}`);
}

function whatNow({ state }: OutboxItem): string {
  if (state.kind === 'refused') return `${state.why}. Kept in the Myelon outbox: ${state.whatToDo}`;
  const why = state.kind === 'queued' ? (state.problem ?? 'not sent yet') : '';
  return `${why}. Kept in the Myelon outbox and sent as soon as it can be: do not save it again.`;
}

async function upload({ headers }: StoreContext, target: WriteTarget, bytes: Uint8Array): Promise<void> {
  const result = await new DicomWebClient({ baseUrl: target.url, headers: () => headers() }).store(bytes);
  if (result.outcome !== 'stored') throw new Error(`${target.name}: ${result.reason}`);
}

/** @throws InputRefused when the object does not say what it is */
function described(bytes: Uint8Array): OutgoingObject & { readonly studyInstanceUID: string } {
  const { dataset } = parsePart10(bytes, 'object to store');
  const uid = (tag: string) => {
    const found = string(dataset, tag);
    if (found === undefined) throw new InputRefused(`no ${tag}`, 'object to store', 'save it again');
    return found;
  };
  return {
    sopClassUID: uid(Tag.SOPClassUID),
    sopInstanceUID: uid(Tag.SOPInstanceUID),
    seriesInstanceUID: uid(Tag.SeriesInstanceUID),
    studyInstanceUID: uid(Tag.StudyInstanceUID),
    description: string(dataset, Tag.SeriesDescription) ?? string(dataset, Tag.Modality) ?? 'object',
    bytes,
  };
}

function part10(dataset: unknown, dictionary: DicomDictionary | undefined): Uint8Array {
  if (isArrayBuffer(dataset)) return new Uint8Array(dataset);
  const written = dictionary ?? (dcmjs.data.datasetToDict(dataset) as DicomDictionary);
  // The viewer writes its texts as UTF-8 and does not always say so.
  written.dict[SPECIFIC_CHARACTER_SET] ??= { vr: 'CS', Value: ['ISO_IR 192'] };
  return new Uint8Array(written.write());
}

/** By tag, not by class: a buffer may come from another realm. */
function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === '[object ArrayBuffer]';
}
