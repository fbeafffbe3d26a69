const BACKSLASH = 0x5c;
const SPACE = 0x20;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
/** Whole numbers below this, and powers of ten up to the 22nd, are exact; so is the rounding of their quotient. */
const LARGEST_EXACT = 2 ** 53 / 10 - 1;
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, power) => 10 ** power);

/**
 * Numbers of a DS or IS element straight from its bytes, the same to the last bit as by way of text and several times
 * as fast: headers hold hundreds of them. Undefined for whatever is not a plain decimal (exponents, words, more digits
 * than a number holds), which is left to the way by text.
 */
export function decimalValues(bytes: Uint8Array): (number | null)[] | undefined {
  const found: (number | null)[] = [];
  let start = 0;
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== BACKSLASH) continue;
    const value = decimal(bytes, start, at);
    if (value === undefined) return undefined;
    found.push(value);
    start = at + 1;
  }
  return found;
}

/** Null for a blank. */
function decimal(bytes: Uint8Array, from: number, to: number): number | null | undefined {
  let [at, end] = [from, to];
  while (at < end && bytes[at] === SPACE) at++;
  while (end > at && (bytes[end - 1] === SPACE || bytes[end - 1] === 0)) end--;
  if (at === end) return null;
  const sign = bytes[at] === MINUS ? -1 : 1;
  if (bytes[at] === MINUS || bytes[at] === PLUS) at++;
  let mantissa = 0;
  let digits = 0;
  let decimals = -1;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === POINT && decimals < 0) decimals = 0;
    else if (byte >= ZERO && byte <= ZERO + 9 && mantissa <= LARGEST_EXACT) {
      mantissa = mantissa * 10 + byte - ZERO;
      digits++;
      if (decimals >= 0) decimals++;
    } else return undefined;
  }
  const divisor = POWERS_OF_TEN[Math.max(decimals, 0)];
  return digits === 0 || divisor === undefined ? undefined : (sign * mantissa) / divisor;
}
