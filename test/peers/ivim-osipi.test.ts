import { readFileSync } from 'node:fs';
import { GradientTable, ivimFit, simulatedSeries, VoxelStatus } from '@myelon/diffusion';
import { describeWithSharedData, sharedData } from '../support/shared-data';

interface Tissue {
  readonly D: number;
  readonly f: number;
  readonly Dp: number;
  readonly data: readonly number[];
}
interface OsipiFile {
  readonly config: { readonly bvalues: readonly number[] };
}

describeWithSharedData('segmented IVIM on the OSIPI signals', ['osipi_ivim_signals'], () => {
  async function fitted(): Promise<{ truth: Tissue; d: number; f: number; dStar: number }[]> {
    const file = JSON.parse(readFileSync(sharedData('osipi_ivim_signals', 'generic.json'), 'utf8')) as Record<
      string,
      Tissue
    > &
      OsipiFile;
    const { config, ...rest } = file;
    const tissues = Object.entries(rest as unknown as Record<string, Tissue>).filter(([, t]) => 'data' in t);
    expect(tissues).toHaveLength(14);
    const table = new GradientTable(
      config.bvalues,
      config.bvalues.flatMap((b) => (b > 0 ? [1, 0, 0] : [0, 0, 0])),
    );
    const series = simulatedSeries(
      table,
      tissues.map(([, tissue]) => tissue.data),
    );
    const { maps } = await ivimFit(series, { method: 'segmented' });
    return tissues.map(([, truth], v) => {
      expect(maps.ivim_d.status[v]).toBe(VoxelStatus.valid);
      return {
        truth,
        d: maps.ivim_d.values[v]!,
        f: maps.ivim_f.values[v]!,
        dStar: maps.ivim_dstar.values[v]!,
      };
    });
  }

  it('recovers D within 1 %, f within 0.3 points, D* within 4 % where perfusion has gone at b 200', async () => {
    const fast = (await fitted()).filter(({ truth }) => truth.Dp > 0.0185);
    expect(fast).toHaveLength(11);
    for (const { truth, d, f, dStar } of fast) {
      expect(Math.abs(d / truth.D - 1)).toBeLessThan(0.01);
      expect(Math.abs(f - truth.f)).toBeLessThan(0.003);
      expect(Math.abs(dStar / truth.Dp - 1)).toBeLessThan(0.04);
    }
  });

  it('recovers D within 4 %, f within 2 points, D* within 15 % where perfusion lasts beyond b 200', async () => {
    const slow = (await fitted()).filter(({ truth }) => truth.Dp <= 0.0185);
    expect(slow).toHaveLength(3);
    for (const { truth, d, f, dStar } of slow) {
      expect(Math.abs(d / truth.D - 1)).toBeLessThan(0.04);
      expect(Math.abs(f - truth.f)).toBeLessThan(0.02);
      expect(Math.abs(dStar / truth.Dp - 1)).toBeLessThan(0.15);
    }
  });
});
