import { singleShell, spreadDirections } from '../simulation/simulated-series';
import { tensorVerdict, tensorVolumesByRule, tensorVolumesOfShells } from '../tensor/tensor-volumes';
import { ivimVerdict } from '../ivim/ivim-verdict';
import { describeGradientTable } from './gradient-description';
import { GradientTable } from './gradient-table';

const cordDti = singleShell(5, 30, 800);

/** `directions` at every b-value, b0 once. */
function multiB(bValues: readonly number[], directions: number[]): GradientTable {
  const weighted = bValues.filter((b) => b > 0);
  return new GradientTable(
    [0, ...weighted.flatMap((b) => new Array<number>(directions.length / 3).fill(b))],
    [0, 0, 0, ...weighted.flatMap(() => directions)],
  );
}
const axes = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const ivim = multiB([0, 5, 10, 20, 30, 40, 60, 80, 100, 150, 200, 300, 400, 500, 650, 800], axes);
const multiShell = multiB([0, 200, 700, 1200, 2500], spreadDirections(12));

describe('describeGradientTable', () => {
  it.each([
    ['30 directions b 800, 5 b0', cordDti],
    ['16 b-values 0-800, 3 directions', ivim],
    [
      '30 directions b 800 (60 volumes), 1 b0',
      multiB([0, 800], [...spreadDirections(30), ...spreadDirections(30)]),
    ],
    [
      '12 directions b 700, 12 directions b 1200, 1 other b-value, 1 b0',
      new GradientTable(
        [0, ...new Array<number>(12).fill(700), ...new Array<number>(12).fill(1200), 300],
        [0, 0, 0, ...spreadDirections(12), ...spreadDirections(12), 1, 0, 0],
      ),
    ],
    ['b 0, no directions', new GradientTable([0, 0], [0, 0, 0, 0, 0, 0])],
    ['2 b-values 0-1000, no directions', new GradientTable([0, 1000], [0, 0, 0, 0, 0, 0])],
  ])('says "%s"', (expected, table) => {
    expect(describeGradientTable(table)).toBe(expected);
  });
});

describe('tensorVolumesByRule', () => {
  const usedB = (table: GradientTable): number[] => [
    ...new Set(tensorVolumesByRule(table).map((volume) => table.bValue(volume))),
  ];

  it('takes b0 and the shells between b 400 and 1500', () => {
    expect(usedB(multiShell)).toEqual([0, 700, 1200]);
    expect(tensorVolumesByRule(cordDti)).toHaveLength(35);
  });

  it('takes the nearest full shell when none lies between', () => {
    expect(usedB(multiB([0, 2000, 3000], spreadDirections(12)))).toEqual([0, 2000]);
    expect(usedB(multiB([0, 100, 300], spreadDirections(12)))).toEqual([0, 300]);
  });

  it('leaves out trace images and low b-values beside a full shell', () => {
    const withTrace = new GradientTable(
      [...cordDti.bValues, 800, 100],
      [...cordDti.directions, 0, 0, 0, 1, 0, 0],
    );
    expect(tensorVolumesByRule(withTrace)).toEqual(tensorVolumesByRule(cordDti));
  });

  it('takes the shells a person names instead, and says which there are', () => {
    const named = tensorVolumesOfShells(multiShell, [700, 2480]);
    expect([...new Set(named.map((volume) => multiShell.bValue(volume)))]).toEqual([0, 700, 2500]);
    expect(() => tensorVolumesOfShells(multiShell, [1000])).toThrow(
      /no shell of b 1000.*200, 700, 1200, 2500/,
    );
  });

  it('takes tables whose b-values differ from volume to volume', () => {
    const cube = new GradientTable(
      [0, ...Array.from({ length: 20 }, (_, i) => 500 + 80 * i)],
      [0, 0, 0, ...spreadDirections(20)],
    );
    expect(tensorVolumesByRule(cube)).toHaveLength(21);
    expect(tensorVerdict(cube).possible).toBe(true);
  });
});

describe('shells', () => {
  const bValuesOf = (bValues: readonly number[]): number[] =>
    new GradientTable(bValues, new Array<number>(3 * bValues.length).fill(0)).shells().map((s) => s.bValue);

  it('keeps the low b-values of IVIM apart, and repeated b0 volumes that a scanner numbers together', () => {
    expect(bValuesOf([0, 1, 2, 5, 10, 12])).toEqual([0, 1, 2, 5, 10, 12]);
    expect(bValuesOf([0, 0.001, 0.004, 1000, 1010])).toEqual([expect.closeTo(0.00167, 4) as number, 1005]);
    expect(bValuesOf([1.25, 928, 930])).toEqual([1.25, 929]);
  });

  it('are in s/mm2, or refused', () => {
    const weighted = (b: number): string => {
      const verdict = tensorVerdict(singleShell(1, 12, b));
      return verdict.possible ? 'possible' : verdict.why;
    };
    expect(weighted(0.8)).toMatch(/largest b-value is 0.8: .* that small/);
    expect(weighted(80_000)).toMatch(/largest b-value is 80000: .* that large/);
    expect(weighted(1000)).toBe('possible');
  });
});

describe('verdicts', () => {
  it('a DTI series carries a tensor and no IVIM, an IVIM series the other way round', () => {
    expect(tensorVerdict(cordDti)).toEqual({ possible: true, warnings: [] });
    expect(ivimVerdict(cordDti).possible).toBe(false);
    expect(tensorVerdict(ivim)).toMatchObject({
      possible: false,
      why: '3 different diffusion directions, a tensor needs 6',
    });
    expect(ivimVerdict(ivim)).toEqual({ possible: true, warnings: [] });
  });

  it('warns of what makes numbers doubtful', () => {
    const warnings = (table: GradientTable): string =>
      [tensorVerdict(table), ivimVerdict(table)].flatMap((v) => (v.possible ? v.warnings : [])).join('; ');
    expect(warnings(singleShell(1, 6, 800))).toMatch(/6 directions: FA depends/);
    expect(warnings(singleShell(1, 30, 3000))).toMatch(/b 3000/);
    const oneDirection = new GradientTable(
      [5, 10, 50, 200, 400],
      [5, 10, 50, 200, 400].flatMap(() => [0, 1, 0]),
    );
    expect(warnings(oneDirection)).toMatch(/no b0.*5 b-values.*highest b-value 400.*one direction/);
    const mixed = new GradientTable(
      [0, 10, 20, 50, 800, 800, 300],
      [0, 0, 0, ...[1, 0, 0, 1, 0, 0, 1, 0, 0], ...axes],
    );
    expect(warnings(mixed)).toMatch(/mix directions/);
  });
});
