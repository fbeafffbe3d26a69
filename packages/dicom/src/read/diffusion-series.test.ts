import fc from 'fast-check';
import { InputRefused } from '@myelon/diffusion';
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
const uidOf = (instance: number) => `1.2.3.4.${String(instance)}`;

/** A copy of one image with some elements replaced or, when undefined, taken away. */
function edited(
  dataset: DicomJsonDataset,
  changes: Record<string, Header[string] | undefined>,
): DicomJsonDataset {
  const merged = { ...dataset, ...changes };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined)) as Header;
}

function editedAll(changes: Record<string, Header[string] | undefined>): DicomJsonDataset[] {
  return classicSeries().map((dataset) => edited(dataset, changes));
}

describe('a classic series', () => {
  test('gives table, grid and one frame per slice and volume', () => {
    const series = readDiffusionSeries(classicSeries());
    expect([...series.gradients.bValues]).toEqual(four);
    expect(series.gradients.direction(2)).toEqual([0, 0.6, 0.8]);
    expect(series.grid).toMatchObject({ columns: 2, rows: 2, slices: 3 });
    expect(series.grid.affine).toEqual([1, 0, 0, -10, 0, 1, 0, -20, 0, 0, 5, 0]);
    expect(series.frames.map((frame) => frame.sopInstanceUID)).toEqual(
      Array.from({ length: 12 }, (_, index) => uidOf(index + 1)),
    );
    expect(series).toMatchObject({
      name: 'series 7 "DTI"',
      studyInstanceUID: '1.2.3',
      leftOut: [],
      warnings: [],
    });
  });

  test('reads the same whatever the order of the files', () => {
    const expected = readDiffusionSeries(classicSeries());
    fc.assert(
      fc.property(fc.shuffledSubarray(classicSeries(), { minLength: 12 }), (shuffled) => {
        expect(readDiffusionSeries(shuffled)).toEqual(expected);
      }),
      { numRuns: 50, seed: 4 },
    );
  });

  test('goes by position, not by instance number: numbers may run slice by slice or down', () => {
    const sliceMajor = classicSeries().map((dataset, index) =>
      edited(dataset, { [Tag.InstanceNumber]: element('IS', (index % 3) * 4 + Math.floor(index / 3)) }),
    );
    const downwards = classicSeries().map((dataset, index) =>
      edited(dataset, { [Tag.InstanceNumber]: element('IS', Math.floor(index / 3) * 3 + (2 - (index % 3))) }),
    );
    const frames = readDiffusionSeries(classicSeries()).frames;
    expect(readDiffusionSeries(sliceMajor).frames).toEqual(frames);
    expect(readDiffusionSeries(downwards).frames).toEqual(frames);
  });

  test('keeps repeats of one weighting apart, in the order they were acquired', () => {
    const series = readDiffusionSeries(classicSeries([{ b: 0 }, ...FOUR_WEIGHTINGS, { b: 0 }]));
    expect([...series.gradients.bValues]).toEqual([0, 0, 800, 800, 800, 0]);
  });

  test('keeps small b-values of IVIM with their directions', () => {
    const series = readDiffusionSeries(
      classicSeries([{ b: 0 }, { b: 5, direction: [1, 0, 0] }, { b: 5, direction: [0, 1, 0] }]),
    );
    expect([...series.gradients.bValues]).toEqual([0, 5, 5]);
    expect(series.gradients.hasDirection(1)).toBe(true);
  });

  test('scales every frame with its own slope and intercept', () => {
    const [first, ...rest] = classicSeries();
    const scaled = edited(first!, {
      [Tag.RescaleSlope]: element('DS', 2.5),
      [Tag.RescaleIntercept]: element('DS', -3),
    });
    const { frames } = readDiffusionSeries([scaled, ...rest]);
    expect(frames[0]).toMatchObject({ slope: 2.5, intercept: -3 });
    expect(frames[1]).toMatchObject({ slope: 1, intercept: 0 });
  });

  test('an oblique stack keeps its slice step', () => {
    const tilted = editedAll({ [Tag.ImageOrientationPatient]: element('DS', 1, 0, 0, 0, 0.8, -0.6) }).map(
      (dataset, index) =>
        edited(dataset, {
          [Tag.ImagePositionPatient]: element('DS', 0, 3 * (index % 3), 4 * (index % 3)),
        }),
    );
    const { affine } = readDiffusionSeries(tilted).grid;
    expect([affine[2], affine[6], affine[10]]).toEqual([0, 3, 4]);
  });

  test('a trace series is kept, with the word that it has no directions', () => {
    const series = readDiffusionSeries(classicSeries([{ b: 0 }, { b: 40 }, { b: 800 }]));
    expect(series.gradients.count).toBe(3);
    expect(series.warnings.join()).toMatch(/no diffusion directions/);
  });

  test('a series without b0 says so', () => {
    expect(readDiffusionSeries(classicSeries(FOUR_WEIGHTINGS.slice(1))).warnings.join()).toMatch(
      /b up to 50/,
    );
  });
});

describe('an enhanced object', () => {
  test('with all volumes reads like the classic series', () => {
    const classic = readDiffusionSeries(classicSeries());
    const enhanced = readDiffusionSeries([enhancedSeries()]);
    expect(enhanced.grid).toEqual(classic.grid);
    expect(enhanced.gradients).toEqual(classic.gradients);
    expect(enhanced.frames.map((frame) => frame.frame)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
  });

  test('per volume, with the weighting in the shared group', () => {
    const objects = FOUR_WEIGHTINGS.map((weighting, index) =>
      enhancedSeries([weighting], 3, { sharedDiffusion: true, instance: index + 1 }),
    );
    const series = readDiffusionSeries([...objects].reverse());
    expect([...series.gradients.bValues]).toEqual(four);
    expect(series.frames.map((frame) => frame.sopInstanceUID).slice(0, 4)).toEqual([
      uidOf(1), uidOf(1), uidOf(1), uidOf(2),
    ]); // prettier-ignore
  });

  test('finds the slice dimension by position when pointers are missing', () => {
    const without = edited(enhancedSeries(), { [Tag.DimensionIndexSequence]: undefined });
    expect([...readDiffusionSeries([without]).gradients.bValues]).toEqual(four);
  });

  test('isotropic volumes beside directional ones are left out and listed', () => {
    const series = readDiffusionSeries(classicSeries([...FOUR_WEIGHTINGS, { b: 800 }]));
    expect([...series.gradients.bValues]).toEqual(four);
    expect(series.leftOut).toHaveLength(1);
    expect(series.leftOut[0]?.why).toMatch(/isotropic/);
  });

  test('with fewer functional groups than frames is refused', () => {
    const damaged = edited(enhancedSeries(), { [Tag.NumberOfFrames]: element('IS', 13) });
    expect(() => readDiffusionSeries([damaged])).toThrow(/12 functional group items for 13 frames/);
  });

  test('that promises a direction and holds none is refused', () => {
    const promised = classicSeries([{ b: 0 }, { b: 800 }], 2).map((dataset) =>
      edited(dataset, { [Tag.DiffusionDirectionality]: element('CS', 'DIRECTIONAL') }),
    );
    expect(() => readDiffusionSeries(promised)).toThrow(/holds none/);
  });
});

describe('what does not belong is left out and listed', () => {
  test.each([
    ['ADC', /ADC map/],
    ['TRACEW', /trace-weighted/],
    ['FA', /FA map/],
    ['PHASE', /phase/],
  ])('images of type %s', (type, why) => {
    const derived = classicHeader({
      instance: 99,
      z: 0,
      b: 800,
      more: { [Tag.ImageType]: element('CS', 'DERIVED', 'PRIMARY', 'DIFFUSION', type) },
    });
    const series = readDiffusionSeries([derived, ...classicSeries()]);
    expect([...series.gradients.bValues]).toEqual(four);
    expect(series.leftOut).toEqual([
      { what: '1 image of series 7 "DTI"', why: expect.stringMatching(why) as string },
    ]);
  });

  test('an unfinished volume of an aborted scan', () => {
    const series = readDiffusionSeries(classicSeries().slice(0, -1));
    expect(series.gradients.count).toBe(3);
    expect(series.leftOut).toEqual([
      {
        what: 'volume 4 (b 800, 2 images)',
        why: 'incomplete: 1 of 3 slices missing (slice 3 at (-10.0, -20.0, 10.0) mm)',
      },
    ]);
  });

  test('the same object twice', () => {
    const datasets = classicSeries();
    const series = readDiffusionSeries([...datasets, ...datasets]);
    expect(series).toEqual(readDiffusionSeries(datasets));
  });

  test('a series sent twice under new UIDs', () => {
    const again = classicSeries().map((dataset, index) =>
      edited(dataset, { [Tag.SOPInstanceUID]: element('UI', `1.2.9.${String(index)}`) }),
    );
    const series = readDiffusionSeries([...classicSeries(), ...again]);
    expect(series.gradients.count).toBe(4);
    expect(series.leftOut).toHaveLength(12);
    expect(series.leftOut[0]?.why).toMatch(/sent twice/);
  });
});

describe('what cannot be read is refused: what, where, what to do', () => {
  const zAt = (z: number) => ({ [Tag.ImagePositionPatient]: element('DS', -10, -20, z) });
  const moved = (indices: readonly number[], changes: Header) =>
    classicSeries().map((dataset, index) => (indices.includes(index) ? edited(dataset, changes) : dataset));

  test.each([
    ['nothing', [], /no images/],
    ['no b-value', editedAll({ [Tag.DiffusionBValue]: undefined }), /no diffusion b-value/],
    ['absurd b-value', editedAll({ [Tag.DiffusionBValue]: element('FD', 7.23e75) }), /no diffusion b-value/],
    ['no position', editedAll({ [Tag.ImagePositionPatient]: undefined }), /Image Position .* missing/],
    ['no orientation', editedAll({ [Tag.ImageOrientationPatient]: undefined }), /Image Orientation .* missing/],
    ['no spacing', editedAll({ [Tag.PixelSpacing]: undefined }), /Pixel Spacing .* missing/],
    ['spacing 0', editedAll({ [Tag.PixelSpacing]: element('DS', 0, 1) }), /not positive/],
    ['axes not perpendicular', editedAll({ [Tag.ImageOrientationPatient]: element('DS', 1, 0, 0, 1, 0, 0) }), /perpendicular/],
    ['no size', editedAll({ [Tag.Rows]: undefined }), /Rows is missing/],
    ['absurd size', editedAll({ [Tag.Rows]: element('US', 65535) }), /Rows is 65535/],
    ['no SOP Instance UID', editedAll({ [Tag.SOPInstanceUID]: undefined }), /SOP Instance UID/],
    ['only maps', editedAll({ [Tag.ImageType]: element('CS', 'DERIVED', 'PRIMARY', 'ADC') }), /only images that cannot enter a fit \(ADC map/],
    ['a slice missing everywhere', classicSeries(FOUR_WEIGHTINGS, 5).filter((_, index) => index % 5 !== 2), /gap of 10\.00 mm/],
    ['another matrix among them', moved([4], { [Tag.Rows]: element('US', 4) }), /matrix differs/],
    ['another orientation among them', moved([4], { [Tag.ImageOrientationPatient]: element('DS', 0, 1, 0, 0, 0, 1) }), /orientation differs/],
    ['slices beside the line', moved([2, 5, 8, 11], { [Tag.ImagePositionPatient]: element('DS', 10, -20, 10) }), /straight line/],
    ['volumes shifted against each other', moved([3], { [Tag.ImagePositionPatient]: element('DS', -9, -20, 0) }), /straight line/],
    ['not one whole volume', [classicSeries()[0]!, edited(classicSeries()[4]!, zAt(5)), edited(classicSeries()[8]!, zAt(10))], /no complete volume/],
  ])('%s', (_, datasets, message) => {
    expect(() => readDiffusionSeries(datasets)).toThrow(InputRefused);
    expect(() => readDiffusionSeries(datasets)).toThrow(message);
  }); // prettier-ignore

  test('one slice without thickness has no extent', () => {
    const one = classicSeries(FOUR_WEIGHTINGS, 1);
    expect(readDiffusionSeries(one).grid.affine[10]).toBe(4);
    const without = one.map((dataset) => edited(dataset, { [Tag.SliceThickness]: undefined }));
    expect(() => readDiffusionSeries(without)).toThrow(/single slice without/);
  });
});
