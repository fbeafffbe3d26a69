import {
  betaQuantile,
  chiSquaredQuantile,
  chiSquaredUpper,
  normalTwoSided,
  student975,
  studentTwoSided,
} from './distributions';
import { logGamma } from './log-gamma';

const relative = (value: number, truth: number) => Math.abs(value / truth - 1);

it('log gamma is the logarithm of factorials, and of sqrt(pi) at one half', () => {
  let factorial = 1;
  for (let n = 1; n < 60; n++, factorial *= n) {
    expect(Math.abs(logGamma(n + 1) - Math.log(factorial * 1))).toBeLessThan(1e-11);
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 14);
});

it('closed forms: chi-squared with 2 degrees of freedom, t with 1 and 2, uniform order statistics', () => {
  for (const x of [1e-6, 0.3, 1, 5, 40, 300, 1200]) {
    expect(relative(chiSquaredUpper(x, 2), Math.exp(-x / 2))).toBeLessThan(1e-12);
    expect(relative(studentTwoSided(x, 1), (2 / Math.PI) * Math.atan(1 / x))).toBeLessThan(1e-12);
    const t2 = 2 / (Math.sqrt(2 + x * x) * (Math.sqrt(2 + x * x) + x));
    expect(relative(studentTwoSided(x, 2), t2)).toBeLessThan(1e-12);
  }
  for (const p of [0.025, 0.5, 0.975]) {
    expect(relative(betaQuantile(p, 7, 1), p ** (1 / 7))).toBeLessThan(1e-13);
    expect(relative(betaQuantile(p, 1, 7), 1 - (1 - p) ** (1 / 7))).toBeLessThan(1e-13);
    expect(relative(chiSquaredQuantile(p, 2), -2 * Math.log(1 - p))).toBeLessThan(1e-13);
  }
  expect(student975(1)).toBeCloseTo(Math.tan(0.475 * Math.PI), 10);
});

it('keeps its digits far out, where a subtraction from 1 would leave nothing', () => {
  // Mills' ratio bounds the normal tail from both sides.
  const z = 20;
  const density = (2 * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
  expect(normalTwoSided(z)).toBeLessThan(density / z);
  expect(normalTwoSided(z)).toBeGreaterThan((density * z) / (z * z + 1));
  expect(student975(1e7)).toBeCloseTo(1.959964, 6);
});
