import { noiseSource } from '../simulation/rician-noise';
import { simulatedSeries, singleShell } from '../simulation/simulated-series';
import { signalToNoiseOfRepeats } from './signal-to-noise';

const table = singleShell(4, 12, 800);

/** Voxels of differing brightness; the scanner's gain drifts by 2 % from volume to volume. */
function series(voxels: number, b0 = 4) {
  const random = noiseSource(3);
  const signals = Array.from({ length: voxels }, () => {
    const brightness = 600 + 400 * random.uniform();
    return Float64Array.from({ length: b0 + 12 }, (_, volume) => brightness * (1 + 0.02 * volume));
  });
  return simulatedSeries(b0 === 4 ? table : singleShell(b0, 12, 800), signals, { sigma: 25, seed: 8 });
}

it.each([
  ['3 %, whatever the drift', 0, 0.03],
  ['7 % with one voxel in 20 that pulsates by 60 %', 100, 0.07],
])('finds noise and SNR within %s', (_, pulsating, tolerance) => {
  const volume = series(2000);
  for (let voxel = 0; voxel < pulsating; voxel++) volume.signal[2000 + voxel]! *= 0.4;
  const found = signalToNoiseOfRepeats(volume);
  if ('missing' in found) throw new Error(found.missing);
  expect(Math.abs(found.noise[0]! / 25 - 1)).toBeLessThan(tolerance);
  expect(Math.abs((found.ratio[0]! * 25) / (800 * 1.03) - 1)).toBeLessThan(tolerance + 0.02);
  expect(found.method).toBe('scatter over 4 volumes at b 0 s/mm2');
});

it('looks at the mask alone and at usable voxels', () => {
  const volume = series(500);
  volume.signal[7] = 0;
  volume.signal[8] = Number.NaN;
  const mask = new Uint8Array(500).fill(1, 0, 300);
  const found = signalToNoiseOfRepeats(volume, mask);
  if ('missing' in found) throw new Error(found.missing);
  expect(Math.abs(found.noise[0]! / 25 - 1)).toBeLessThan(0.1);
  const broken = signalToNoiseOfRepeats(volume, new Uint8Array(500).fill(1, 7, 9));
  expect(broken).toMatchObject({ noise: [null], ratio: [null] });
});

it('says why there is none', () => {
  expect(signalToNoiseOfRepeats(series(5, 1))).toEqual({
    missing: 'one unweighted volume: noise needs a repeat',
  });
  const weighted = simulatedSeries(singleShell(0, 12, 800), [new Float64Array(12).fill(100)]);
  expect(signalToNoiseOfRepeats(weighted)).toEqual({ missing: 'no volume with b below 50 s/mm2' });
  expect(() => signalToNoiseOfRepeats(series(5), new Uint8Array(3))).toThrow(/mask of 3/);
});
