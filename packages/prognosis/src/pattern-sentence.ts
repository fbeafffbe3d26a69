import type { LikelihoodRatio } from './fa-f-rule';
import type { JudgedMarker, MarkerPattern } from './judge-markers';

/** FA as people read it: two decimals. */
export function shownFa(value: number): string {
  return value.toFixed(2);
}

/** f as people read it: per cent with one decimal. */
export function shownF(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

/**
 * The 2 x 2 pattern in words. Neutral in outcome; a likelihood ratio, never a probability, for a probability needs the
 * site's own share of good recoveries.
 */
export function patternSentence(
  fa: JudgedMarker,
  f: JudgedMarker,
  pattern: MarkerPattern,
  ratio: LikelihoodRatio,
): string {
  const values = `FA ${against(fa, 2, 1, '')} and f ${against(f, 1, 100, ' %')}.`;
  const interval = `95 % interval ${twoDigits(ratio.low)} to ${twoDigits(ratio.high)}`;
  if (pattern === 'fa-only' || pattern === 'f-only') {
    return `${values} Exactly one of the two at or above its cut-off carries no information about recovery: likelihood ratio ${ratio.value.toFixed(1)} (${interval}).`;
  }
  return (
    `${values} This pattern is ${twoDigits(ratio.value)} times (${interval}) as frequent in patients who regain at ` +
    'least half of the lost mJOA points as in patients who do not. This is a likelihood ratio, not a probability.'
  );
}

/** One warning when a marker, or both, lie within one repeatability coefficient of the cut-off. */
export function greyZoneWarning(fa: JudgedMarker, f: JudgedMarker): string[] {
  const zones = [
    ...(fa.inGreyZone ? [`FA (grey zone 0.41 ± ${fa.greyZone.toFixed(3)})`] : []),
    ...(f.inGreyZone ? [`f (grey zone 9.5 ± ${(100 * f.greyZone).toFixed(1)} %)`] : []),
  ];
  if (zones.length === 0) return [];
  return [
    `${zones.join(' and ')} cannot be classified reliably: within one repeatability coefficient of the cut-off, a ` +
      'second scan may fall on the other side.',
  ];
}

/** "0.38 is below its cut-off 0.41", with as many decimals as it takes to tell the two apart. */
function against(marker: JudgedMarker, decimals: number, factor: number, unit: string): string {
  const cutOff = (marker.cutOff * factor).toFixed(decimals);
  let value = (marker.value * factor).toFixed(decimals);
  for (let more = 1; more <= 4 && marker.position === 'below' && Number(value) >= Number(cutOff); more++)
    value = (marker.value * factor).toFixed(decimals + more);
  return `${value}${unit} is ${marker.position} its cut-off ${cutOff}${unit}`;
}

/** Two significant digits, without exponent: 26.7 -> "27", 0.0421 -> "0.042". */
function twoDigits(value: number): string {
  return String(Number(value.toPrecision(2)));
}
