"""SASRec and its loss in PyTorch: the twin of bench/lib/sasrec-step.ts, parameter by parameter, sum by sum.

Pre-normalised blocks with learned positions and causal softmax attention; a softmax over one positive and negatives that all
positions share, written as softplus(logsumexp(negatives) - positive). No dropout, so that both sides compute the same number.
"""
import math

import torch
import torch.nn.functional as F


def shapes(shape):
    """Names and shapes of the parameters, matrices as [in, out]."""
    width = shape["width"]
    found = {"items": [shape["items"], width], "positions": [shape["length"], width]}
    for block in range(shape["blocks"]):
        for norm in ("norm1", "norm2"):
            found[f"block{block}/{norm}/gain"] = [width]
            found[f"block{block}/{norm}/shift"] = [width]
        for layer in ("query", "key", "value", "out", "inner", "outer"):
            found[f"block{block}/{layer}/weight"] = [width, width]
            found[f"block{block}/{layer}/bias"] = [width]
    found["final/gain"] = [width]
    found["final/shift"] = [width]
    return found


def causal_mask(length):
    return torch.full((length, length), -1e9).triu(1)


def heads_of(x, heads):
    """[B, L, d] to [B * heads, L, d / heads]."""
    batch, length, width = x.shape
    return x.view(batch, length, heads, width // heads).transpose(1, 2).reshape(batch * heads, length, width // heads)


def attention(p, name, x, shape, mask):
    batch, length, width = x.shape
    heads = shape["heads"]
    flat = x.view(-1, width)
    # Scale and mask within the product. One product for query, key and value, or none of both, cost the same within noise.
    query, key, value = (heads_of(torch.addmm(p[f"{name}/{part}/bias"], flat, p[f"{name}/{part}/weight"]).view(batch, length, width), heads) for part in ("query", "key", "value"))
    scores = torch.baddbmm(mask, query, key.transpose(1, 2), alpha=math.sqrt(heads / width))
    mixed = torch.bmm(torch.softmax(scores, -1), value)
    mixed = mixed.view(batch, heads, length, width // heads).transpose(1, 2).reshape(-1, width)
    return torch.addmm(p[f"{name}/out/bias"], mixed, p[f"{name}/out/weight"]).view(batch, length, width)


def norm(p, name, x):
    return F.layer_norm(x, x.shape[-1:], p[f"{name}/gain"], p[f"{name}/shift"], 1e-6)


def feed_forward(p, name, x):
    width = x.shape[-1]
    inner = torch.relu(torch.addmm(p[f"{name}/inner/bias"], x.view(-1, width), p[f"{name}/inner/weight"]))
    return torch.addmm(p[f"{name}/outer/bias"], inner, p[f"{name}/outer/weight"]).view(x.shape)


def loss(p, batch, shape, mask):
    """Sum over positions, divided by `batch["of"]`, the positions of the whole step. ids and targets are [B, L], negatives [n]."""
    width = shape["width"]
    h = F.embedding(batch["ids"], p["items"]) * math.sqrt(width) + p["positions"]
    for block in range(shape["blocks"]):
        name = f"block{block}"
        h = h + attention(p, name, norm(p, f"{name}/norm1", h), shape, mask)
        h = h + feed_forward(p, name, norm(p, f"{name}/norm2", h))
    states = norm(p, "final", h).view(-1, width)
    positive = (states * F.embedding(batch["targets"].view(-1), p["items"])).sum(1)
    against = torch.logsumexp(states @ F.embedding(batch["negatives"], p["items"]).t(), 1)
    return F.softplus(against - positive).sum() / batch["of"]
