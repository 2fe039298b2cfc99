"""Trains the toy model on `ids.npy` for the given time and writes its weights.

    python3 train.py MINUTES [THREADS]

A decoder of the llama architecture, in the layout in which llama.cpp expects its tensors: RMS norm
before each part, rotary positions on interleaved pairs, grouped-query attention, a gated
feed-forward part, and the embedding used again for the output. Every window starts where a dialogue
does. What the user says counts a tenth of what the assistant says. Writes `weights.json` and
`weights.bin` (32-bit floats, little-endian), which scripts/model/export-tiny.ts turns into GGUF.

Source: Touvron et al., "LLaMA", 2023; Su et al., "RoFormer", 2021; Ainslie et al., "GQA", 2023;
Shazeer, "GLU Variants Improve Transformer", 2020.
"""

import json
import math
import sys
import time

import numpy
import torch
from torch import nn
from torch.nn import functional

SHAPE = {"dim": 192, "layers": 6, "heads": 6, "kvHeads": 2, "ff": 512}
DIM, LAYERS, HEADS, KV_HEADS, FF = SHAPE.values()
HEAD_DIM = DIM // HEADS
WINDOW_TOKENS = 144
BATCH_WINDOWS = 12

LEARNING_RATE = 3e-3
WARM_UP_STEPS = 60
USER_WEIGHT = 0.1
NORM_EPSILON = 1e-5
ROTARY_BASE = 10_000


def rotary_tables():
    frequencies = 1 / ROTARY_BASE ** (torch.arange(0, HEAD_DIM, 2).float() / HEAD_DIM)
    angles = torch.arange(WINDOW_TOKENS).float()[:, None] * frequencies[None]
    return angles.cos(), angles.sin()


COS, SIN = rotary_tables()
FUTURE = torch.full((WINDOW_TOKENS, WINDOW_TOKENS), float("-inf")).triu(1)


def rotate(x):
    """Turns each pair of neighbouring values by its position's angle."""
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * COS - odd * SIN, even * SIN + odd * COS), -1).flatten(-2)


class Norm(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(DIM))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + NORM_EPSILON) * self.weight


def linear(inputs, outputs):
    return nn.Linear(inputs, outputs, bias=False)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.attn_norm, self.ffn_norm = Norm(), Norm()
        self.attn_q = linear(DIM, DIM)
        self.attn_k = linear(DIM, KV_HEADS * HEAD_DIM)
        self.attn_v = linear(DIM, KV_HEADS * HEAD_DIM)
        self.attn_output = linear(DIM, DIM)
        self.ffn_gate = linear(DIM, FF)
        self.ffn_up = linear(DIM, FF)
        self.ffn_down = linear(FF, DIM)

    def forward(self, x):
        x = x + self.attend(self.attn_norm(x))
        h = self.ffn_norm(x)
        return x + self.ffn_down(functional.silu(self.ffn_gate(h)) * self.ffn_up(h))

    def attend(self, h):
        batch = h.shape[0]

        def split(x, heads):
            return x.view(batch, WINDOW_TOKENS, heads, HEAD_DIM).transpose(1, 2)

        q = rotate(split(self.attn_q(h), HEADS))
        k = rotate(split(self.attn_k(h), KV_HEADS)).repeat_interleave(HEADS // KV_HEADS, 1)
        v = split(self.attn_v(h), KV_HEADS).repeat_interleave(HEADS // KV_HEADS, 1)
        scores = (q @ k.transpose(-1, -2)) / math.sqrt(HEAD_DIM) + FUTURE
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, WINDOW_TOKENS, DIM)
        return self.attn_output(mixed)


class Model(nn.Module):
    def __init__(self, vocabulary_size):
        super().__init__()
        self.token_embd = nn.Embedding(vocabulary_size, DIM)
        self.blk = nn.ModuleList(Block() for _ in range(LAYERS))
        self.output_norm = Norm()
        for parameter in self.parameters():
            if parameter.dim() > 1:
                is_embedding = parameter.shape[0] == vocabulary_size
                scale = 0.02 if is_embedding else 0.7 * parameter.shape[1] ** -0.5
                nn.init.normal_(parameter, 0, scale)

    def forward(self, ids):
        x = self.token_embd(ids)
        for block in self.blk:
            x = block(x)
        return functional.linear(self.output_norm(x), self.token_embd.weight)


def token_weights(ids, turn_start):
    """How much each token counts: the assistant's turns fully, all else a little."""
    after_start = ids[1:][ids[:-1] == turn_start]
    assistant = numpy.bincount(after_start).argmax()
    weights = numpy.zeros(len(ids), dtype="f4")
    weight = USER_WEIGHT
    for place, token in enumerate(ids):
        if token == turn_start:
            weight = USER_WEIGHT
        elif place > 0 and ids[place - 1] == turn_start:
            weight = 1.0 if token == assistant else USER_WEIGHT
        weights[place] = weight
    return weights


def learning_rate(step, progress):
    """A short warm-up, then half a cosine down to a fiftieth."""
    warm_up = min(1, (step + 1) / WARM_UP_STEPS)
    return LEARNING_RATE * warm_up * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress)))


def train(model, ids, weights, starts, limit_seconds):
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=LEARNING_RATE, betas=(0.9, 0.97), weight_decay=0.05
    )
    generator = torch.Generator().manual_seed(3)
    started = time.monotonic()
    step = 0
    while (progress := (time.monotonic() - started) / limit_seconds) < 1:
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, progress)
        picked = starts[torch.randint(0, len(starts), (BATCH_WINDOWS,), generator=generator)]
        inputs = torch.stack([ids[start : start + WINDOW_TOKENS] for start in picked])
        targets = torch.stack([ids[start + 1 : start + WINDOW_TOKENS + 1] for start in picked])
        counts = torch.stack([weights[start + 1 : start + WINDOW_TOKENS + 1] for start in picked])
        loss = weighted_loss(model(inputs), targets, counts)

        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        if step % 100 == 0:
            print(f"step {step}, {progress:.0%}, loss {loss.item():.3f}", flush=True)


def weighted_loss(logits, targets, counts):
    losses = functional.cross_entropy(
        logits.view(-1, logits.shape[-1]), targets.view(-1), reduction="none"
    )
    return (losses * counts.view(-1)).sum() / counts.sum()


def write_weights(model):
    tensors, arrays, offset = {}, [], 0
    for name, parameter in model.named_parameters():
        values = parameter.detach().numpy().astype("<f4").ravel()
        # ggml names the fastest-running dimension first.
        dimensions = list(reversed(parameter.shape))
        tensors[name] = {"offset": offset, "count": values.size, "dimensions": dimensions}
        arrays.append(values)
        offset += values.size
    numpy.concatenate(arrays).tofile("weights.bin")
    with open("weights.json", "w", encoding="utf-8") as file:
        json.dump({"shape": SHAPE, "tensors": tensors}, file)


def main():
    limit_seconds = float(sys.argv[1]) * 60
    torch.manual_seed(1)
    torch.set_num_threads(int(sys.argv[2]) if len(sys.argv) > 2 else 2)

    with open("vocabulary.json", encoding="utf-8") as file:
        tokens = json.load(file)["tokens"]
    raw_ids = numpy.load("ids.npy").astype(numpy.int64)
    ids = torch.from_numpy(raw_ids)
    weights = torch.from_numpy(token_weights(raw_ids, tokens.index("<|im_start|>")))
    starts = (ids == tokens.index("<|bos|>")).nonzero().flatten()
    starts = starts[starts < len(ids) - WINDOW_TOKENS - 1]

    model = Model(len(tokens))
    train(model, ids, weights, starts, limit_seconds)
    write_weights(model)


if __name__ == "__main__":
    main()
