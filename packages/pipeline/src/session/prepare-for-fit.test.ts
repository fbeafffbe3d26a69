import type { PreparationChoices } from './prepare-series';
import { AnalysisSession } from './analysis-session';
import { sampleMask, SAMPLE_GRID, SAMPLE_ORIGIN, sampleTensorVolume } from './sample-inputs';

jest.setTimeout(60_000);

const LOST = { volume: 12, slice: 0 };

/** A session whose series lost most of one slice. */
function session(): AnalysisSession {
  const volume = sampleTensorVolume();
  const size = SAMPLE_GRID.columns * SAMPLE_GRID.rows;
  const from = (LOST.volume * SAMPLE_GRID.slices + LOST.slice) * size;
  for (let at = from; at < from + size; at++) volume.signal[at]! *= 0.4;
  const made = new AnalysisSession();
  made.addVolume('dti', volume, SAMPLE_ORIGIN);
  made.setMask(sampleMask());
  return made;
}

const request = (preparation: PreparationChoices) => ({
  tensorKey: 'dti',
  ivimKey: null,
  options: { preparation },
});

function meanFa(made: AnalysisSession, slice: number): number {
  const { regions } = made.analyse({ compressionSlices: [] });
  const found = regions
    .find((region) => region.kind === 'slice' && region.slices[0] === slice)
    ?.statistics.find(({ quantity }) => quantity === 'fa');
  if (!found || 'missing' in found) throw new Error('no FA');
  return found.mean;
}

const qualityOf = (made: AnalysisSession) => made.analyse({ compressionSlices: [] }).quality![0]!;

it('prepares the images of a fit, says so, and gives them back when that is taken off', async () => {
  const made = session();
  await made.fit(request({}));
  const spoilt = meanFa(made, LOST.slice);
  // The same tissue, of which nothing was lost.
  const whole = meanFa(made, 2);
  expect(qualityOf(made).preparation).toEqual([]);

  const progress: number[] = [];
  await made.fit(request({ motion: 'on' }), (fraction) => progress.push(fraction));
  expect(qualityOf(made).outlierSlices).toEqual(expect.arrayContaining([expect.objectContaining(LOST)]));
  expect(qualityOf(made).preparation.find(({ step }) => step === 'outliers')).toMatchObject({ done: true });
  expect(Math.abs(meanFa(made, LOST.slice) - whole)).toBeLessThan(Math.abs(spoilt - whole));
  expect(progress).toEqual(progress.toSorted((p, q) => p - q));
  expect(progress.at(-1)).toBeCloseTo(1, 6);

  await made.fit(request({ motion: 'off' }));
  expect(meanFa(made, LOST.slice)).toBe(spoilt);
  expect(qualityOf(made).outlierSlices).toEqual([]);
});

it('keeps images and maps of before when it is cancelled', async () => {
  const made = session();
  await made.fit(request({}));
  const before = meanFa(made, LOST.slice);
  const cancel = new AbortController();
  const fit = made.fit(
    request({ motion: 'on' }),
    (fraction) => {
      if (fraction > 0.2) cancel.abort(new Error('enough'));
    },
    cancel.signal,
  );
  await expect(fit).rejects.toThrow('enough');
  expect(meanFa(made, LOST.slice)).toBe(before);
  expect(qualityOf(made).preparation).toEqual([]);
});
