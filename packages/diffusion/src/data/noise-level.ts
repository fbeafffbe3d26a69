import { InputRefused } from './refusal';

/** @throws InputRefused when noise is not positive, or not one for all and not one per slice */
export function checkNoise(
  noise: number | readonly number[] | undefined,
  slices: number,
  where: string,
): void {
  if (noise === undefined) return;
  const levels = typeof noise === 'number' ? [noise] : noise;
  const wrong = levels.find((level) => !(level > 0) || !Number.isFinite(level));
  if (wrong === undefined && (typeof noise === 'number' || levels.length === slices)) return;
  throw new InputRefused(
    wrong === undefined
      ? `${String(levels.length)} noise levels for ${String(slices)} slices`
      : `noise level ${String(wrong)}`,
    where,
    'give one positive standard deviation, or one per slice',
  );
}
