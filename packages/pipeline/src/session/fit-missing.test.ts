import { cordMask, type CordMask } from '@myelon/cord';
import { AnalysisSession } from './analysis-session';
import { SAMPLE_ORIGIN, sampleIvimVolume, sampleMask, sampleTensorVolume } from './sample-inputs';

/** The sample's cord without its first two columns. */
function narrowMask(): CordMask {
  const whole = sampleMask();
  const labels = whole.labels.map((label, at) => (at % whole.grid.columns < 6 ? 0 : label));
  return cordMask({ ...whole, labels });
}

async function fitted(mask: CordMask): Promise<AnalysisSession> {
  const session = new AnalysisSession();
  session.addVolume('dti', sampleTensorVolume(), SAMPLE_ORIGIN);
  session.addVolume('ivim', sampleIvimVolume(), SAMPLE_ORIGIN);
  session.setMask(mask);
  await session.fit({ tensorKey: 'dti', ivimKey: 'ivim', options: { extent: 'mask', details: true } });
  return session;
}

describe('voxels that an edit adds outside the fitted field', () => {
  test('are fitted alone, and the record is that of a fit of the whole outline', async () => {
    const session = await fitted(narrowMask());
    session.setMask(sampleMask());
    const maps = await session.fitMissing();
    expect(maps?.map(({ quantity }) => quantity)).toEqual(expect.arrayContaining(['fa', 'ivim_f']));
    const whole = await fitted(sampleMask());
    const [after, expected] = [session, whole].map((one) => one.analyse({ compressionSlices: [1] }));
    expect(after!.tensor?.fittedVoxels).toBe(expected!.tensor?.fittedVoxels);
    expect(after!.regions).toHaveLength(expected!.regions.length);
    for (const [at, region] of after!.regions.entries())
      for (const [order, entry] of region.statistics.entries()) {
        const wanted = expected!.regions[at]!.statistics[order]!;
        if ('missing' in entry || 'missing' in wanted)
          throw new Error(`${region.id} has no ${entry.quantity}`);
        expect(entry.n).toBe(wanted.n);
        expect(entry.mean).toBeCloseTo(wanted.mean, 9);
      }
  });

  test('are none when the fitted field holds the outline', async () => {
    const session = await fitted(sampleMask());
    session.setMask(narrowMask());
    expect(await session.fitMissing()).toBeNull();
  });
});
