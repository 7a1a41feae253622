/** The upper tail of the chi-square distribution: regularised incomplete gamma, by series below the mean and by continued fraction above (Numerical Recipes 6.2). */
const logGamma = (x: number): number => {
  // Stirling's series from 10 on; below it by Γ(x + 1) = x Γ(x).
  if (x < 10) return logGamma(x + 1) - Math.log(x);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5);
};

const lowerSeries = (a: number, x: number, scale: number): number => {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < 100_000 && Math.abs(term) > Math.abs(sum) * 1e-14; n++) { term *= x / (a + n); sum += term; }
  return sum * scale;
};

const upperFraction = (a: number, x: number, scale: number): number => {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let n = 1; n < 100_000; n++) {
    const factor = -n * (n - a);
    b += 2;
    d = 1 / (factor * d + b);
    c = b + factor / c;
    h *= c * d;
    if (Math.abs(c * d - 1) < 1e-14) break;
  }
  return h * scale;
};

/** @returns the probability of this statistic or more under `degrees` degrees of freedom */
export const chiSquareTail = (statistic: number, degrees: number): number => {
  const [a, x] = [degrees / 2, statistic / 2];
  if (x <= 0) return 1;
  const scale = Math.exp(-x + a * Math.log(x) - logGamma(a));
  return x < a + 1 ? 1 - lowerSeries(a, x, scale) : upperFraction(a, x, scale);
};
