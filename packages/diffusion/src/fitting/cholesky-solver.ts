/** Pivots below this fraction of their diagonal element mean that the system is singular. */
const PIVOT_BELOW = 1e-13;

/**
 * Solves small symmetric positive-definite systems by Cholesky factorisation (L D L'), without allocation. Unknowns
 * can be left out, so that parameters held at a bound do not move.
 */
export class CholeskySolver {
  /** Lower triangle, `[n][n]` row-major; to be filled by the caller, then overwritten by the factor. */
  readonly matrix: Float64Array;
  /** Right-hand side, to be filled by the caller, then the solution. */
  readonly vector: Float64Array;
  /** Non-zero: this unknown is 0 and its row is left out. */
  readonly left: Uint8Array;

  constructor(readonly size: number) {
    this.matrix = new Float64Array(size * size);
    this.vector = new Float64Array(size);
    this.left = new Uint8Array(size);
  }

  /** @returns false when the system is singular; `vector` then means nothing */
  solve(): boolean {
    const { size, matrix, vector, left } = this;
    for (let i = 0; i < size; i++) {
      if (left[i] === 0) continue;
      vector[i] = 0;
      for (let j = 0; j < i; j++) matrix[i * size + j] = 0;
      for (let k = i + 1; k < size; k++) matrix[k * size + i] = 0;
      matrix[i * size + i] = 1;
    }
    if (!this.factorise()) return false;
    this.substitute();
    return true;
  }

  /**
   * Inverse of the matrix that was last solved: column by column from the factor.
   *
   * @param out receives `[n][n]`, both triangles
   */
  inverseOfFactor(out: Float64Array): void {
    const { size, vector } = this;
    for (let column = 0; column < size; column++) {
      vector.fill(0);
      vector[column] = 1;
      this.substitute();
      for (let row = 0; row < size; row++) out[row * size + column] = vector[row] ?? 0;
    }
  }

  /** L D L' in place: D on the diagonal, L below it. */
  private factorise(): boolean {
    const { size, matrix } = this;
    for (let j = 0; j < size; j++) {
      const before = matrix[j * size + j] ?? 0;
      let pivot = before;
      for (let k = 0; k < j; k++) pivot -= (matrix[j * size + k] ?? 0) ** 2 * (matrix[k * size + k] ?? 0);
      if (!(pivot > PIVOT_BELOW * before)) return false;
      matrix[j * size + j] = pivot;
      for (let i = j + 1; i < size; i++) {
        let sum = matrix[i * size + j] ?? 0;
        for (let k = 0; k < j; k++)
          sum -= (matrix[i * size + k] ?? 0) * (matrix[j * size + k] ?? 0) * (matrix[k * size + k] ?? 0);
        matrix[i * size + j] = sum / pivot;
      }
    }
    return true;
  }

  private substitute(): void {
    const { size, matrix, vector } = this;
    for (let i = 1; i < size; i++) {
      let sum = vector[i] ?? 0;
      for (let k = 0; k < i; k++) sum -= (matrix[i * size + k] ?? 0) * (vector[k] ?? 0);
      vector[i] = sum;
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = (vector[i] ?? 0) / (matrix[i * size + i] ?? 1);
      for (let k = i + 1; k < size; k++) sum -= (matrix[k * size + i] ?? 0) * (vector[k] ?? 0);
      vector[i] = sum;
    }
  }
}
