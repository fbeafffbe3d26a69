import { checkOnOtherImage } from './check-on-other-image';
import { outlineCord } from './outline-cord';
import { simulatedStack, type StackOptions } from './simulated-stack.test-support';

jest.setTimeout(60_000);

const DIFFUSION: StackOptions = { noise: 6, rician: true, seed: 41 };
const UNWEIGHTED: StackOptions = { cord: 45, ring: 100, outside: 25, noise: 4, rician: true, seed: 42 };

async function doubtsOf(diffusion: StackOptions, unweighted: StackOptions) {
  const dwi = simulatedStack({ ...DIFFUSION, ...diffusion });
  const { image } = simulatedStack({ ...UNWEIGHTED, ...unweighted });
  const outline = await outlineCord(dwi.image, dwi.grid, { contrast: 'dwi', seeds: [] });
  const other = { image, contrast: 't2', name: 'the unweighted image' } as const;
  const checked = await checkOnOtherImage(outline, other);
  expect(outline.slicesToCheck).toEqual([]);
  return checked.slicesToCheck;
}

describe('an outline of diffusion images checked on the unweighted one', () => {
  it('is not doubted where both show the same cord, flattened or not', async () => {
    const axes = (slice: number) => (slice === 3 ? ([6.6, 2.6] as const) : ([6, 4] as const));
    expect(await doubtsOf({ axes }, { axes })).toEqual([]);
  });
  it('is doubted in the slice in which the cord has moved by 3 mm', async () => {
    const centre = (slice: number) => [0, slice === 2 ? 3 : 0] as const;
    const doubts = await doubtsOf({}, { centre });
    expect(doubts.map(({ slice }) => slice)).toEqual([2]);
    expect(doubts[0]?.why).toMatch(/unweighted image shows the cord [23]\.\d mm away/);
  });
  it('is doubted where it took in what lies beside the cord', async () => {
    const doubts = await doubtsOf({ axes: (slice) => (slice >= 3 ? [7.6, 5.2] : [6, 4]) }, {});
    expect(doubts.map(({ slice }) => slice)).toEqual([3, 4, 5, 6]);
    expect(doubts[0]?.why).toMatch(/shows the cord \d+ % smaller/);
  });
  it('stays as it is where the other image shows no cord at all', async () => {
    expect(await doubtsOf({}, { cord: 60, ring: 60, outside: 60 })).toEqual([]);
  });
});
