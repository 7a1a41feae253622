"""Writes test/fixtures/nn/sasrec-torch.json: losses of a few Adam steps in PyTorch, from a start that both sides work out by a formula.

    python3 bench/torch/parity.py > test/fixtures/nn/sasrec-torch.json

test/unit/nn/parity.test.ts goes the same way without torch.
"""
import json
import math

import torch

from sasrec import causal_mask, loss, shapes

SHAPE = {"sequences": 4, "length": 12, "width": 8, "blocks": 2, "heads": 2, "items": 30, "negatives": 10}
STEPS = 20
RATE = 0.01


def start(number, name, size):
    count = math.prod(size)
    base = 1.0 if name.endswith("gain") else 0.0
    values = [base + 0.3 * math.sin(12.9898 * (number + 1) + 78.233 * (i + 1)) for i in range(count)]
    return torch.tensor(values, dtype=torch.float32).view(size).requires_grad_()


def batch(step):
    count = SHAPE["sequences"] * SHAPE["length"]
    items = SHAPE["items"]
    size = (SHAPE["sequences"], SHAPE["length"])
    ids = torch.tensor([(7 * j + j * j + 13 * step) % items for j in range(count)]).view(size)
    targets = torch.tensor([(5 * j + 11 * step + 1) % items for j in range(count)]).view(size)
    negatives = torch.tensor([(3 * k + step) % items for k in range(SHAPE["negatives"])])
    return {"ids": ids, "targets": targets, "negatives": negatives, "of": count}


def main():
    names = sorted(shapes(SHAPE))
    parameters = {name: start(number, name, shapes(SHAPE)[name]) for number, name in enumerate(names)}
    optimiser = torch.optim.Adam(parameters.values(), lr=RATE)
    mask = causal_mask(SHAPE["length"])
    losses = []
    for step in range(STEPS):
        optimiser.zero_grad()
        found = loss(parameters, batch(step), SHAPE, mask)
        found.backward()
        optimiser.step()
        losses.append(found.item())
    print(json.dumps({"runtime": f"torch {torch.__version__}", "shape": SHAPE, "rate": RATE, "losses": losses}, indent=1))


main()
