// The normal equations of a tensor: their sums, and their solution (L D L').

import { add, bits, bytesPerRow, double, DOUBTFUL, mul, SINGULAR, sub } from "./chunk";

/** Pivots below this fraction of their diagonal element: no solution (double), doubtful (single). */
const PIVOT_BELOW: f64 = 1e-12;
const DOUBTFUL_PIVOT: f32 = 3e-4;

// Sums over measurements, in this order: weight; weight x q (6); weight x quartic monomials of the direction (15);
// weight x residual; weight x residual x q (6).
export const SUM_Q: usize = 1;
export const SUM_QUARTIC: usize = 7;
export const SUM_RESIDUAL: usize = 22;
export const SUM_RESIDUAL_Q: usize = 23;
export const SUMS: usize = 29;

@inline
function sum<T extends number>(at: usize, index: usize): v128 {
  return v128.load(at + index * bytesPerRow<T>());
}

/** Of one shell of unit directions, sum(w q) = sum(w q (xx + yy + zz)). */
export function quadraticSums<T extends number>(at: usize): void {
  const rowBytes = bytesPerRow<T>();
  const m = at + SUM_QUARTIC * rowBytes;
  const xxyy = sum<T>(m, 3), xxzz = sum<T>(m, 4), yyzz = sum<T>(m, 5);
  const out = at + SUM_Q * rowBytes;
  v128.store(out, add<T>(add<T>(sum<T>(m, 0), xxyy), xxzz));
  v128.store(out + rowBytes, add<T>(add<T>(sum<T>(m, 1), xxyy), yyzz));
  v128.store(out + 2 * rowBytes, add<T>(add<T>(sum<T>(m, 2), xxzz), yyzz));
  v128.store(out + 3 * rowBytes, double<T>(add<T>(add<T>(sum<T>(m, 6), sum<T>(m, 9)), sum<T>(m, 12))));
  v128.store(out + 4 * rowBytes, double<T>(add<T>(add<T>(sum<T>(m, 7), sum<T>(m, 10)), sum<T>(m, 13))));
  v128.store(out + 5 * rowBytes, double<T>(add<T>(add<T>(sum<T>(m, 8), sum<T>(m, 11)), sum<T>(m, 14))));
}

/** Solves the normal equations of the residuals and adds the solution to the parameters, for one vector of voxels. */
export function solveVector<T extends number>(s: usize, p: usize, flag: usize): void {
  const rowBytes = bytesPerRow<T>();
  const total = sum<T>(s, 0);
  const inverse = v128.div<T>(v128.splat<T>(1), total);
  const q0 = sum<T>(s, 1), q1 = sum<T>(s, 2), q2 = sum<T>(s, 3), q3 = sum<T>(s, 4), q4 = sum<T>(s, 5), q5 = sum<T>(s, 6);
  const m0 = mul<T>(q0, inverse), m1 = mul<T>(q1, inverse), m2 = mul<T>(q2, inverse);
  const m3 = mul<T>(q3, inverse), m4 = mul<T>(q4, inverse), m5 = mul<T>(q5, inverse);
  const m = s + SUM_QUARTIC * rowBytes;
  const xxyy = sum<T>(m, 3), xxzz = sum<T>(m, 4), yyzz = sum<T>(m, 5);
  const xxyz = sum<T>(m, 8), yyxz = sum<T>(m, 10), zzxy = sum<T>(m, 12);
  // Lower triangle with ln S0 eliminated. Column 0:
  const d0 = sub<T>(sum<T>(m, 0), mul<T>(q0, m0));
  let l10 = sub<T>(xxyy, mul<T>(q1, m0));
  let l20 = sub<T>(xxzz, mul<T>(q2, m0));
  let l30 = sub<T>(double<T>(sum<T>(m, 6)), mul<T>(q3, m0));
  let l40 = sub<T>(double<T>(sum<T>(m, 7)), mul<T>(q4, m0));
  let l50 = sub<T>(double<T>(xxyz), mul<T>(q5, m0));
  const b1 = sub<T>(sum<T>(m, 1), mul<T>(q1, m1));
  let l21 = sub<T>(yyzz, mul<T>(q2, m1));
  let l31 = sub<T>(double<T>(sum<T>(m, 9)), mul<T>(q3, m1));
  let l41 = sub<T>(double<T>(yyxz), mul<T>(q4, m1));
  let l51 = sub<T>(double<T>(sum<T>(m, 11)), mul<T>(q5, m1));
  const b2 = sub<T>(sum<T>(m, 2), mul<T>(q2, m2));
  let l32 = sub<T>(double<T>(zzxy), mul<T>(q3, m2));
  let l42 = sub<T>(double<T>(sum<T>(m, 13)), mul<T>(q4, m2));
  let l52 = sub<T>(double<T>(sum<T>(m, 14)), mul<T>(q5, m2));
  const b3 = sub<T>(double<T>(double<T>(xxyy)), mul<T>(q3, m3));
  let l43 = sub<T>(double<T>(double<T>(xxyz)), mul<T>(q4, m3));
  let l53 = sub<T>(double<T>(double<T>(yyxz)), mul<T>(q5, m3));
  const b4 = sub<T>(double<T>(double<T>(xxzz)), mul<T>(q4, m4));
  let l54 = sub<T>(double<T>(double<T>(zzxy)), mul<T>(q5, m4));
  const b5 = sub<T>(double<T>(double<T>(yyzz)), mul<T>(q5, m5));
  // Factor, column by column; u = l d before the division.
  const limit = sizeof<T>() == 4 ? v128.splat<T>(<T>DOUBTFUL_PIVOT) : v128.splat<T>(<T>PIVOT_BELOW);
  const one = v128.splat<T>(1);
  let fine = v128.and(v128.gt<T>(total, v128.splat<T>(0)), v128.gt<T>(d0, mul<T>(limit, d0)));
  let i = v128.div<T>(one, d0);
  const i0 = i;
  let u1 = l10, u2 = l20, u3 = l30, u4 = l40, u5 = l50;
  l10 = mul<T>(u1, i); l20 = mul<T>(u2, i); l30 = mul<T>(u3, i); l40 = mul<T>(u4, i); l50 = mul<T>(u5, i);
  const d1 = sub<T>(b1, mul<T>(l10, u1));
  l21 = sub<T>(l21, mul<T>(l20, u1)); l31 = sub<T>(l31, mul<T>(l30, u1));
  l41 = sub<T>(l41, mul<T>(l40, u1)); l51 = sub<T>(l51, mul<T>(l50, u1));
  let d2 = sub<T>(b2, mul<T>(l20, u2));
  l32 = sub<T>(l32, mul<T>(l30, u2)); l42 = sub<T>(l42, mul<T>(l40, u2)); l52 = sub<T>(l52, mul<T>(l50, u2));
  let d3 = sub<T>(b3, mul<T>(l30, u3));
  l43 = sub<T>(l43, mul<T>(l40, u3)); l53 = sub<T>(l53, mul<T>(l50, u3));
  let d4 = sub<T>(b4, mul<T>(l40, u4));
  l54 = sub<T>(l54, mul<T>(l50, u4));
  let d5 = sub<T>(b5, mul<T>(l50, u5));
  fine = v128.and(fine, v128.gt<T>(d1, mul<T>(limit, b1)));
  i = v128.div<T>(one, d1);
  const i1 = i;
  u2 = l21; u3 = l31; u4 = l41; u5 = l51;
  l21 = mul<T>(u2, i); l31 = mul<T>(u3, i); l41 = mul<T>(u4, i); l51 = mul<T>(u5, i);
  d2 = sub<T>(d2, mul<T>(l21, u2));
  l32 = sub<T>(l32, mul<T>(l31, u2)); l42 = sub<T>(l42, mul<T>(l41, u2)); l52 = sub<T>(l52, mul<T>(l51, u2));
  d3 = sub<T>(d3, mul<T>(l31, u3));
  l43 = sub<T>(l43, mul<T>(l41, u3)); l53 = sub<T>(l53, mul<T>(l51, u3));
  d4 = sub<T>(d4, mul<T>(l41, u4));
  l54 = sub<T>(l54, mul<T>(l51, u4));
  d5 = sub<T>(d5, mul<T>(l51, u5));
  fine = v128.and(fine, v128.gt<T>(d2, mul<T>(limit, b2)));
  i = v128.div<T>(one, d2);
  const i2 = i;
  u3 = l32; u4 = l42; u5 = l52;
  l32 = mul<T>(u3, i); l42 = mul<T>(u4, i); l52 = mul<T>(u5, i);
  d3 = sub<T>(d3, mul<T>(l32, u3));
  l43 = sub<T>(l43, mul<T>(l42, u3)); l53 = sub<T>(l53, mul<T>(l52, u3));
  d4 = sub<T>(d4, mul<T>(l42, u4));
  l54 = sub<T>(l54, mul<T>(l52, u4));
  d5 = sub<T>(d5, mul<T>(l52, u5));
  fine = v128.and(fine, v128.gt<T>(d3, mul<T>(limit, b3)));
  i = v128.div<T>(one, d3);
  const i3 = i;
  u4 = l43; u5 = l53;
  l43 = mul<T>(u4, i); l53 = mul<T>(u5, i);
  d4 = sub<T>(d4, mul<T>(l43, u4));
  l54 = sub<T>(l54, mul<T>(l53, u4));
  d5 = sub<T>(d5, mul<T>(l53, u5));
  fine = v128.and(fine, v128.gt<T>(d4, mul<T>(limit, b4)));
  const i4 = v128.div<T>(one, d4);
  u5 = l54;
  l54 = mul<T>(u5, i4);
  d5 = sub<T>(d5, mul<T>(l54, u5));
  fine = v128.and(fine, v128.gt<T>(d5, mul<T>(limit, b5)));
  const i5 = v128.div<T>(one, d5);
  // Right-hand side: the residuals, ln S0 eliminated; the model falls with q.
  const r = s + SUM_RESIDUAL_Q * rowBytes;
  const mean = mul<T>(sum<T>(s, SUM_RESIDUAL), inverse);
  let x0 = sub<T>(mul<T>(q0, mean), sum<T>(r, 0));
  let x1 = sub<T>(sub<T>(mul<T>(q1, mean), sum<T>(r, 1)), mul<T>(l10, x0));
  let x2 = sub<T>(sub<T>(sub<T>(mul<T>(q2, mean), sum<T>(r, 2)), mul<T>(l20, x0)), mul<T>(l21, x1));
  let x3 = sub<T>(sub<T>(mul<T>(q3, mean), sum<T>(r, 3)), add<T>(add<T>(mul<T>(l30, x0), mul<T>(l31, x1)), mul<T>(l32, x2)));
  let x4 = sub<T>(
    sub<T>(mul<T>(q4, mean), sum<T>(r, 4)),
    add<T>(add<T>(mul<T>(l40, x0), mul<T>(l41, x1)), add<T>(mul<T>(l42, x2), mul<T>(l43, x3))),
  );
  let x5 = sub<T>(
    sub<T>(mul<T>(q5, mean), sum<T>(r, 5)),
    add<T>(add<T>(add<T>(mul<T>(l50, x0), mul<T>(l51, x1)), add<T>(mul<T>(l52, x2), mul<T>(l53, x3))), mul<T>(l54, x4)),
  );
  x5 = mul<T>(x5, i5);
  x4 = sub<T>(mul<T>(x4, i4), mul<T>(l54, x5));
  x3 = sub<T>(mul<T>(x3, i3), add<T>(mul<T>(l43, x4), mul<T>(l53, x5)));
  x2 = sub<T>(mul<T>(x2, i2), add<T>(add<T>(mul<T>(l32, x3), mul<T>(l42, x4)), mul<T>(l52, x5)));
  x1 = sub<T>(mul<T>(x1, i1), add<T>(add<T>(mul<T>(l21, x2), mul<T>(l31, x3)), add<T>(mul<T>(l41, x4), mul<T>(l51, x5))));
  x0 = sub<T>(
    mul<T>(x0, i0),
    add<T>(add<T>(add<T>(mul<T>(l10, x1), mul<T>(l20, x2)), add<T>(mul<T>(l30, x3), mul<T>(l40, x4))), mul<T>(l50, x5)),
  );
  const shift = add<T>(
    add<T>(add<T>(mul<T>(m0, x0), mul<T>(m1, x1)), add<T>(mul<T>(m2, x2), mul<T>(m3, x3))),
    add<T>(mul<T>(m4, x4), mul<T>(m5, x5)),
  );
  // Infinity - Infinity and NaN - NaN are not equal to 0.
  const check = add<T>(add<T>(x0, x1), x2);
  fine = v128.and(fine, v128.eq<T>(sub<T>(check, check), v128.splat<T>(0)));
  const bad = sizeof<T>() == 4 ? bits<T>(DOUBTFUL) : bits<T>(SINGULAR);
  const found = v128.load(flag);
  v128.store(flag, v128.bitselect(found, v128.or(found, bad), fine));
  correct<T>(p, add<T>(mean, shift), fine);
  correct<T>(p + rowBytes, x0, fine);
  correct<T>(p + 2 * rowBytes, x1, fine);
  correct<T>(p + 3 * rowBytes, x2, fine);
  correct<T>(p + 4 * rowBytes, x3, fine);
  correct<T>(p + 5 * rowBytes, x4, fine);
  correct<T>(p + 6 * rowBytes, x5, fine);
}

@inline
function correct<T extends number>(at: usize, by: v128, where: v128): void {
  const before = v128.load(at);
  v128.store(at, v128.bitselect(v128.add<T>(before, by), before, where));
}
