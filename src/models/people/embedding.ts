/**
 * Members as points: the directions in which the graph, each tie divided by the root of both ends' degrees, stretches most, found by
 * subspace iteration from chance (Halko, Martinsson, Tropp 2011). Members whose ties lie alike get points that lie alike.
 */
import { normal, type Random } from '../../core/random.ts';
import { cholesky } from '../linear-algebra.ts';
import type { Adjacency } from './graph.ts';

const WIDTH_MAX = 32;
const ROUNDS = 6;
const SWEEPS_MAX = 30;

export interface Embedding {
  readonly width: number;
  /** [members, width], orthonormal columns; the strongest direction first. */
  readonly points: Float64Array;
  /** How much each direction is stretched, with its sign. */
  readonly stretch: Float64Array;
}

/** Makes columns orthonormal, twice for the sake of rounding: X ← X · L⁻ᵀ with L · Lᵀ = Xᵀ · X. */
const orthonormal = (points: Float64Array, width: number): void => {
  for (let time = 0; time < 2; time++) {
    const products = new Float64Array(width * width);
    for (let at = 0; at < points.length; at += width) for (let i = 0; i < width; i++) {
      const own = points[at + i] ?? 0;
      if (own !== 0) for (let j = 0; j <= i; j++) products[i * width + j] = (products[i * width + j] ?? 0) + own * (points[at + j] ?? 0);
    }
    // Directions that have vanished stay small rather than fail.
    for (let i = 0; i < width; i++) products[i * width + i] = (products[i * width + i] ?? 0) * (1 + 1e-10) + 1e-14;
    const factor = cholesky(products, width);
    if (factor === undefined) return;
    for (let at = 0; at < points.length; at += width) for (let i = 0; i < width; i++) {
      let value = points[at + i] ?? 0;
      for (let j = 0; j < i; j++) value -= (factor[i * width + j] ?? 0) * (points[at + j] ?? 0);
      points[at + i] = value / (factor[i * width + i] ?? 1);
    }
  }
};

/** Eigenvalues and eigenvectors (in columns) of a small symmetric matrix, by Jacobi's rotations. The matrix is used up. */
const eigen = (matrix: Float64Array, size: number): { readonly values: Float64Array; readonly vectors: Float64Array } => {
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  const rotate = (table: Float64Array, places: readonly [number, number], turn: readonly [number, number]): void => {
    const [x, y] = [table[places[0]] ?? 0, table[places[1]] ?? 0];
    table[places[0]] = turn[0] * x - turn[1] * y;
    table[places[1]] = turn[1] * x + turn[0] * y;
  };
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) {
      const between = matrix[p * size + q] ?? 0;
      off += between * between;
      if (Math.abs(between) < 1e-15) continue;
      const angle = ((matrix[q * size + q] ?? 0) - (matrix[p * size + p] ?? 0)) / (2 * between);
      const tangent = (angle < 0 ? -1 : 1) / (Math.abs(angle) + Math.sqrt(angle * angle + 1));
      const cosine = 1 / Math.sqrt(tangent * tangent + 1);
      const turn = [cosine, tangent * cosine] as const;
      for (let i = 0; i < size; i++) rotate(matrix, [i * size + p, i * size + q], turn);
      for (let i = 0; i < size; i++) rotate(matrix, [p * size + i, q * size + i], turn);
      for (let i = 0; i < size; i++) rotate(vectors, [i * size + p, i * size + q], turn);
    }
    if (off < 1e-20) break;
  }
  return { values: Float64Array.from({ length: size }, (_, i) => matrix[i * size + i] ?? 0), vectors };
};

/** X ← D^(−½) · A · D^(−½) · X */
const stretched = (graph: Adjacency, inverseRoots: Float64Array, points: Float64Array): Float64Array => {
  const { members, data } = graph;
  const width = points.length / members;
  const out = new Float64Array(points.length);
  for (let member = 0; member < members; member++) {
    const to = member * width;
    for (let at = graph.from(member), end = graph.to(member); at < end; at++) {
      const other = data[at] ?? 0;
      const share = (inverseRoots[member] ?? 0) * (inverseRoots[other] ?? 0);
      for (let i = 0, from = other * width; i < width; i++) out[to + i] = (out[to + i] ?? 0) + share * (points[from + i] ?? 0);
    }
  }
  return out;
};

/** Rayleigh and Ritz: within the directions found, those that the graph stretches. */
const turned = (points: Float64Array, image: Float64Array, width: number): Embedding => {
  const within = new Float64Array(width * width);
  for (let at = 0; at < points.length; at += width) for (let i = 0; i < width; i++) {
    const own = points[at + i] ?? 0;
    for (let j = 0; j < width; j++) within[i * width + j] = (within[i * width + j] ?? 0) + own * (image[at + j] ?? 0);
  }
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) within[i * width + j] = within[j * width + i] = ((within[i * width + j] ?? 0) + (within[j * width + i] ?? 0)) / 2;
  const { values, vectors } = eigen(within, width);
  const order = Array.from(values.keys()).sort((a, b) => Math.abs(values[b] ?? 0) - Math.abs(values[a] ?? 0));
  const out = new Float64Array(points.length);
  for (let at = 0; at < points.length; at += width) order.forEach((column, to) => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += (points[at + i] ?? 0) * (vectors[i * width + column] ?? 0);
    out[at + to] = sum;
  });
  return { width, points: out, stretch: Float64Array.from(order, (column) => values[column] ?? 0) };
};

/** Cost: 2 · edges · width products a round, and members · width² to keep the directions apart. */
export const embed = (graph: Adjacency, degrees: Int32Array, random: Random): Embedding => {
  const width = Math.max(1, Math.min(WIDTH_MAX, graph.members >> 2));
  const inverseRoots = Float64Array.from(degrees, (degree) => (degree > 0 ? 1 / Math.sqrt(degree) : 0));
  let points: Float64Array = Float64Array.from({ length: graph.members * width }, () => normal(random));
  orthonormal(points, width);
  for (let round = 0; round < ROUNDS; round++) {
    points = stretched(graph, inverseRoots, points);
    orthonormal(points, width);
  }
  return turned(points, stretched(graph, inverseRoots, points), width);
};

/** What the embedding says of a pair: [how many ties it expects, the same with degrees set aside, the cosine of both points]. */
export const closeness = ({ width, points, stretch }: Embedding, a: number, b: number): readonly [number, number] => {
  let [dot, both, lengthA, lengthB] = [0, 0, 0, 0];
  for (let i = 0, atA = a * width, atB = b * width; i < width; i++) {
    const [x, y, by] = [points[atA + i] ?? 0, points[atB + i] ?? 0, stretch[i] ?? 0];
    dot += x * y * by;
    both += x * y * by * by;
    lengthA += x * x * by * by;
    lengthB += y * y * by * by;
  }
  return [dot, both / Math.sqrt(lengthA * lengthB + 1e-30)];
};
