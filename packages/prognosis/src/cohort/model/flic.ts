import { fitLogistic, type LogisticData, type LogisticFit } from '../../logistic';
import { linearPredictor } from './predictions';

/**
 * Firth's slopes with an intercept that makes the mean prediction equal the observed share, which Firth's own intercept
 * pulls toward 1/2 (FLIC: Puhr and others, Stat Med 2017;36:2302).
 *
 * @param firth the Firth fit of the same data
 * @returns coefficients, intercept first
 * @throws InputRefused when a class is empty
 */
export function flicCoefficients(data: LogisticData, firth: LogisticFit): readonly number[] {
  const [, ...slopes] = firth.coefficients;
  const offset = linearPredictor(data, [0, ...slopes]);
  const intercept = fitLogistic({ columns: [], outcome: data.outcome, offset }).coefficients[0] ?? 0;
  return [intercept, ...slopes];
}
