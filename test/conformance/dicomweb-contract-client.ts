import { readdir } from 'node:fs/promises';
import type { DicomJsonDataset } from '@myelon/dicom';
import type { StoreAnswer } from './dicomweb-contract-servers';

export const boundary = 'myelon-contract-boundary';
export const multipartDicom = `multipart/related; type="application/dicom"; boundary=${boundary}`;

/** A STOW-RS body, or a damaged one. */
export function multipartBody(files: readonly Uint8Array[], newLine = '\r\n', close = true): Buffer {
  const parts = files.flatMap((file) => [
    Buffer.from(`--${boundary}${newLine}Content-Type: application/dicom${newLine}${newLine}`),
    file,
    Buffer.from(newLine),
  ]);
  return Buffer.concat([...parts, Buffer.from(close ? `--${boundary}--${newLine}` : '')]);
}

export interface StoreResponse extends StoreAnswer {
  readonly storedUids: readonly string[];
  readonly failedUids: readonly string[];
}

function itemsOf(dataset: DicomJsonDataset, tag: string): DicomJsonDataset[] {
  return (dataset[tag]?.Value ?? []) as DicomJsonDataset[];
}

/** Sends a STOW-RS body and reads the answer; an answer without a readable body lists nothing. */
export async function postBody(
  root: string,
  body: Uint8Array,
  path = '/studies',
  contentType = multipartDicom,
): Promise<StoreResponse> {
  const headers = { 'content-type': contentType, accept: 'application/dicom+json' };
  const answer = await fetch(root + path, { method: 'POST', headers, body: Buffer.from(body) });
  const text = await answer.text();
  const dataset = text.startsWith('{') ? (JSON.parse(text) as DicomJsonDataset) : {};
  const uidsOf = (tag: string) =>
    itemsOf(dataset, tag).map((item) => String(item['00081155']?.Value?.[0] ?? ''));
  const reasons = itemsOf(dataset, '00081198').map((item) => Number(item['00081197']?.Value?.[0]));
  const storedUids = uidsOf('00081199');
  return {
    status: answer.status,
    ...(reasons.length > 0 && { reasons }),
    ...(storedUids.length > 0 && { listed: storedUids.length }),
    storedUids,
    failedUids: uidsOf('00081198'),
  };
}

export function store(root: string, files: readonly Uint8Array[], path = '/studies'): Promise<StoreResponse> {
  return postBody(root, multipartBody(files), path);
}

/** Only what `StoreAnswer` compares. */
export function answerOf({ status, reasons, listed }: StoreResponse): StoreAnswer {
  return { status, ...(reasons && { reasons }), ...(listed !== undefined && { listed }) };
}

export async function getJson(root: string, path: string): Promise<DicomJsonDataset[]> {
  const answer = await fetch(root + path, { headers: { accept: 'application/dicom+json' } });
  if (answer.status !== 200)
    throw new Error(`GET ${path}: HTTP ${String(answer.status)} ${await answer.text()}`);
  return (await answer.json()) as DicomJsonDataset[];
}

/** First values of an attribute over data sets. */
export function column(datasets: readonly DicomJsonDataset[], tag: string): unknown[] {
  return datasets.map((dataset) => dataset[tag]?.Value?.[0]);
}

/** UIDs found by a search, sorted; `tag` says of what. */
export async function found(root: string, path: string, tag = '0020000D'): Promise<string[]> {
  return column(await getJson(root, path), tag)
    .map(String)
    .sort();
}

export interface ReceivedPart {
  readonly contentType: string;
  readonly bytes: Buffer;
}

export interface Received {
  readonly status: number;
  readonly contentType: string;
  readonly parts: readonly ReceivedPart[];
}

/** Gets a multipart or single answer. */
export async function retrieve(url: string, accept?: string): Promise<Received> {
  const answer = await fetch(url, accept === undefined ? {} : { headers: { accept } });
  const contentType = answer.headers.get('content-type') ?? '';
  const body = Buffer.from(await answer.arrayBuffer());
  const separator = /boundary="?([^";]+)/.exec(contentType)?.[1];
  const parts = separator === undefined ? [{ contentType, bytes: body }] : split(body, separator);
  return { status: answer.status, contentType, parts: answer.ok ? parts : [] };
}

function split(body: Buffer, separator: string): ReceivedPart[] {
  const parts: ReceivedPart[] = [];
  const delimiter = Buffer.from(`--${separator}`);
  let at = body.indexOf(delimiter);
  for (;;) {
    const next = body.indexOf(delimiter, at + 1);
    if (next < 0) return parts;
    const headEnd = body.indexOf('\r\n\r\n', at);
    const head = body.toString('latin1', at, headEnd);
    // The line end before a delimiter belongs to the delimiter.
    const bytes = body.subarray(headEnd + 4, next - 2);
    parts.push({ contentType: /content-type:\s*(.*)/i.exec(head)?.[1]?.trim() ?? '', bytes });
    at = next;
  }
}

/** Names of all files below a folder of an archive. */
export async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}
