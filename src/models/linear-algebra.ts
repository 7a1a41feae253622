/** Small dense symmetric systems, row-major: enough for standard errors and Newton steps. */

/** Lower Cholesky factor of a positive definite matrix, or undefined where it is not one. */
export const cholesky = (matrix: Float64Array, size: number): Float64Array | undefined => {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (factor[i * size + k] ?? 0) * (factor[j * size + k] ?? 0);
      if (i === j) {
        if (!(sum > 0)) return undefined;
        factor[i * size + i] = Math.sqrt(sum);
      } else factor[i * size + j] = sum / (factor[j * size + j] ?? 1);
    }
  }
  return factor;
};

/** x of (L·Lᵀ)x = b. */
export const choleskySolve = (factor: Float64Array, b: Float64Array): Float64Array => {
  const size = b.length;
  const x = Float64Array.from(b);
  for (let i = 0; i < size; i++) {
    let sum = x[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= (factor[i * size + k] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (factor[i * size + i] ?? 1);
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i] ?? 0;
    for (let k = i + 1; k < size; k++) sum -= (factor[k * size + i] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (factor[i * size + i] ?? 1);
  }
  return x;
};

export const choleskyInverse = (factor: Float64Array, size: number): Float64Array => {
  const inverse = new Float64Array(size * size);
  const unit = new Float64Array(size);
  for (let column = 0; column < size; column++) {
    unit.fill(0);
    unit[column] = 1;
    const x = choleskySolve(factor, unit);
    for (let row = 0; row < size; row++) inverse[row * size + column] = x[row] ?? 0;
  }
  return inverse;
};

/** log of the determinant of L·Lᵀ. */
export const logDeterminant = (factor: Float64Array, size: number): number => {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += 2 * Math.log(factor[i * size + i] ?? 1);
  return sum;
};

/** out = M·v. */
export const multiply = (matrix: Float64Array, vector: Float64Array): Float64Array => {
  const size = vector.length;
  const out = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += (matrix[i * size + j] ?? 0) * (vector[j] ?? 0);
    out[i] = sum;
  }
  return out;
};
