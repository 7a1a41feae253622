/** The table of operators: one row each, its shape, its ONNX nodes and its gradient. */
import type { Operator } from '../graph.ts';
import { ARRANGEMENT } from './arrangement.ts';
import { ELEMENTWISE } from './elementwise.ts';
import { REDUCTION } from './reduction.ts';

export type OperatorName = keyof typeof ELEMENTWISE | keyof typeof ARRANGEMENT | keyof typeof REDUCTION;
export const OPERATORS: Readonly<Record<OperatorName, Operator>> = { ...ELEMENTWISE, ...ARRANGEMENT, ...REDUCTION };
