// A model small enough to train in a test, with all that a large one has: dense and sparse parameters, drawn negatives and dropout.
// It is handed the runtime, so that it runs from TypeScript sources in a test and from compiled files in a process of its own.

const MEMBERS = 60;
const ITEMS = 40;
const WIDTH = 4;
const BATCH = 64;
const BATCHES = 12;

/** Which items a member likes: those of the same remainder. */
const likes = (member, item) => (member % 4 === item % 4 ? 1 : 0);

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** The chance of a like is σ(member · item + bias of the item); members are dense, items sparse. */
export const logisticTask = ({ createArena, seededRandom, createStream, createDropoutPool }, { seed, width = WIDTH, onStep = () => undefined }) => {
  const arena = createArena([
    { name: 'member', shape: [MEMBERS, width], init: { kind: 'normal', deviation: 0.3 }, decay: true },
    { name: 'item', shape: [ITEMS, width], init: { kind: 'normal', deviation: 0.3 }, sparse: true },
    { name: 'bias', shape: [ITEMS], init: { kind: 'zeros' } },
  ], seededRandom(seed).fork('init'));
  const [member, item, bias] = ['member', 'item', 'bias'].map((name) => arena.parameter(name));
  const pool = createDropoutPool(seed, 1024);
  const logit = (m, i, mask) => {
    let sum = bias.value[i];
    for (let k = 0; k < width; k++) sum += member.value[m * width + k] * item.value[i * width + k] * mask[k];
    return sum;
  };
  const step = (epoch, batch) => {
    onStep(epoch, batch);
    const items = new Int32Array(BATCH);
    createStream({ seed, label: 'negatives', epoch, batch }).below(items, ITEMS);
    const members = new Int32Array(BATCH);
    createStream({ seed, label: 'order', epoch, batch }).below(members, MEMBERS);
    const masks = pool.batch(epoch, batch);
    let loss = 0;
    for (let n = 0; n < BATCH; n++) {
      const [m, i] = [members[n], items[n]];
      const mask = masks(width, 0.1);
      const [z, y] = [logit(m, i, mask), likes(m, i)];
      loss += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - y * z;
      const slope = (sigmoid(z) - y) / BATCH;
      bias.gradient[i] += slope;
      member.addRows(Int32Array.of(m), Float32Array.from(mask, (kept, k) => slope * kept * item.value[i * width + k]));
      item.addRows(Int32Array.of(i), Float32Array.from(mask, (kept, k) => slope * kept * member.value[m * width + k]));
    }
    return Promise.resolve({ loss, targets: BATCH });
  };
  const validate = () => {
    const whole = new Float32Array(width).fill(1);
    let right = 0;
    for (let m = 0; m < MEMBERS; m++) for (let i = 0; i < ITEMS; i++) if ((logit(m, i, whole) > 0 ? 1 : 0) === likes(m, i)) right++;
    return Promise.resolve({ metric: right / (MEMBERS * ITEMS), details: { right } });
  };
  return { arena, batches: BATCHES, step, validate };
};

export const RECIPE = { schedule: { kind: 'cosine', rate: 0.1, floor: 0.01, steps: 96, warmUpSteps: 6 }, adam: { decay: 0.001 }, clip: 0.5, average: 0.95 };
