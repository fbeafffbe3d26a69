import { GradientTable } from '../data/gradient-table';
import { InputRefused } from '../data/refusal';
import type { DiffusionVolume } from '../data/diffusion-volume';
import type { FitPart } from '../fitting/fit-runner';
import { ivimFit, type IvimFitOptions } from '../ivim/ivim-fit';
import { ivimNoise } from '../ivim/ivim-series';
import { tensorFit, type TensorFitOptions } from '../tensor/tensor-fit';
import { buffersIn, type Channel, type FromWorker, type ToWorker } from './pool-messages';

/** Serves fits of parts over a channel: what every worker of a pool runs. */
export function serveFits(channel: Channel<FromWorker, ToWorker>): void {
  const running = new Map<number, AbortController>();
  channel.listen((message) => {
    if (message.kind === 'cancel') {
      running.get(message.id)?.abort();
      return;
    }
    const { id, part } = message;
    const control = new AbortController();
    running.set(id, control);
    void fit(part, control.signal)
      .then(
        (result): FromWorker => ({ kind: 'done', id, result }),
        (error: unknown): FromWorker => failure(id, error),
      )
      .then((reply) => {
        running.delete(id);
        channel.post(reply, [...buffersIn(reply)]);
      });
  });
}

function fit(part: FitPart, signal: AbortSignal): Promise<unknown> {
  const series = seriesOf(part);
  switch (part.kind) {
    case 'tensor':
      return tensorFit(series, { ...(part.options as TensorFitOptions), signal });
    case 'ivim':
      return ivimFit(series, { ...(part.options as IvimFitOptions), signal });
    case 'ivim-noise':
      return ivimNoise(series, { ...(part.options as IvimFitOptions), signal });
  }
}

function seriesOf({ bValues, directions, name, signal }: FitPart): DiffusionVolume {
  const gradients = new GradientTable(bValues, directions, name);
  const grid = {
    columns: signal.length / gradients.count,
    rows: 1,
    slices: 1,
    affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] as const,
  };
  return { grid, gradients, signal, sources: [], name };
}

function failure(id: number, error: unknown): FromWorker {
  if (error instanceof InputRefused) {
    const { what, where, whatToDo } = error;
    return { kind: 'refused', id, what, where, whatToDo };
  }
  return { kind: 'failed', id, message: error instanceof Error ? error.message : String(error) };
}
