import { countDirections, TENSOR_DIRECTIONS } from '../data/gradient-description';
import { B0_LIMIT_S_PER_MM2, type GradientTable } from '../data/gradient-table';
import { InputRefused } from '../data/refusal';
import type { Verdict } from '../data/verdict';
import { determinesTensor, tensorDesign } from './design-matrix';

/** Below this b-value, in s/mm2, perfusion is part of the signal. */
const TENSOR_B_FROM = 400;

/** Above this b-value, in s/mm2, the signal is no longer that of a tensor (kurtosis). */
const TENSOR_B_TO = 1500;

/** No clinical diffusion weighting is weaker than this, in s/mm2: smaller tables are in another unit. */
const SMALLEST_PLAUSIBLE_MAXIMUM_B = 100;

/** No scanner for people weights more strongly than this, in s/mm2: larger tables are in another unit. */
const LARGEST_PLAUSIBLE_B = 40_000;

/** Fewer directions than this give an FA that depends on how the head lies. */
const FEW_DIRECTIONS = 12;

/**
 * The volumes that enter the tensor: b0 (b <= 50) and the shells with at least 6 directions between b 400 and 1500.
 * Without such a shell: the lowest one above 1500, else the highest below 400 that has 6 directions; without any, all
 * weighted volumes that have a direction (tables whose b-values differ from volume to volume). Volumes with
 * weighting but no direction (trace images) never enter.
 *
 * @returns volume indices, ascending
 */
export function tensorVolumesByRule(table: GradientTable): number[] {
  const directional = table
    .shells()
    .filter((shell) => shell.bValue > B0_LIMIT_S_PER_MM2)
    .map(({ bValue, volumes }) => ({
      bValue,
      volumes: volumes.filter((volume) => table.hasDirection(volume)),
    }));
  const full = directional.filter(({ volumes }) => countDirections(table, volumes) >= TENSOR_DIRECTIONS);
  const within = full.filter(({ bValue }) => bValue >= TENSOR_B_FROM && bValue <= TENSOR_B_TO);
  const nearest =
    full.find(({ bValue }) => bValue > TENSOR_B_TO) ?? full.filter((s) => s.bValue < TENSOR_B_FROM).at(-1);
  const chosen = within.length > 0 ? within : nearest ? [nearest] : directional;
  const volumes = [...table.b0Volumes(), ...chosen.flatMap((shell) => shell.volumes)];
  return volumes.sort((p, q) => p - q);
}

/**
 * b0 and the shells a person names instead of the rule.
 *
 * @param bValues s/mm2, each that of a shell to within 5 % (20 s/mm2 at least)
 * @returns volume indices, ascending
 * @throws InputRefused when there is no such shell
 */
export function tensorVolumesOfShells(table: GradientTable, bValues: readonly number[]): number[] {
  const shells = table.shells().filter((shell) => shell.bValue > B0_LIMIT_S_PER_MM2);
  const chosen = bValues.map((bValue) => {
    const shell = shells.find(
      (candidate) => Math.abs(candidate.bValue - bValue) <= Math.max(20, 0.05 * bValue),
    );
    if (shell) return shell;
    throw new InputRefused(
      `no shell of b ${String(bValue)} s/mm2`,
      'tensor fit',
      `choose among ${shells.map((candidate) => candidate.bValue.toFixed(0)).join(', ')}`,
    );
  });
  const directional = chosen.flatMap(({ volumes }) => volumes.filter((volume) => table.hasDirection(volume)));
  return [...new Set([...table.b0Volumes(), ...directional])].sort((p, q) => p - q);
}

/** Whether a tensor can be fitted to a series with this table, by the volumes of {@link tensorVolumesByRule}. */
export function tensorVerdict(table: GradientTable): Verdict {
  const unit = wrongUnit(table);
  if (unit) return unit;
  const volumes = tensorVolumesByRule(table);
  const directions = countDirections(table, volumes);
  if (directions === 0) {
    return {
      possible: false,
      why: 'no diffusion directions: these are trace images or b0 alone',
      whatToDo: 'choose the series with at least 6 diffusion directions',
    };
  }
  if (directions < TENSOR_DIRECTIONS) {
    return {
      possible: false,
      why: `${String(directions)} different diffusion direction${directions === 1 ? '' : 's'}, a tensor needs 6`,
      whatToDo: 'choose the series with at least 6 diffusion directions',
    };
  }
  if (!determinesTensor(tensorDesign(table, volumes))) {
    return table.b0Volumes().length === 0
      ? {
          possible: false,
          why: 'no volume with b below 50 s/mm2, and one b-value cannot replace it',
          whatToDo: 'choose the series that holds the b0 volumes, or add it',
        }
      : {
          possible: false,
          why: `the ${String(directions)} directions do not determine a tensor (they lie on a cone or in a plane)`,
          whatToDo: 'check the gradient table, or choose another series',
        };
  }
  return { possible: true, warnings: tensorWarnings(table, volumes, directions) };
}

function tensorWarnings(table: GradientTable, volumes: readonly number[], directions: number): string[] {
  const warnings: string[] = [];
  if (table.b0Volumes().length === 0) warnings.push('no b0 volume: S0 is extrapolated from weighted volumes');
  if (directions < FEW_DIRECTIONS) {
    warnings.push(`${String(directions)} directions: FA depends on how the cord lies to them`);
  }
  const weighted = volumes.map((volume) => table.bValue(volume)).filter((b) => b > B0_LIMIT_S_PER_MM2);
  const highest = Math.max(...weighted);
  if (highest > TENSOR_B_TO) {
    warnings.push(`b ${String(Math.round(highest))} s/mm2: diffusivities come out lower than at b 800-1000`);
  }
  if (highest < TENSOR_B_FROM) {
    warnings.push(`b ${String(Math.round(highest))} s/mm2: diffusivities include perfusion`);
  }
  return warnings;
}

/** A refusal when the largest b-value shows that the table is not in s/mm2. */
export function wrongUnit(table: GradientTable): Extract<Verdict, { possible: false }> | null {
  const largest = Math.max(...table.bValues);
  if (largest > LARGEST_PLAUSIBLE_B) {
    return {
      possible: false,
      why: `the largest b-value is ${String(largest)}: no diffusion weighting in s/mm2 is that large`,
      whatToDo: 'b-values are in s/mm2 (100 s/cm2 = 1 s/mm2): correct the table',
    };
  }
  if (largest >= SMALLEST_PLAUSIBLE_MAXIMUM_B || largest === 0) return null;
  return {
    possible: false,
    why: `the largest b-value is ${String(largest)}: no diffusion weighting in s/mm2 is that small`,
    whatToDo: 'b-values are in s/mm2 (1 ms/um2 = 1000 s/mm2): correct the table',
  };
}
