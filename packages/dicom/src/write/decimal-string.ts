import { InputRefused } from '@myelon/diffusion';

/** Longest Decimal String (PS3.5 table 6.2-1). */
const MOST_CHARACTERS = 16;

export interface DecimalString {
  readonly text: string;
  /** False when digits were dropped to fit; then the exact number belongs in an FD beside it. */
  readonly exact: boolean;
}

/**
 * A number as Decimal String: at most 16 characters, rounded (never cut) when it needs more.
 *
 * @param value finite
 * @param where name of the attribute, for the error
 * @throws InputRefused when the value is not finite
 */
export function decimalString(value: number, where: string): DecimalString {
  if (!Number.isFinite(value)) {
    throw new InputRefused(`the number is ${String(value)}`, where, 'leave it out and say why it is missing');
  }
  const shortest = String(value);
  if (shortest.length <= MOST_CHARACTERS) return { text: shortest, exact: true };
  for (let digits = MOST_CHARACTERS; digits > 0; digits--) {
    const candidates = [value.toPrecision(digits), value.toExponential(digits - 1)];
    const fitting = candidates.find((text) => text.length <= MOST_CHARACTERS);
    if (fitting !== undefined) return { text: fitting, exact: Number(fitting) === value };
  }
  throw new InputRefused(
    `${shortest} does not fit ${String(MOST_CHARACTERS)} characters`,
    where,
    'report this as a defect',
  );
}
