import type { CordMask, CordOutline } from '@myelon/cord';
import type { FitRunner, ScalarMap, Vector3, VoxelGrid } from '@myelon/diffusion';
import { releaseProxy, transfer } from 'comlink';
import type { AnalysisRecord } from '../analysis-record';
import type { ReportFonts, ReportPdfRequest } from '../pdf';
import type { ChosenInputs } from '../inputs/choose-inputs';
import {
  AnalysisSession,
  type AnalyseRequest,
  type FitOutcome,
  type FitRequest,
  type InputOrigin,
} from '../session/analysis-session';
import type { ProgressListener } from '../session/fit-models';
import { fromWire, movableBuffers, outcomeOf, type Outcome, type WireVolume } from './wire';

/** Smallest step of progress that is sent on: more only fills the message queue. */
const PROGRESS_STEP = 0.01;

/** What the pages show besides the record; of the fonts, what every report needs. */
export interface WorkerPdfRequest extends Omit<ReportPdfRequest, 'fonts'> {
  readonly fonts: Omit<ReportFonts, 'fontFor'>;
}

/** The session as the worker offers it. Long work has a call number, so that it can be cancelled by another call. */
export interface AnalysisService {
  addVolume(key: string, volume: WireVolume, origin: InputOrigin): Promise<Outcome<void>>;
  chooseInputs(): Promise<Outcome<ChosenInputs>>;
  meanDiffusionImage(key: string): Promise<Outcome<{ image: Float32Array; grid: VoxelGrid }>>;
  outline(
    call: number,
    key: string,
    seeds: readonly Vector3[],
    onProgress: ProgressListener,
  ): Promise<Outcome<CordOutline>>;
  redoSlice(
    call: number,
    key: string,
    slice: number,
    onProgress: ProgressListener,
  ): Promise<Outcome<{ outline: CordOutline; mask: CordMask }>>;
  setMask(mask: CordMask): Promise<Outcome<void>>;
  fitMissing(): Promise<Outcome<readonly ScalarMap[] | null>>;
  fit(call: number, request: FitRequest, onProgress: ProgressListener): Promise<Outcome<FitOutcome>>;
  analyse(request: AnalyseRequest): Promise<Outcome<AnalysisRecord>>;
  /** The report as PDF. @param fontFor a font for a character that the given fonts lack */
  pdf(
    record: AnalysisRecord,
    request: WorkerPdfRequest,
    fontFor: (character: string) => Promise<Uint8Array | null>,
  ): Promise<Outcome<Uint8Array>>;
  /** The record attached to a report PDF; null when there is none. */
  recordOfPdf(pdf: Uint8Array): Promise<Outcome<AnalysisRecord | null>>;
  /** Cancels a running call; a call that has ended is left alone. */
  cancel(call: number): void;
}

/** @param runner does the fits in parts; they are done here without one */
export function createAnalysisService(runner: FitRunner | null = null): AnalysisService {
  const session = new AnalysisSession(runner);
  const running = new Map<number, AbortController>();

  const runLong = async <Value>(
    call: number,
    onProgress: ProgressListener,
    work: (onProgress: ProgressListener, signal: AbortSignal) => Promise<Value>,
  ): Promise<Outcome<Value>> => {
    const controller = new AbortController();
    running.set(call, controller);
    try {
      return await outcomeOf(() => work(stepped(onProgress), controller.signal), controller.signal);
    } finally {
      running.delete(call);
      release(onProgress);
    }
  };

  return {
    addVolume: (key, volume, origin) =>
      outcomeOf(() => {
        session.addVolume(key, fromWire(volume), origin);
      }),
    chooseInputs: () => outcomeOf(() => session.chooseInputs()),
    meanDiffusionImage: async (key) => {
      const outcome = await outcomeOf(() => session.meanDiffusionImage(key));
      return outcome.kind === 'done' ? transfer(outcome, movableBuffers([outcome.value.image])) : outcome;
    },
    outline: (call, key, seeds, onProgress) =>
      runLong(call, onProgress, (report, signal) => session.outline(key, seeds, report, signal)),
    redoSlice: (call, key, slice, onProgress) =>
      runLong(call, onProgress, (report, signal) => session.redoSlice(key, slice, report, signal)),
    fitMissing: () => outcomeOf(() => session.fitMissing()),
    setMask: (mask) =>
      outcomeOf(() => {
        session.setMask(mask);
      }),
    fit: async (call, request, onProgress) => {
      const outcome = await runLong(call, onProgress, (report, signal) =>
        session.fit(request, report, signal),
      );
      return outcome.kind === 'done' ? moved(outcome.value) : outcome;
    },
    analyse: (request) => outcomeOf(() => session.analyse(request)),
    pdf: (record, request, fontFor) =>
      outcomeOf(async () => {
        // Fonts and pages are needed at the end of a reading, if at all.
        const { reportPdf } = await import('../pdf');
        return reportPdf(record, { ...request, fonts: { ...request.fonts, fontFor } });
      }),
    recordOfPdf: (pdf) => outcomeOf(async () => (await import('../pdf')).attachedRecord(pdf)),
    cancel: (call) => running.get(call)?.abort(),
  };
}

/** The maps stay in the session for the measurement, so copies leave, moved. The directions leave for good. */
function moved(fit: FitOutcome): Outcome<FitOutcome> {
  const maps: ScalarMap[] = fit.maps.map((map) => ({
    ...map,
    values: map.values.slice(),
    status: map.status.slice(),
  }));
  const arrays = maps.flatMap(({ values, status }) => [values, status]);
  const directions = fit.principalDirections ? [fit.principalDirections] : [];
  return transfer({ kind: 'done', value: { ...fit, maps } }, movableBuffers([...arrays, ...directions]));
}

function stepped(onProgress: ProgressListener): ProgressListener {
  let sent = 0;
  return (fraction) => {
    if (fraction < 1 && fraction - sent < PROGRESS_STEP) return;
    sent = fraction;
    onProgress(fraction);
  };
}

/** Closes the message channel behind a proxied callback; a plain function has none. */
function release(onProgress: ProgressListener): void {
  (onProgress as ProgressListener & { [releaseProxy]?: () => void })[releaseProxy]?.();
}
