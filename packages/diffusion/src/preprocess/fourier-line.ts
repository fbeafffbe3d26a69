/** Complex numbers as two arrays. */
export interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/**
 * Discrete Fourier transforms of one length, whatever its factors: decimation in time by the smallest prime factor (Cooley &
 * Tukey, Math Comput 1965;19:297-301).
 */
export class FourierLine {
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;

  constructor(readonly length: number) {
    this.cos = Float64Array.from({ length }, (_, k) => Math.cos((2 * Math.PI * k) / length));
    this.sin = Float64Array.from({ length }, (_, k) => Math.sin((2 * Math.PI * k) / length));
  }

  /** sum over x of value(x) exp(-2 pi i k x / n). */
  forward(values: Complex): Complex {
    return this.transform(values, 0, 1, this.length, -1);
  }

  /** The inverse, divided by n. */
  inverse(values: Complex): Complex {
    const { re, im } = this.transform(values, 0, 1, this.length, 1);
    const scale = 1 / this.length;
    return { re: re.map((value) => value * scale), im: im.map((value) => value * scale) };
  }

  /** Transform of the `n` values at `from`, `from + step` ... */
  private transform({ re, im }: Complex, from: number, step: number, n: number, sign: number): Complex {
    if (n === 1) return { re: Float64Array.of(re[from] ?? 0), im: Float64Array.of(im[from] ?? 0) };
    const factor = smallestFactor(n);
    const part = n / factor;
    const parts = Array.from({ length: factor }, (_, j) =>
      this.transform({ re, im }, from + j * step, step * factor, part, sign),
    );
    const out = { re: new Float64Array(n), im: new Float64Array(n) };
    // Angles of length n in the table of the whole length.
    const stride = this.length / n;
    for (let k = 0; k < n; k++) {
      let sumRe = 0;
      let sumIm = 0;
      for (let j = 0; j < factor; j++) {
        const angle = ((j * k) % n) * stride;
        const c = this.cos[angle] ?? 0;
        const s = sign * (this.sin[angle] ?? 0);
        const a = parts[j]?.re[k % part] ?? 0;
        const b = parts[j]?.im[k % part] ?? 0;
        sumRe += a * c - b * s;
        sumIm += a * s + b * c;
      }
      out.re[k] = sumRe;
      out.im[k] = sumIm;
    }
    return out;
  }
}

function smallestFactor(n: number): number {
  for (let factor = 2; factor * factor <= n; factor++) if (n % factor === 0) return factor;
  return n;
}
