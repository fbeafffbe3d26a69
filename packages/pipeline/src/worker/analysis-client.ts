import type { CordMask, CordOutline } from '@myelon/cord';
import type { DiffusionVolume, ScalarMap, Vector3, VoxelGrid } from '@myelon/diffusion';
import { proxy, releaseProxy, transfer, wrap, type Endpoint } from 'comlink';
import type { AnalysisRecord } from '../analysis-record';
import type { ChosenInputs } from '../inputs/choose-inputs';
import type { AnalyseRequest, FitOutcome, FitRequest, InputOrigin } from '../session/analysis-session';
import type { ProgressListener } from '../session/fit-models';
import type { ReportPdfRequest } from '../pdf';
import type { AnalysisService } from './analysis-service';
import { movableBuffers, toWire, valueOf, type Outcome } from './wire';

/** How a long call is watched and stopped. */
export interface RunControl {
  /** Done fraction, 0 to 1. */
  readonly onProgress?: ProgressListener;
  /** Aborting rejects the call at once with the signal's reason; the worker stops within 100 ms. */
  readonly signal?: AbortSignal;
}

/** An {@link AnalysisSession} that lives in a worker. Every call rejects with what the session threw. */
export interface AnalysisClient {
  /** The signal MOVES into the worker: `volume.signal` is empty afterwards. */
  addVolume(key: string, volume: DiffusionVolume, origin: InputOrigin): Promise<void>;
  chooseInputs(): Promise<ChosenInputs>;
  meanDiffusionImage(key: string): Promise<{ image: Float32Array; grid: VoxelGrid }>;
  outline(key: string, seeds: readonly Vector3[], run?: RunControl): Promise<CordOutline>;
  /** One slice outlined anew; see `AnalysisSession.redoSlice`. */
  redoSlice(
    key: string,
    slice: number,
    run?: RunControl,
  ): Promise<{ readonly outline: CordOutline; readonly mask: CordMask }>;
  setMask(mask: CordMask): Promise<void>;
  /** Fits what an edited mask has added; the maps with it, or null when nothing was missing. */
  fitMissing(): Promise<readonly ScalarMap[] | null>;
  fit(request: FitRequest, run?: RunControl): Promise<FitOutcome>;
  analyse(request: AnalyseRequest): Promise<AnalysisRecord>;
  /** The report as PDF, made beside the page. */
  pdf(record: AnalysisRecord, request: ReportPdfRequest): Promise<Uint8Array>;
  /** The record attached to a report PDF; null when there is none. */
  recordOfPdf(pdf: Uint8Array): Promise<AnalysisRecord | null>;
  /** Ends the worker; calls under way reject. */
  terminate(): void;
}

/** @param worker a worker that runs `analysis-worker`, or any endpoint that speaks to the same service */
export function createAnalysisClient(worker: Worker | Endpoint): AnalysisClient {
  const remote = wrap<AnalysisService>(worker);
  const ended = new AbortController();
  let calls = 0;

  const short = async <Value>(call: Promise<Outcome<Value>>): Promise<Value> =>
    valueOf(await untilAborted(call, ended.signal));

  const long = async <Value>(
    { onProgress, signal }: RunControl,
    start: (call: number, onProgress: ProgressListener) => Promise<Outcome<Value>>,
  ): Promise<Value> => {
    signal?.throwIfAborted();
    const call = calls++;
    const stop = AbortSignal.any([ended.signal, ...(signal ? [signal] : [])]);
    // Progress travels on a channel of its own and may come in after the result: the result has the last word.
    let reached = 0;
    const advance = (fraction: number) => {
      if (stop.aborted || fraction <= reached) return;
      reached = fraction;
      onProgress?.(fraction);
    };
    const cancel = () => void remote.cancel(call);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      const value = valueOf(await untilAborted(start(call, proxy(advance)), stop));
      advance(1);
      return value;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  };

  return {
    addVolume: (key, volume, origin) =>
      short(remote.addVolume(key, transfer(toWire(volume), movableBuffers([volume.signal])), origin)),
    chooseInputs: () => short(remote.chooseInputs()),
    meanDiffusionImage: (key) => short(remote.meanDiffusionImage(key)),
    outline: (key, seeds, run = {}) =>
      long(run, (call, onProgress) => remote.outline(call, key, seeds, onProgress)),
    redoSlice: (key, slice, run = {}) =>
      long(run, (call, onProgress) => remote.redoSlice(call, key, slice, onProgress)),
    setMask: (mask) => short(remote.setMask(mask)),
    fitMissing: () => short(remote.fitMissing()),
    fit: (request, run = {}) => long(run, (call, onProgress) => remote.fit(call, request, onProgress)),
    analyse: (request) => short(remote.analyse(request)),
    pdf: (record, { fonts: { fontFor, ...fonts }, ...request }) =>
      short(remote.pdf(record, { ...request, fonts }, proxy(fontFor))),
    recordOfPdf: (pdf) => short(remote.recordOfPdf(pdf)),
    terminate: () => {
      ended.abort(new DOMException('The analysis worker has ended', 'AbortError'));
      remote[releaseProxy]();
      if ('terminate' in worker) worker.terminate();
    },
  };
}

/** Settles like the call, but rejects with the signal's reason as soon as it aborts. */
function untilAborted<Value>(call: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) {
      stop();
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    call.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', stop);
    });
  });
}
