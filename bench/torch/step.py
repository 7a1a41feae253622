"""Processor seconds of one training step (forward and backward) of SASRec in this PyTorch, one thread; one JSON line.

    python3 step.py '{"sequences": 128, "length": 200, "width": 64, "blocks": 2, "heads": 2, "items": 3500, "negatives": 128}' <micro-batch> <warm> <steps>

bench/train-step.ts runs it in turn with the same step in TypeScript. Gradients of micro-batches add up; the optimiser is not in the time.
"""
import json
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import torch  # noqa: E402 (threads are read at the import)

from sasrec import causal_mask, loss, shapes  # noqa: E402


def blas():
    """The file of the BLAS in use: with the reference BLAS this comparison would be worth nothing."""
    with open("/proc/self/maps", encoding="utf8") as maps:
        found = {os.path.realpath(line.split()[-1]) for line in maps if "blas" in line}
    return sorted(found)


def main():
    shape = json.loads(sys.argv[1])
    micro, warm, steps = (int(word) for word in sys.argv[2:5])
    torch.set_num_threads(1)
    torch.manual_seed(1)
    parameters = {name: (torch.randn(size) * 0.1).requires_grad_() for name, size in shapes(shape).items()}
    mask = causal_mask(shape["length"])

    def draw(*size):
        return torch.randint(0, shape["items"], size)

    size = (shape["sequences"], shape["length"])
    ids, targets, negatives = draw(*size), draw(*size), draw(shape["negatives"])

    def step():
        for parameter in parameters.values():
            parameter.grad = None
        total = 0.0
        for at in range(0, shape["sequences"], micro):
            batch = {"ids": ids[at:at + micro], "targets": targets[at:at + micro], "negatives": negatives, "of": ids.numel()}
            part = loss(parameters, batch, shape, mask)
            part.backward()
            total += part.item()
        return total

    for _ in range(warm):
        step()
    seconds = []
    for _ in range(steps):
        begun = time.process_time()
        found = step()
        seconds.append(time.process_time() - begun)
    print(json.dumps({"runtime": f"torch {torch.__version__}", "blas": blas(), "microBatch": micro, "loss": found, "cpuSeconds": seconds}))


main()
