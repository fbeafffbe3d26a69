import { GradientTable, InputRefused } from '@myelon/diffusion';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { numbers } from '../dataset/access';
import { Tag } from '../dataset/tags';
import { diffusionAcquisitions, diffusionParts, joinAcquisitions } from './acquisitions';
import { readDiffusionSeries } from './diffusion-series';
import { groupSeries } from './group-series';
import { replaceGradientTable } from './replace-gradient-table';
import { classicSeries, element, type Header, type Weighting } from './sample-series';

/** b0 and six directions: enough for a tensor. */
const SIX = [[1, 1, 0], [1, -1, 0], [1, 0, 1], [1, 0, -1], [0, 1, 1], [0, 1, -1]].map(
  (g) => g.map((component) => component * Math.SQRT1_2),
); // prettier-ignore
const DTI: Weighting[] = [{ b: 0 }, ...SIX.map((direction) => ({ b: 800, direction }))];

/** A series with UIDs of its own. */
function series(
  number: number,
  weightings: readonly Weighting[],
  description = 'DTI',
  more: Header = {},
): DicomJsonDataset[] {
  return classicSeries(weightings, 3, { [Tag.EchoTime]: element('DS', 70), ...more }).map(
    (dataset, index) => ({
      ...dataset,
      [Tag.SeriesInstanceUID]: element('UI', `1.2.3.${String(number)}`),
      [Tag.SOPInstanceUID]: element('UI', `1.2.3.${String(number)}.${String(index)}`),
      [Tag.SeriesNumber]: element('IS', number),
      [Tag.SeriesDescription]: element('LO', description),
    }),
  );
}

const found = (...datasets: DicomJsonDataset[][]) => diffusionAcquisitions(groupSeries(datasets.flat()));
const names = (...datasets: DicomJsonDataset[][]) => found(...datasets).map(({ name }) => name);
const tableOf = ({ datasets }: { datasets: readonly DicomJsonDataset[] }) => [
  ...readDiffusionSeries(datasets).gradients.bValues,
];

describe('series that belong together are joined', () => {
  test('the b0 apart from the weighted images', () => {
    const [one, ...others] = found(series(5, [{ b: 0 }], 'b0'), series(6, DTI.slice(1)));
    expect(others).toEqual([]);
    expect(one?.name).toBe('series 5 "b0" + series 6 "DTI"');
    expect(tableOf(one!)).toEqual([0, 800, 800, 800, 800, 800, 800]);
  });

  test('a series for each direction, and for each b-value', () => {
    const perDirection = DTI.map((weighting, index) => series(5 + index, [weighting], `dir ${String(index)}`));
    expect(tableOf(found(...perDirection)[0]!)).toHaveLength(7);
    const ivim = [0, 10, 20, 50, 100, 200, 400, 800].map((b, index) => series(5 + index, [{ b }], `b${String(b)}`));
    const joined = found(...ivim);
    expect(joined).toHaveLength(1);
    expect(tableOf(joined[0]!)).toEqual([0, 10, 20, 50, 100, 200, 400, 800]);
  }); // prettier-ignore

  test('repeated averages: one description, one table', () => {
    const [one, ...others] = found(series(5, DTI), series(6, DTI));
    expect(others).toEqual([]);
    expect(tableOf(one!)).toHaveLength(14);
  });
});

describe('series that do not belong together stay apart', () => {
  const b0 = (more: Header, description = 'b0') => series(5, [{ b: 0 }], description, more);
  const dti = series(6, DTI.slice(1));

  test.each([
    ['echo time', b0({ [Tag.EchoTime]: element('DS', 95) })],
    ['matrix', b0({ [Tag.Rows]: element('US', 4) })],
    ['orientation', b0({ [Tag.ImageOrientationPatient]: element('DS', 0, 1, 0, 0, 0, -1) })],
    ['frame of reference', b0({ [Tag.FrameOfReferenceUID]: element('UI', '1.9') })],
    ['study', b0({ [Tag.StudyInstanceUID]: element('UI', '1.9') })],
    ['phase encoding axis', b0({ [Tag.InPlanePhaseEncodingDirection]: element('CS', 'ROW') })],
    ['phase encoding polarity', b0({ [Tag.RectilinearPhaseEncodeReordering]: element('CS', 'REVERSE_LINEAR') })],
    ['phase encoding in words', b0({}, 'b0 PA')],
  ])('%s differs', (_, other) => {
    const own = dti.map((dataset) => ({
      ...dataset,
      [Tag.FrameOfReferenceUID]: dataset[Tag.FrameOfReferenceUID] ?? element('UI', '1.1'),
      [Tag.InPlanePhaseEncodingDirection]: element('CS', 'COL'),
      [Tag.RectilinearPhaseEncodeReordering]: element('CS', 'LINEAR'),
    }));
    expect(names(other, own)).toHaveLength(2);
  }); // prettier-ignore

  test('two whole series with different tables, or different descriptions', () => {
    const twelve: Weighting[] = [...DTI, ...SIX.map((direction) => ({ b: 400, direction }))];
    expect(names(series(5, DTI), series(6, twelve))).toHaveLength(2);
    expect(names(series(5, DTI, 'before'), series(6, DTI, 'after'))).toHaveLength(2);
  }); // prettier-ignore

  test('fragments that are no use together either', () => {
    expect(names(series(5, [{ b: 0 }]), series(6, [{ b: 800 }], 'trace'))).toHaveLength(2);
  });
});

describe('one series with two acquisitions', () => {
  const mixed = series(7, DTI).concat(
    series(8, DTI, 'DTI', { [Tag.EchoTime]: element('DS', 95) }).map((dataset) => ({
      ...dataset,
      [Tag.SeriesInstanceUID]: element('UI', '1.2.3.7'),
      [Tag.SeriesNumber]: element('IS', 7),
    })),
  );

  test('is split, and each part can be named', () => {
    const parts = found(mixed);
    expect(parts.map(({ name, key }) => [name, key])).toEqual([
      ['series 7 "DTI", part 1 of 2 (echo time differs)', '1.2.3.7#1'],
      ['series 7 "DTI", part 2 of 2 (echo time differs)', '1.2.3.7#2'],
    ]);
    expect(parts[1]?.aliases).toContain('7#2');
    for (const part of parts) expect(tableOf(part)).toHaveLength(7);
  });

  test('is refused when read as one, with both named', () => {
    expect(() => readDiffusionSeries(mixed)).toThrow(
      /echo time differs between images \(.*image 1; .*image 1\)/,
    );
  });
});

describe('one series with stacks at two places', () => {
  const moved = (by: readonly [number, number, number], weightings = DTI) =>
    series(8, weightings).map((dataset) => {
      const [x = 0, y = 0, z = 0] = numbers(dataset, Tag.ImagePositionPatient);
      return {
        ...dataset,
        [Tag.SeriesInstanceUID]: element('UI', '1.2.3.7'),
        [Tag.SeriesNumber]: element('IS', 7),
        [Tag.ImagePositionPatient]: element('DS', x + by[0], y + by[1], z + by[2]),
      };
    });

  test.each([
    ['far along the slices', [0, 0, 61]],
    ['a little along the slices', [0, 0, 3 * 5 + 1.5]],
    ['aside', [30, 0, 0]],
    ['aside and along', [30, -4, 7.5]],
  ] as const)('%s is split into the two', (_, by) => {
    const parts = found([...series(7, DTI), ...moved(by)]);
    expect(parts.map(({ name }) => name)).toEqual([
      'series 7 "DTI", part 1 of 2 (position differs)',
      'series 7 "DTI", part 2 of 2 (position differs)',
    ]);
    const read = parts.map(({ datasets }) => readDiffusionSeries(datasets));
    expect(read.map(({ gradients }) => gradients.count)).toEqual([7, 7]);
    const [p = [], q = []] = read.map(({ grid }) => [grid.affine[3], grid.affine[7], grid.affine[11]]);
    expect(q.map((at, axis) => at - (p[axis] ?? 0))).toEqual([...by]);
  });

  test('a slice that is missing everywhere is no second stack', () => {
    const five = classicSeries(DTI, 5);
    const parts = found(five.filter((dataset) => numbers(dataset, Tag.ImagePositionPatient)[2] !== 10));
    expect(parts).toHaveLength(1);
    expect(() => readDiffusionSeries(parts[0]!.datasets)).toThrow(
      /a slice is missing, or two stacks are mixed/,
    );
  });

  test('a b0 that lies elsewhere is no stack of its own', () => {
    expect(found([...series(7, DTI.slice(1)), ...moved([30, 0, 0], [{ b: 0 }])])).toHaveLength(1);
  });

  test('series with one description at two places are no repeats of each other', () => {
    const other = moved([0, 0, 61]).map((dataset) => ({
      ...dataset,
      [Tag.SeriesInstanceUID]: element('UI', '1.2.3.8'),
    }));
    expect(found(series(7, DTI), other)).toHaveLength(2);
  });
});

describe('series that a person joins', () => {
  test('are joined when geometry and echo time agree, refused when not', () => {
    const parts = diffusionParts(groupSeries([...series(5, DTI, 'before'), ...series(6, DTI, 'after')])); // prettier-ignore
    expect(tableOf(joinAcquisitions(parts))).toHaveLength(14);
    const other = diffusionParts(groupSeries(series(8, DTI, 'DTI', { [Tag.EchoTime]: element('DS', 95) })));
    expect(() => joinAcquisitions([...parts, ...other])).toThrow(InputRefused);
    expect(() => joinAcquisitions([...parts, ...other])).toThrow(/series 8 "DTI": echo time differs from that of series 5/);
  }); // prettier-ignore
});

describe('a gradient table given instead of that of the headers', () => {
  const read = readDiffusionSeries(series(5, [{ b: 0 }, { b: 800 }]));
  const files = { bval: 'right.bval', bvec: 'right.bvec' };

  test('replaces it, and the series says so', () => {
    expect(read.warnings.join()).toMatch(/no diffusion directions/);
    const replaced = replaceGradientTable(read, new GradientTable([5, 700], [0, 0, 0, 0, 1, 0]), files);
    expect([...replaced.gradients.bValues]).toEqual([5, 700]);
    expect(replaced.replacedTable).toEqual(files);
    expect(replaced.warnings).toEqual([
      'gradient table replaced: b-values from right.bval, directions from right.bvec',
    ]);
    expect(replaced.frames).toBe(read.frames);
  });

  test('with another number of volumes is refused', () => {
    const three = new GradientTable([0, 1, 2], [0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(() => replaceGradientTable(read, three, files)).toThrow(/3 entries in right.bval for 2 volumes/);
  });
});
