import fc from 'fast-check';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { Tag } from '../dataset/tags';
import { readDiffusionSeries } from './diffusion-series';
import {
  classicHeader,
  classicSeries,
  element,
  enhancedSeries,
  FOUR_WEIGHTINGS,
  type Header,
} from './sample-series';

const four = FOUR_WEIGHTINGS.map(({ b }) => b);
const without = (dataset: DicomJsonDataset, tag: string): DicomJsonDataset =>
  Object.fromEntries(Object.entries(dataset).filter(([key]) => key !== tag));
const timed = (dataset: DicomJsonDataset, echo: number, repetition: number): DicomJsonDataset => ({
  ...dataset,
  [Tag.EchoTime]: element('DS', echo),
  [Tag.RepetitionTime]: element('DS', repetition),
});

describe('images of one acquisition', () => {
  test('with two echo times are refused, rounding of the header is not', () => {
    const echoes = (second: number) =>
      classicSeries().map((dataset, index) => timed(dataset, index < 3 ? 70 : second, 4000));
    expect(() => readDiffusionSeries(echoes(95))).toThrow(
      /echo time differs between images .*image 1; .*image 4/,
    );
    expect(readDiffusionSeries(echoes(70.2)).gradients.count).toBe(4);
  });

  test('with two repetition times are read, with a warning', () => {
    const two = classicSeries().map((dataset, index) => timed(dataset, 70, index < 3 ? 3000 : 4200));
    expect(readDiffusionSeries(two).warnings.join()).toMatch(/repetition time differs .*3000 to 4200 ms/);
    const one = classicSeries().map((dataset) => timed(dataset, 70, 4200));
    expect(readDiffusionSeries(one).warnings).toEqual([]);
  });

  test('in two series are joined, and it is said', () => {
    const apart = classicSeries().map((dataset, index) =>
      index < 3
        ? { ...dataset, [Tag.SeriesInstanceUID]: element('UI', '1.2.3.9'), [Tag.SeriesNumber]: element('IS', 6), [Tag.SeriesDescription]: element('LO', 'b0') }
        : dataset,
    ); // prettier-ignore
    const series = readDiffusionSeries(apart);
    expect([...series.gradients.bValues]).toEqual(four);
    expect(series.seriesInstanceUIDs).toEqual(['1.2.3.9', '1.2.3.4']);
    expect(series.warnings).toEqual(['2 series joined into one: series 6 "b0", series 7 "DTI"']);
  });

  test('without any number or time to sort them by read the same in any order', () => {
    const anonymous = classicSeries([{ b: 0 }, { b: 0 }, ...FOUR_WEIGHTINGS]).map((dataset) =>
      without(dataset, Tag.InstanceNumber),
    );
    const expected = readDiffusionSeries(anonymous);
    expect(expected.gradients.count).toBe(6);
    fc.assert(
      fc.property(fc.shuffledSubarray(anonymous, { minLength: 18 }), (shuffled) => {
        expect(readDiffusionSeries(shuffled)).toEqual(expected);
      }),
      { numRuns: 30, seed: 8 },
    );
  });
});

describe('images without a b-value', () => {
  const stripped = (weightings = FOUR_WEIGHTINGS) =>
    classicSeries(weightings).map((dataset, index) =>
      index < 3 ? without(dataset, Tag.DiffusionBValue) : dataset,
    );

  test('are the b0 of a series that has no other, with a warning', () => {
    const series = readDiffusionSeries(stripped());
    expect([...series.gradients.bValues]).toEqual(four);
    expect(series.warnings.join()).toMatch(/without a b-value .* taken as b 0/);
  });

  test('beside a real b0 are left out', () => {
    const series = readDiffusionSeries(stripped([{ b: 0 }, ...FOUR_WEIGHTINGS]));
    expect([...series.gradients.bValues]).toEqual(four);
    expect(series.leftOut).toEqual([{ what: '3 images of series 7 "DTI"', why: 'no b-value in the header' }]);
  });
});

describe('slices that are missing or there twice are named by volume and position', () => {
  test('twice', () => {
    const again = classicHeader({ instance: 50, z: 5, b: 800, direction: [1, 0, 0] });
    const series = readDiffusionSeries([...classicSeries(), again]);
    expect(series.gradients.count).toBe(4);
    expect(series.leftOut).toEqual([
      {
        what: '1 image beside volume 2 (b 800, series 7 "DTI", image 50)',
        why: 'slice 2 at (-10.0, -20.0, 5.0) mm is there twice with the same weighting',
      },
    ]);
  });

  test('missing, several', () => {
    const series = readDiffusionSeries(classicSeries(FOUR_WEIGHTINGS, 6).slice(0, -5));
    expect(series.leftOut).toEqual([
      {
        what: 'volume 4 (b 800, 1 image)',
        why:
          'incomplete: 5 of 6 slices missing (slice 2 at (-10.0, -20.0, 5.0) mm, slice 3 at (-10.0, -20.0, 10.0) mm, ' +
          'slice 4 at (-10.0, -20.0, 15.0) mm and 2 more)',
      },
    ]);
  });
});

describe('enhanced objects', () => {
  test('slope and intercept at the top level count when the functional group is missing', () => {
    const scale = { [Tag.RescaleSlope]: element('DS', 2), [Tag.RescaleIntercept]: element('DS', -7) };
    expect(readDiffusionSeries([enhancedSeries(undefined, 3, { more: scale })]).frames[0]).toMatchObject({ slope: 2, intercept: -7 });
  }); // prettier-ignore

  test('phase frames beside magnitude frames are left out', () => {
    const object = enhancedSeries([...FOUR_WEIGHTINGS, ...FOUR_WEIGHTINGS]);
    const frames = object[Tag.PerFrameFunctionalGroupsSequence]?.Value as Header[];
    const kinds = frames.map((frame, index) => ({
      ...frame,
      [Tag.MRImageFrameTypeSequence]: element('SQ', {
        [Tag.FrameType]: element('CS', 'ORIGINAL', 'PRIMARY', 'DIFFUSION', 'NONE'),
        [Tag.ComplexImageComponent]: element('CS', index < 12 ? 'MAGNITUDE' : 'PHASE'),
      }),
    }));
    const series = readDiffusionSeries([{ ...object, [Tag.PerFrameFunctionalGroupsSequence]: element('SQ', ...kinds) }]); // prettier-ignore
    expect([...series.gradients.bValues]).toEqual(four);
    expect(series.leftOut).toEqual([{ what: '12 images of series 7 "DTI"', why: 'phase image' }]);
  });
});
