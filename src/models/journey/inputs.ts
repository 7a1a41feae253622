/** What the two ranking heads read of a member's state and of items: the same numbers in training and serving. */

export const LIGHT_HIDDEN = 64;
export const FINALIST_HIDDEN = 32;
/** Unit vectors have small numbers, their products smaller ones; a perceptron wants inputs of about one. */
export const scalesOf = (width: number): { readonly vector: number; readonly product: number } => ({ vector: Math.sqrt(width), product: width });

/** Inputs of the light head at out[to …]: [state, state × item, item]; its features come behind them. */
export const fillLight = ({ state, vector, width }: { readonly state: Float32Array; readonly vector: Float32Array; readonly width: number }, out: Float32Array, to: number): void => {
  const scale = scalesOf(width);
  for (let i = 0; i < width; i++) {
    const [s, v] = [state[i] ?? 0, vector[i] ?? 0];
    out[to + i] = s * scale.vector;
    out[to + width + i] = s * v * scale.product;
    out[to + 2 * width + i] = v * scale.vector;
  }
};

/** Inputs of the finalists' head: [candidate's state, candidate's state × item, state × item]. */
export const fillFinalist = ({ state, vector, own, width }: { readonly state: Float32Array; readonly vector: Float32Array; readonly own: Float32Array; readonly width: number }, out: Float32Array, to: number): void => {
  const scale = scalesOf(width);
  for (let i = 0; i < width; i++) {
    const [s, v, z] = [state[i] ?? 0, vector[i] ?? 0, own[i] ?? 0];
    out[to + i] = z * scale.vector;
    out[to + width + i] = z * v * scale.product;
    out[to + 2 * width + i] = s * v * scale.product;
  }
};
