import { TILE_VOXELS } from '../fitting/fit-loop';
import type { AveragedBValues } from './averaged-b-values';
import { D_TO } from './biexponential-model';
import { emptyEstimate, type IvimTile } from './ivim-estimate';
import { MonoexponentialFit } from './monoexponential-fit';
import { PerfusionRefit } from './perfusion-refit';

/** Segmented fit of a tile of voxels; allocates nothing per tile. */
export class SegmentedTile implements IvimTile {
  readonly logSignal: Float64Array;
  readonly lnScale = new Float64Array(TILE_VOXELS);
  readonly estimate = emptyEstimate();
  private readonly refit: PerfusionRefit;
  /** D of each voxel within its bounds; NaN when it is not determined. */
  private readonly d = new Float64Array(TILE_VOXELS);
  private readonly dAtBound = new Uint8Array(TILE_VOXELS);
  private readonly high: MonoexponentialFit;

  constructor(
    private readonly averaged: AveragedBValues,
    splitBValue: number,
  ) {
    const { bValues, repeats } = averaged;
    this.logSignal = new Float64Array(TILE_VOXELS * averaged.count);
    this.refit = new PerfusionRefit(bValues, repeats, TILE_VOXELS);
    this.high = new MonoexponentialFit(
      bValues,
      repeats,
      bValues.findIndex((b) => b >= splitBValue),
    );
  }

  /** D of every voxel, and what the refit needs. */
  prepare(voxels: number): void {
    const { averaged, logSignal, refit } = this;
    const n = averaged.count;
    for (let voxel = 0; voxel < voxels; voxel++) {
      const at = voxel * n;
      const solved = this.high.fit(logSignal, at);
      const d = Math.min(Math.max(this.high.diffusivity, 0), D_TO);
      this.d[voxel] = solved ? d : Number.NaN;
      this.dAtBound[voxel] = d === this.high.diffusivity ? 0 : 1;
      let largest = -Infinity;
      for (let i = at; i < at + n; i++) largest = Math.max(largest, logSignal[i] ?? 0);
      this.lnScale[voxel] = largest;
      for (let i = 0; i < n; i++) {
        refit.signal[at + i] = Math.exp((logSignal[at + i] ?? 0) - largest);
        refit.decay[at + i] = Math.exp(-d * (averaged.bValues[i] ?? 0));
      }
    }
    refit.prepareTile();
  }

  fit(voxel: number): boolean {
    const { refit, estimate } = this;
    const d = this.d[voxel] ?? Number.NaN;
    if (Number.isNaN(d) || !refit.fit(voxel, d)) return false;
    const { perfused, unperfused } = refit;
    estimate.d = d;
    estimate.s0 = perfused + unperfused;
    estimate.f = perfused / estimate.s0;
    estimate.dStar = perfused > 0 ? refit.dStar : 0;
    estimate.dAtBound = this.dAtBound[voxel] !== 0;
    estimate.fAtBound = estimate.dAtBound || perfused <= 0 || unperfused <= 0;
    estimate.dStarAtBound = estimate.fAtBound || refit.dStarAtBound;
    return estimate.s0 > 0;
  }
}
