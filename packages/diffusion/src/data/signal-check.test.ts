import { simulatedSeries, singleShell } from '../simulation/simulated-series';
import { axialTensor, tensorSignal } from '../tensor/tensor-model';
import { checkSignal } from './signal-check';

const table = singleShell(2, 12, 800);
const clean = tensorSignal(table, 1000, axialTensor([0, 0, 1], 1.7e-3, 0.4e-3));
const series = () => simulatedSeries(table, new Array<Float64Array>(400).fill(clean), { sigma: 30, seed: 4 });

function changed(change: (signal: Float32Array) => void) {
  const volume = series();
  change(volume.signal);
  return volume;
}

it('finds nothing in a normal series', () => {
  expect(checkSignal(series())).toEqual({ emptyVolumes: [], warnings: [] });
});

it.each<[string, (signal: Float32Array) => void, RegExp]>([
  ['zero', (signal) => signal.fill(0), /no signal: every value is 0/],
  ['negative', (signal) => signal.fill(-3), /no signal/],
  ['not a number', (signal) => signal.fill(Number.NaN), /no positive number/],
  ['the same', (signal) => signal.fill(7), /every value of the images is 7/],
  [
    'the same in every volume',
    (signal) => {
      for (let volume = 1; volume < 14; volume++) signal.copyWithin(400 * volume, 0, 400);
    },
    /all 14 volumes hold the same pixels/,
  ],
])('refuses images that are %s throughout', (_, change, what) => {
  expect(() => checkSignal(changed(change))).toThrow(what);
});

it('tells of single signals that are no numbers or negative, of empty volumes and of clipping', () => {
  const { emptyVolumes, warnings } = checkSignal(
    changed((signal) => {
      signal.fill(0, 800, 1200);
      signal[3] = Number.NaN;
      signal[5] = signal[1300] = -1;
      signal.forEach((value, at) => {
        if (value > 1000) signal[at] = 1000;
      });
    }),
  );
  expect(emptyVolumes).toEqual([2]);
  expect(warnings.join('; ')).toMatch(
    /no signal in volume 3.*1 signals are not numbers.*2 signals are negative.*exactly 1000.*saturated/,
  );
});
