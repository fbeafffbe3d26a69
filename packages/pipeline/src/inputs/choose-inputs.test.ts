import { GradientTable, singleShell, spreadDirections } from '@myelon/diffusion';
import { chooseInputs } from './choose-inputs';

const dti = { key: 'dti', name: 'DTI', gradients: singleShell(5, 30, 800) };
const poorDti = { key: 'poor', name: 'DTI 12', gradients: singleShell(1, 12, 800) };

/** b-values, each in three perpendicular directions across and along the cord. */
function ivimTable(bValues: readonly number[]): GradientTable {
  const axes = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  return new GradientTable(
    bValues.flatMap((b) => [b, b, b]),
    bValues.flatMap((b) => (b === 0 ? new Array<number>(9).fill(0) : axes)),
  );
}

const sixteen = [0, 5, 10, 20, 30, 40, 60, 80, 100, 150, 200, 300, 400, 500, 600, 800];
const ivim = { key: 'ivim', name: 'IVIM', gradients: ivimTable(sixteen) };

describe('choosing inputs', () => {
  test('each series serves the model its table can carry', () => {
    const { tensor, ivim: forIvim } = chooseInputs([ivim, dti]);
    expect(tensor).toMatchObject({ key: 'dti', name: 'DTI' });
    expect(forIvim).toMatchObject({ key: 'ivim', name: 'IVIM' });
  });

  test('one series with many directions and many b-values serves both', () => {
    const shells = [10, 20, 40, 60, 100, 200, 400, 800];
    const directions = spreadDirections(12);
    const both = new GradientTable(
      [0, 0, ...shells.flatMap((b) => new Array<number>(12).fill(b))],
      [0, 0, 0, 0, 0, 0, ...shells.flatMap(() => directions)],
    );
    const chosen = chooseInputs([{ key: 'both', name: 'multi-shell', gradients: both }]);
    expect(chosen.tensor.key).toBe('both');
    expect(chosen.ivim.key).toBe('both');
  });

  test('of two tensor series the one with more directions wins, whatever the order', () => {
    expect(chooseInputs([poorDti, dti]).tensor.key).toBe('dti');
    expect(chooseInputs([dti, poorDti]).tensor.key).toBe('dti');
    expect(chooseInputs([poorDti, dti]).tensor.why).toContain('30 directions');
  });

  test('a model that no series can serve says why and what to do', () => {
    const { ivim: missing } = chooseInputs([dti]);
    expect(missing.key).toBeNull();
    if (missing.key !== null) return;
    expect(missing.why).not.toBe('');
    expect(missing.whatToDo).not.toBe('');
  });

  test('with no series at all both are missing', () => {
    const { tensor, candidates } = chooseInputs([]);
    expect(tensor).toMatchObject({ key: null, why: 'no diffusion series' });
    expect(candidates).toEqual([]);
  });
});
