import { InputRefused } from './refusal';

/** Largest b-value, in s/mm2, that still counts as "no diffusion weighting" for choosing b0 volumes. */
export const B0_LIMIT_S_PER_MM2 = 50;

/**
 * How far above the smallest b-value of a shell another may lie, in s/mm2. Low b-values are shells of their own
 * (0 and 1, 5 and 10 are all wanted for IVIM; some scanners number repeated b0 volumes 0, 0.001, 0.002); scanners report high ones with a scatter of a few percent.
 */
function shellTolerance(bValue: number): number {
  return Math.max(0.5, bValue < 400 ? 0.05 * bValue : Math.max(20, 0.05 * bValue));
}

/** Directions whose length is further than this from 1 are refused. */
const UNIT_TOLERANCE = 0.05;

/** Volumes acquired with one b-value. */
export interface Shell {
  /** Mean b-value of the shell in s/mm2. */
  readonly bValue: number;
  /** Volume indices, ascending. */
  readonly volumes: readonly number[];
}

/**
 * b-values and diffusion gradient directions, one per volume.
 *
 * Directions are unit vectors in the patient frame (LPS: +x left, +y posterior, +z superior); a volume without a
 * direction (b0, or a trace image) has the zero vector. True b-values are kept as read (1.25 stays 1.25).
 */
export class GradientTable {
  /** b-value of each volume in s/mm2. */
  readonly bValues: Float64Array;
  /** Directions, `[volume][x, y, z]` in LPS, unit length or zero. */
  readonly directions: Float64Array;

  /**
   * @param bValues b-values in s/mm2, one per volume, finite, 0 to 1e5
   * @param directions 3 numbers per volume (LPS); normalised here when within 5 % of unit length
   * @param where name of the source, for the error
   * @throws InputRefused when lengths do not agree, a b-value is not physical or a direction is not a unit vector
   */
  constructor(bValues: ArrayLike<number>, directions: ArrayLike<number>, where = 'gradient table') {
    const count = bValues.length;
    if (count === 0) throw new InputRefused('no volumes', where, 'choose a diffusion series');
    if (directions.length !== 3 * count) {
      throw new InputRefused(
        `${String(count)} b-values but ${String(directions.length / 3)} directions`,
        where,
        'give one direction per b-value',
      );
    }
    this.bValues = Float64Array.from(bValues);
    this.directions = Float64Array.from(directions);
    for (let volume = 0; volume < count; volume++) this.checkVolume(volume, where);
  }

  /** Number of volumes. */
  get count(): number {
    return this.bValues.length;
  }

  /** b-value of one volume in s/mm2. */
  bValue(volume: number): number {
    return this.bValues[volume] ?? Number.NaN;
  }

  /** Direction of one volume, LPS; zero when it has none. */
  direction(volume: number): readonly [number, number, number] {
    const at = 3 * volume;
    return [this.directions[at] ?? 0, this.directions[at + 1] ?? 0, this.directions[at + 2] ?? 0];
  }

  hasDirection(volume: number): boolean {
    return this.direction(volume).some((component) => component !== 0);
  }

  /** Volumes that count as unweighted (b <= 50 s/mm2). */
  b0Volumes(): number[] {
    return [...this.bValues.keys()].filter((volume) => this.bValue(volume) <= B0_LIMIT_S_PER_MM2);
  }

  /** Shells in ascending b; every volume is in exactly one. */
  shells(): Shell[] {
    const order = [...this.bValues.keys()].sort((p, q) => this.bValue(p) - this.bValue(q));
    const shells: { bValues: number[]; volumes: number[] }[] = [];
    for (const volume of order) {
      const b = this.bValue(volume);
      const last = shells.at(-1);
      const start = last?.bValues[0] ?? Number.NaN;
      if (last && b - start <= shellTolerance(start)) {
        last.bValues.push(b);
        last.volumes.push(volume);
      } else shells.push({ bValues: [b], volumes: [volume] });
    }
    return shells.map(({ bValues, volumes }) => ({
      bValue: bValues.reduce((sum, b) => sum + b, 0) / bValues.length,
      volumes: volumes.sort((p, q) => p - q),
    }));
  }

  /** The table of some volumes only, in the order given. */
  select(volumes: readonly number[]): GradientTable {
    return new GradientTable(
      volumes.map((volume) => this.bValue(volume)),
      volumes.flatMap((volume) => [...this.direction(volume)]),
    );
  }

  private checkVolume(volume: number, where: string): void {
    const b = this.bValue(volume);
    if (!Number.isFinite(b) || b < 0 || b >= 1e5) {
      throw new InputRefused(
        `volume ${String(volume + 1)} has b-value ${String(b)} s/mm2`,
        where,
        'b-values are in s/mm2 between 0 and 100000: correct the table',
      );
    }
    const at = 3 * volume;
    const [x, y, z] = this.direction(volume);
    const length = Math.hypot(x, y, z);
    if (length === 0) return;
    if (!Number.isFinite(length) || Math.abs(length - 1) > UNIT_TOLERANCE) {
      throw new InputRefused(
        `volume ${String(volume + 1)} has a direction of length ${length.toPrecision(4)}`,
        where,
        'directions are unit vectors, or zero where there is none: correct the table',
      );
    }
    // Already unit: normalising again would change the last bit, and a table must survive being copied.
    if (Math.abs(length - 1) < 1e-12) return;
    for (let axis = 0; axis < 3; axis++)
      this.directions[at + axis] = (this.directions[at + axis] ?? 0) / length;
  }
}
