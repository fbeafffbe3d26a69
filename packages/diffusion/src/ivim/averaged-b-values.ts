import { countDirections } from '../data/gradient-description';
import type { DiffusionVolume } from '../data/diffusion-volume';
import { B0_LIMIT_S_PER_MM2, type GradientTable, type Shell } from '../data/gradient-table';
import { gatherSignals } from '../fitting/gather-signals';
import { logSignals } from '../fitting/log-signal';

/**
 * The b-values of an IVIM series with the volumes that were measured at each: the fit sees one signal per b-value, the
 * geometric mean over its volumes. Over three orthogonal directions that is the trace-weighted signal, whose decay is
 * exp(-b MD) whatever way the cord runs.
 */
export class AveragedBValues {
  /** Distinct b-values in s/mm2, ascending. */
  readonly bValues: Float64Array;
  /** Volumes averaged at each b-value: the weight of its signal. */
  readonly repeats: Float64Array;
  /** How directions were treated, for the report. */
  readonly description: string;
  private readonly groups: readonly (readonly number[])[];
  /** Volumes in the order of the groups. */
  private readonly ordered: readonly number[];
  private readonly scratch: Float64Array;
  private readonly quality: Uint8Array;

  /**
   * @param tile largest number of voxels averaged at once
   * @param lowB `together` takes b-values up to 1 s/mm2 apart as one; `apart` keeps 0 and 1 apart
   */
  constructor(
    table: GradientTable,
    volumes: readonly number[],
    tile: number,
    lowB: 'together' | 'apart' = 'together',
  ) {
    const chosen = table.select(volumes);
    const shells =
      lowB === 'together' ? chosen.shells() : chosen.shells().flatMap((shell) => keptApart(chosen, shell));
    this.bValues = Float64Array.from(shells, (shell) => shell.bValue);
    this.repeats = Float64Array.from(shells, (shell) => shell.volumes.length);
    this.groups = shells.map((shell) => shell.volumes.map((at) => volumes[at] ?? 0));
    this.ordered = this.groups.flat();
    this.scratch = new Float64Array(tile * this.ordered.length);
    this.quality = new Uint8Array(tile);
    this.description = describeAveraging(table, volumes, Math.max(...this.repeats));
  }

  /** Number of distinct b-values. */
  get count(): number {
    return this.bValues.length;
  }

  /**
   * ln of the averaged signals of some voxels.
   *
   * @param out receives `[voxel][b-value]`
   * @returns `SignalQuality` per voxel
   */
  logAverages(
    volume: DiffusionVolume,
    voxels: Int32Array,
    from: number,
    to: number,
    out: Float64Array,
  ): Uint8Array {
    const { scratch, ordered, groups, quality } = this;
    gatherSignals(volume, ordered, voxels, from, to, scratch);
    for (let at = 0; at < to - from; at++) {
      let read = at * ordered.length;
      quality[at] = logSignals(scratch, read, ordered.length);
      for (let b = 0; b < groups.length; b++) {
        const repeats = this.repeats[b] ?? 1;
        let sum = 0;
        for (let i = 0; i < repeats; i++) sum += scratch[read++] ?? 0;
        out[at * groups.length + b] = sum / repeats;
      }
    }
    return quality;
  }
}

/** A shell of low b-values as one per b-value. */
function keptApart(table: GradientTable, shell: Shell): Shell[] {
  if (shell.bValue > B0_LIMIT_S_PER_MM2) return [shell];
  const bValues = [...new Set(shell.volumes.map((volume) => table.bValue(volume)))].sort((p, q) => p - q);
  return bValues.map((bValue) => ({
    bValue,
    volumes: shell.volumes.filter((volume) => table.bValue(volume) === bValue),
  }));
}

function describeAveraging(table: GradientTable, volumes: readonly number[], mostRepeats: number): string {
  const directions = countDirections(table, volumes);
  const what =
    directions === 0
      ? 'no directions given'
      : directions === 1
        ? 'one direction'
        : `${String(directions)} directions`;
  return mostRepeats > 1 ? `${what}, geometric mean per b-value` : what;
}
