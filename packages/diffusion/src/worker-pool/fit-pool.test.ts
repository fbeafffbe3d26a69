import type { DiffusionVolume } from '../data/diffusion-volume';
import { GradientTable } from '../data/gradient-table';
import { ivimFit } from '../ivim/ivim-fit';
import { ivimSignal } from '../ivim/ivim-model';
import { noiseSource } from '../simulation/rician-noise';
import { singleShell } from '../simulation/simulated-series';
import { tensorFit } from '../tensor/tensor-fit';
import { axialTensor, tensorSignal } from '../tensor/tensor-model';
import { bootstrapIvimRegion } from '../uncertainty/bootstrap-region';
import { FitPool } from './fit-pool';
import { serveFits } from './fit-service';
import type { FromWorker, PoolWorker, ToWorker } from './pool-messages';

/** A worker behind a real message channel (structured cloning, moved buffers), in this thread. */
function worker(dies: (message: ToWorker) => boolean = () => false): PoolWorker {
  const { port1, port2 } = new MessageChannel();
  let die: (why: string) => void = () => undefined;
  const close = (): void => {
    port1.close();
    port2.close();
  };
  serveFits({
    post: (message, transfer) => {
      port2.postMessage(message, transfer);
    },
    listen: (listener) => {
      port2.onmessage = ({ data }: MessageEvent<ToWorker>) => {
        if (!dies(data)) {
          listener(data);
          return;
        }
        close();
        die('out of memory');
      };
    },
  });
  return {
    post: (message, transfer) => {
      port1.postMessage(message, transfer);
    },
    listen: (listener) => {
      port1.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        listener(data);
      };
    },
    onDeath: (listener) => {
      die = listener;
    },
    terminate: close,
  };
}

const grid = { columns: 40, rows: 30, slices: 3, affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] } as const;
const SIZE = 40 * 30 * 3;

function fieldOf(gradients: GradientTable, clean: (voxel: number) => Float64Array): DiffusionVolume {
  const noise = noiseSource(3);
  const signal = new Float32Array(SIZE * gradients.count);
  for (let voxel = 0; voxel < SIZE; voxel++)
    clean(voxel).forEach((s, volume) => {
      signal[volume * SIZE + voxel] = voxel % 97 === 0 && volume === 3 ? 0 : noise.rician(s, 40);
    });
  return { grid, gradients, signal, sources: [], name: 'field' };
}

const shell = singleShell(3, 12, 800);
const tensorField = fieldOf(shell, (voxel) =>
  tensorSignal(shell, 1000, axialTensor([0, 0, 1], 1.5e-3, 0.3e-3 + (voxel % 50) * 1e-5)),
);
const b = [0, 0, 10, 20, 50, 100, 200, 400, 600, 800];
const ivimTable = new GradientTable(
  b,
  b.flatMap((value) => (value === 0 ? [0, 0, 0] : [1, 0, 0])),
);
const ivimField = fieldOf(ivimTable, (voxel) =>
  ivimSignal(b, { s0: 1000, f: 0.05 + (voxel % 20) * 0.01, d: 1e-3, dStar: 20e-3 }),
);

/** Every number of a result as text, arrays by their bytes. */
const bytes = (result: object): string =>
  JSON.stringify(result, (_, value: unknown) =>
    ArrayBuffer.isView(value)
      ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
      : value,
  );

let pool: FitPool;
afterEach(() => {
  pool.close();
});

describe.each([1, 8])('with %d workers', (size) => {
  beforeEach(() => {
    pool = new FitPool(() => worker(), size);
  });

  it('tensors come out to the last bit as without workers', async () => {
    const mask = new Uint8Array(SIZE).map((_, voxel) => (voxel % 7 === 3 ? 0 : 1));
    const options = { method: 'wls', details: true, mask } as const;
    const alone = await tensorFit(tensorField, options);
    const together = await tensorFit(tensorField, { ...options, runner: pool, firstSlices: [1] });
    expect(bytes(together)).toBe(bytes(alone));
  }, 60_000);

  it('IVIM comes out to the last bit as without workers', async () => {
    const options = { method: 'segmented', details: size > 1 } as const;
    const alone = await ivimFit(ivimField, options);
    const together = await ivimFit(ivimField, { ...options, runner: pool });
    expect(bytes(together)).toBe(bytes(alone));
  }, 60_000);

  it('a bootstrap draws the same replicates', async () => {
    const voxels = Array.from({ length: 600 }, (_, i) => 3 * i);
    const options = { seed: 5, replicates: 20 };
    const alone = await bootstrapIvimRegion(ivimField, voxels, { method: 'segmented' }, options);
    const together = await bootstrapIvimRegion(
      ivimField,
      voxels,
      { method: 'segmented' },
      { ...options, runner: pool },
    );
    expect(bytes(together)).toBe(bytes(alone));
  }, 60_000);
});

it('does the slices asked for first', async () => {
  const slices: string[] = [];
  pool = new FitPool(
    () =>
      worker((message) => {
        // The slices differ in their size of signal.
        if (message.kind === 'fit') slices.push(Math.abs(Math.log10(message.part.signal[1]!)).toFixed(0));
        return false;
      }),
    1,
  );
  const signal = tensorField.signal.map((s, at) => s * 10 ** (Math.floor((at % SIZE) / 1200) - 3));
  await tensorFit({ ...tensorField, signal }, { method: 'ols', runner: pool, firstSlices: [2, 1] });
  expect(slices).toEqual(['2', '1', '0']);
}, 60_000);

it('a fit that is cancelled rejects at once, and the next one is served', async () => {
  pool = new FitPool(() => worker(), 2);
  const stop = new AbortController();
  const fit = ivimFit(ivimField, { method: 'bayesian', noise: 40, runner: pool, signal: stop.signal });
  const reason = new Error('the reader went on');
  setTimeout(() => {
    stop.abort(reason);
  }, 20);
  await expect(fit).rejects.toBe(reason);
  const next = await ivimFit(ivimField, { method: 'segmented', runner: pool });
  expect(next.report.fittedVoxels).toBe(SIZE);
}, 60_000);

it('does the work of a worker that died again, elsewhere', async () => {
  let deaths = 0;
  pool = new FitPool(() => worker(() => deaths++ === 0), 2);
  const { maps } = await tensorFit(tensorField, { method: 'ols', runner: pool });
  const alone = await tensorFit(tensorField, { method: 'ols' });
  expect(deaths).toBeGreaterThan(0);
  expect(bytes(maps.fa)).toBe(bytes(alone.maps.fa));
}, 60_000);

it('says so when a worker dies twice of the same voxels', async () => {
  pool = new FitPool(() => worker(() => true), 2);
  const fit = tensorFit(tensorField, { method: 'ols', runner: pool });
  await expect(fit).rejects.toThrow('a worker was lost twice at the same voxels: out of memory');
});

it('refusals come back as refusals', async () => {
  pool = new FitPool(() => worker(), 2);
  const part = () => ({
    kind: 'tensor' as const,
    bValues: Float64Array.of(0, 800),
    directions: new Float64Array(6),
    name: 'two volumes',
    signal: new Float32Array(4),
    options: { method: 'ols' },
  });
  await expect(pool.run(part, undefined)).rejects.toMatchObject({
    name: 'InputRefused',
    where: 'two volumes',
  });
});
