import { InputRefused } from '@myelon/diffusion';
import { string } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { parsePart10 } from '../dataset/part10';
import { Tag } from '../dataset/tags';
import { EXPLICIT_VR_LITTLE_ENDIAN } from '../dataset/transfer-syntax';
import { DicomWebError, problemOfStatus, statusInWords } from './dicom-web-error';
import { JsonObjectSplitter } from './json-objects';
import { mediaTypeParameter, multipartWithOneInstance, parseMultipart } from './multipart';
import { RequestQueue } from './request-queue';
import { chunksOf, parsedAnswer, parsedDataset, wholeBody } from './response-body';
import { storeResult, type StoreResult } from './store-result';

export interface DicomWebClientOptions {
  /** Root of the DICOMweb service: what stands before `/studies`. */
  readonly baseUrl: string;
  /** Asked before every request, so a renewed token is used at once. */
  readonly headers?: () => Readonly<Record<string, string>>;
  readonly fetch?: typeof fetch;
  /** Requests in flight at once; 6 when absent, as browsers allow per host. */
  readonly maxRequests?: number;
  /** How long one request may take, until its body is read; 120 s when absent. */
  readonly timeoutMs?: number;
}

/** Query parameters of QIDO-RS: keywords or tags to values; a list repeats the parameter (`includefield`). */
export type SearchParameters = Readonly<Record<string, string | number | readonly string[]>>;

export interface RequestOptions {
  readonly signal?: AbortSignal;
}

export interface MetadataOptions extends RequestOptions {
  /** What to keep of each data set, called as it arrives; everything when absent. */
  readonly keep?: (dataset: DicomJsonDataset, index: number) => DicomJsonDataset;
  /** Part of the answer that has arrived, 0 to 1; not called when the server does not say how long it is. */
  readonly onProgress?: (fraction: number) => void;
}

/** Encoded pixels of one frame. */
export interface EncodedFrame {
  readonly bytes: Uint8Array;
  readonly transferSyntaxUID: string;
}

const DICOM_JSON = 'application/dicom+json';

/**
 * DICOMweb (PS3.18) with `fetch`, in browser and Node: QIDO-RS, WADO-RS, STOW-RS. Nothing is repeated or kept here.
 * All methods throw DicomWebError, except `store`, whose outcomes are values; an aborted signal throws its reason.
 */
export class DicomWebClient {
  private readonly root: string;
  private readonly queue: RequestQueue;

  constructor(private readonly options: DicomWebClientOptions) {
    this.root = options.baseUrl.replace(/\/+$/u, '');
    this.queue = new RequestQueue(options.maxRequests ?? 6);
  }

  searchStudies(
    parameters: SearchParameters = {},
    options: RequestOptions = {},
  ): Promise<DicomJsonDataset[]> {
    return this.datasets(`/studies${query(parameters)}`, options);
  }

  searchSeries(
    studyInstanceUID: string,
    parameters: SearchParameters = {},
    options: RequestOptions = {},
  ): Promise<DicomJsonDataset[]> {
    return this.datasets(`/studies/${uid(studyInstanceUID)}/series${query(parameters)}`, options);
  }

  searchInstances(
    studyInstanceUID: string,
    seriesInstanceUID: string,
    parameters: SearchParameters = {},
    options: RequestOptions = {},
  ): Promise<DicomJsonDataset[]> {
    const path = seriesPath(studyInstanceUID, seriesInstanceUID);
    return this.datasets(`${path}/instances${query(parameters)}`, options);
  }

  /**
   * Headers of all instances of a series; large values may be left out by the server. They are read one by one as they
   * arrive: with `keep`, a series of any size needs no more memory than what is kept.
   */
  seriesMetadata(
    studyInstanceUID: string,
    seriesInstanceUID: string,
    options: MetadataOptions = {},
  ): Promise<DicomJsonDataset[]> {
    return this.datasets(`${seriesPath(studyInstanceUID, seriesInstanceUID)}/metadata`, options);
  }

  /** One object as a Part 10 file, in the transfer syntax the server holds it in. */
  async instance(
    studyInstanceUID: string,
    seriesInstanceUID: string,
    sopInstanceUID: string,
    options: RequestOptions = {},
  ): Promise<Uint8Array> {
    const path = `${seriesPath(studyInstanceUID, seriesInstanceUID)}/instances/${uid(sopInstanceUID)}`;
    const accept = 'multipart/related; type="application/dicom"; transfer-syntax=*';
    const [first] = await this.parts(path, accept, options);
    if (!first) throw new DicomWebError('unintelligible', 'an answer without the object', this.root + path);
    return first.bytes;
  }

  /** Every object of a series as Part 10 files, in one request, in the transfer syntax the server holds them in. */
  async series(
    studyInstanceUID: string,
    seriesInstanceUID: string,
    options: RequestOptions = {},
  ): Promise<Uint8Array[]> {
    const accept = 'multipart/related; type="application/dicom"; transfer-syntax=*';
    const parts = await this.parts(seriesPath(studyInstanceUID, seriesInstanceUID), accept, options);
    return parts.map(({ bytes }) => bytes);
  }

  /** Pixels of some frames (from 1) of one object, in the order asked for. */
  async frames(
    studyInstanceUID: string,
    seriesInstanceUID: string,
    sopInstanceUID: string,
    frames: readonly number[],
    options: RequestOptions = {},
  ): Promise<EncodedFrame[]> {
    const instance = `${seriesPath(studyInstanceUID, seriesInstanceUID)}/instances/${uid(sopInstanceUID)}`;
    const path = `${instance}/frames/${frames.join(',')}`;
    const accept = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
    const parts = await this.parts(path, accept, options);
    if (parts.length !== frames.length)
      throw new DicomWebError(
        'unintelligible',
        `${String(parts.length)} frames where ${String(frames.length)} were asked for`,
        this.root + path,
      );
    return parts.map(({ bytes, contentType }) => ({
      bytes,
      transferSyntaxUID: mediaTypeParameter(contentType, 'transfer-syntax') ?? EXPLICIT_VR_LITTLE_ENDIAN,
    }));
  }

  /**
   * Sends one object to be stored. `stored` only when the answer lists it as stored.
   * @param bytes Part 10 file
   * @throws InputRefused when the bytes are no DICOM file with a SOP Instance UID
   */
  async store(bytes: Uint8Array, options: RequestOptions = {}): Promise<StoreResult> {
    const sopInstanceUID = string(parsePart10(bytes, 'object to store').dataset, Tag.SOPInstanceUID);
    if (sopInstanceUID === undefined)
      throw new InputRefused('no SOP Instance UID', 'object to store', 'write it again');
    const { body, contentType } = multipartWithOneInstance(bytes);
    const headers = { 'Content-Type': contentType, Accept: DICOM_JSON };
    try {
      const answer = await this.send('/studies', { method: 'POST', body, headers }, options, wholeBody);
      return storeResult(answer.status, parsedAnswer(answer.content), sopInstanceUID);
    } catch (problem) {
      if (problem instanceof DicomWebError && problem.problem === 'unreachable')
        return { outcome: 'unreachable', sopInstanceUID, reason: problem.message };
      throw problem;
    }
  }

  private async datasets(path: string, options: MetadataOptions): Promise<DicomJsonDataset[]> {
    const found: DicomJsonDataset[] = [];
    const unintelligible = () =>
      new DicomWebError('unintelligible', 'the answer is not DICOM JSON', this.root + path);
    const splitter = new JsonObjectSplitter((text) => {
      const dataset = parsedDataset(text);
      if (!dataset) throw unintelligible();
      found.push(options.keep?.(dataset, found.length) ?? dataset);
    });
    let bytes = 0;
    const init = { method: 'GET' as const, headers: { Accept: DICOM_JSON } };
    const answer = await this.send(path, init, options, async (response) => {
      if (!response.ok) return;
      const total = Number(response.headers.get('content-length') ?? 0);
      for await (const chunk of chunksOf(response)) {
        bytes += chunk.length;
        splitter.push(chunk);
        if (total > 0) options.onProgress?.(Math.min(1, bytes / total));
      }
    });
    this.check(answer.status, path);
    if (answer.status !== 204 && bytes > 0 && !splitter.ended) throw unintelligible();
    return found;
  }

  private async parts(
    path: string,
    accept: string,
    options: RequestOptions,
  ): Promise<{ bytes: Uint8Array; contentType: string }[]> {
    const { body, contentType } = await this.get(path, accept, options);
    if (!/^\s*multipart\/related/iu.test(contentType)) return [{ bytes: body, contentType }];
    return parseMultipart(body, contentType, this.root + path).map((part) => ({
      bytes: part.body,
      contentType: part.headers['content-type'] ?? '',
    }));
  }

  private async get(path: string, accept: string, options: RequestOptions): Promise<Answer> {
    const init = { method: 'GET' as const, headers: { Accept: accept } };
    const answer = await this.send(path, init, options, wholeBody);
    this.check(answer.status, path);
    return { ...answer, body: answer.content };
  }

  private check(status: number, path: string): void {
    if (status >= 200 && status < 300) return;
    const words = `${statusInWords(status)} (HTTP ${String(status)})`;
    throw new DicomWebError(problemOfStatus(status), words, this.root + path, status);
  }

  /** @param consume reads the body, within the time and the signal of the request */
  private send<T>(
    path: string,
    init: SimpleRequest,
    { signal }: RequestOptions,
    consume: (response: Response) => Promise<T>,
  ): Promise<{ status: number; contentType: string; content: T }> {
    return this.queue.run(async () => {
      const timeoutMs = this.options.timeoutMs ?? 120_000;
      const timeout = AbortSignal.timeout(timeoutMs);
      const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
      const call = this.options.fetch ?? fetch;
      const headers = { ...init.headers, ...this.options.headers?.() };
      try {
        const response = await call(this.root + path, { ...init, headers, signal: either });
        const content = await consume(response);
        return { status: response.status, contentType: response.headers.get('content-type') ?? '', content };
      } catch (problem) {
        if (signal?.aborted) throw signal.reason;
        if (problem instanceof DicomWebError || problem instanceof InputRefused) throw problem;
        const why = timeout.aborted
          ? `no answer within ${String(timeoutMs / 1000)} s`
          : `not reachable (${causeOf(problem)})`;
        throw new DicomWebError('unreachable', why, this.root + path);
      }
    }, signal);
  }
}

interface SimpleRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

function causeOf(problem: unknown): string {
  if (!(problem instanceof Error)) return 'unknown';
  const cause = problem.cause as { code?: unknown } | undefined;
  return typeof cause?.code === 'string' ? cause.code : problem.message;
}

function seriesPath(studyInstanceUID: string, seriesInstanceUID: string): string {
  return `/studies/${uid(studyInstanceUID)}/series/${uid(seriesInstanceUID)}`;
}

/** UIDs come from headers and addresses: nothing else may become part of a path. */
function uid(text: string): string {
  if (/^[0-9.]{1,64}$/u.test(text)) return text;
  throw new InputRefused(
    'not a DICOM UID',
    JSON.stringify(text.slice(0, 80)),
    'correct the address or header',
  );
}

function query(parameters: SearchParameters): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [value])
      search.append(name, String(one));
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
