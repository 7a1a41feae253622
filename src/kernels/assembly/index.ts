export { dotRange, dotRows, firstOutside } from './dot';
export { gemm } from './gemm';
export { lightHead, fold } from './light-head';
export { weighAll } from './logistic';
export { rowMeans } from './row-means';
export { rowSums } from './row-sums';
export { topK } from './top';
