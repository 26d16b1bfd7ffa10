"""Losses and gradients of small networks by PyTorch's autograd in double: transformer_pre, encoder_only,
uniform_residual_network.

    make_networks.py        (needs torch; made with 2.13.0; writes .npz and .json beside itself)

Parameters are one flat vector in the order of the JSON. Linear weights are [out, in], embeddings are multiplied by sqrt(d),
the output shares the (target's) embedding, LayerNorm and batch norm have epsilon 1e-5, the loss is PyTorch's cross-entropy
with label smoothing, its mean over the targets that are not padding. Convolution weights are [out, 3, 3, in] and images
[height, width, channel].
"""
import json
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

FOLDER = Path(__file__).resolve().parent
PAD = 0


class Parameters:
    """A flat vector of random parameters, given out by name."""

    def __init__(self, seed):
        self.generator = torch.Generator().manual_seed(seed)
        self.tensors = {}

    def __call__(self, name, *shape):
        if name not in self.tensors:
            around = 1.0 if name.endswith(".g") else 0.0
            scale = 0.1 if len(shape) == 1 else 1 / math.sqrt(np.prod(shape[1:]))
            values = around + scale * torch.randn(*shape, generator=self.generator, dtype=torch.double)
            self.tensors[name] = values.requires_grad_()
        return self.tensors[name]

    def description(self):
        offset, rows = 0, []
        for name, tensor in self.tensors.items():
            rows.append({"name": name, "shape": list(tensor.shape), "offset": offset})
            offset += tensor.numel()
        return rows

    def flat(self, pick):
        return np.concatenate([pick(tensor).detach().numpy().ravel() for tensor in self.tensors.values()])


def positions(count, width):
    half = width // 2
    frequency = torch.exp(-math.log(10000) * torch.arange(half, dtype=torch.double) / (half - 1))
    angle = torch.arange(count, dtype=torch.double)[:, None] * frequency
    return torch.cat([angle.sin(), angle.cos()], dim=1)


class Transformer:
    def __init__(self, parameters, layers, width, heads, feed_forward, vocabulary, pre):
        self.p, self.layers, self.width, self.heads = parameters, layers, width, heads
        self.feed_forward, self.vocabulary, self.pre = feed_forward, vocabulary, pre

    def linear(self, x, name, outputs):
        return F.linear(x, self.p(f"{name}.w", outputs, x.shape[-1]), self.p(f"{name}.b", outputs))

    def norm(self, x, name):
        return F.layer_norm(x, (self.width,), self.p(f"{name}.g", self.width), self.p(f"{name}.b", self.width))

    def mix(self, q, k, v, hidden):
        """hidden [B, Q, K] is true where a key is not seen."""
        def split(x):
            return x.reshape(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)
        scores = split(q) @ split(k).transpose(2, 3) / math.sqrt(self.width / self.heads)
        scores = scores.masked_fill(hidden[:, None], -math.inf)
        return (scores.softmax(-1) @ split(v)).transpose(1, 2).reshape(q.shape)

    def branch(self, x, name, function):
        """The norm's parameters come behind the branch's in the flat vector."""
        if not self.pre:
            return self.norm(x + function(x), name)
        with torch.no_grad():
            function(x)
        return x + function(self.norm(x, name))

    def layer(self, x, name, hidden, memory=None, memory_hidden=None):
        def own(x):
            q, k, v = self.linear(x, f"{name}.qkv", 3 * self.width).chunk(3, dim=-1)
            return self.linear(self.mix(q, k, v, hidden), f"{name}.o", self.width)

        def cross(x):
            q = self.linear(x, f"{name}.xq", self.width)
            k, v = self.linear(memory, f"{name}.xkv", 2 * self.width).chunk(2, dim=-1)
            return self.linear(self.mix(q, k, v, memory_hidden), f"{name}.xo", self.width)

        def feed_forward(x):
            return self.linear(self.linear(x, f"{name}.f1", self.feed_forward).relu(), f"{name}.f2", self.width)

        x = self.branch(x, f"{name}.ln1", own)
        if memory is not None:
            x = self.branch(x, f"{name}.lnx", cross)
        return self.branch(x, f"{name}.ln2", feed_forward)

    def stack(self, symbols, table, name, causal=False, memory=None, memory_hidden=None):
        length = symbols.shape[1]
        hidden = (symbols == PAD)[:, None, :].expand(-1, length, -1)
        if causal:
            hidden = hidden | torch.ones(length, length, dtype=torch.bool).triu(1)
        x = math.sqrt(self.width) * table[symbols] + positions(length, self.width)
        for layer in range(self.layers):
            x = self.layer(x, f"{name}.{layer}", hidden, memory, memory_hidden)
        return self.norm(x, f"{name}.ln") if self.pre else x


def random_symbols(generator, lengths, vocabulary):
    symbols = np.zeros((len(lengths), max(lengths)), dtype=np.int64)
    for row, length in enumerate(lengths):
        symbols[row, :length] = generator.integers(3, vocabulary, length)
    return symbols


def write(name, parameters, loss, likelihood, arrays, description):
    loss.backward()
    np.savez(FOLDER / f"{name}.npz", parameters=parameters.flat(lambda t: t), gradient=parameters.flat(lambda t: t.grad),
             loss=loss.detach().numpy(), nll=likelihood.detach().numpy(), **arrays)
    text = json.dumps(description | {"parameters": parameters.description()}, indent=1)
    (FOLDER / f"{name}.json").write_text(text + "\n")
    print(name, loss.item())


def losses(logits, targets, smoothing, **options):
    logits, targets = logits.reshape(-1, logits.shape[-1]), targets.reshape(-1)
    return (F.cross_entropy(logits, targets, label_smoothing=smoothing, **options),
            F.cross_entropy(logits, targets, **options))


def transformer_pre():
    # Three heads of width 3: neither is a multiple of the kernels' eight.
    shape = {"vocabulary": 21, "layers": 2, "width": 18, "heads": 3, "feed_forward": 13}
    generator, parameters = np.random.default_rng(11), Parameters(11)
    model = Transformer(parameters, pre=True, **shape)
    source = torch.tensor(random_symbols(generator, [9, 3, 12, 1], shape["vocabulary"]))
    words = random_symbols(generator, [10, 17, 1, 4], shape["vocabulary"])
    target_in, target_out = np.zeros((4, 18), dtype=np.int64), np.zeros((4, 18), dtype=np.int64)
    for row, length in enumerate([10, 17, 1, 4]):
        target_in[row, 0], target_in[row, 1:length + 1] = 1, words[row, :length]
        target_out[row, :length], target_out[row, length] = words[row, :length], 2
    target_in, target_out = torch.tensor(target_in), torch.tensor(target_out)
    source_table = parameters("src.emb", shape["vocabulary"], shape["width"])
    target_table = parameters("tgt.emb", shape["vocabulary"], shape["width"])
    memory = model.stack(source, source_table, "enc")
    hidden = (source == PAD)[:, None, :].expand(-1, target_in.shape[1], -1)
    output = model.stack(target_in, target_table, "dec", True, memory, hidden)
    loss, likelihood = losses(output @ target_table.T, target_out, 0.1, ignore_index=PAD)
    write("transformer_pre", parameters, loss, likelihood,
          {"source": source, "target_in": target_in, "target_out": target_out},
          shape | {"label_smoothing": 0.1, "pad": PAD})


def encoder_only():
    shape = {"vocabulary": 19, "layers": 3, "width": 32, "heads": 2, "feed_forward": 24}
    generator, parameters = np.random.default_rng(12), Parameters(12)
    model = Transformer(parameters, pre=False, **shape)
    lengths = [5, 23, 16, 8, 27]
    original = random_symbols(generator, lengths, shape["vocabulary"])
    masked = (generator.random(original.shape) < 0.3) & (original != PAD)
    source = np.where(masked, 2, original)
    target_out = np.where(masked, original, PAD)
    source, target_out = torch.tensor(source), torch.tensor(target_out)
    table = parameters("src.emb", shape["vocabulary"], shape["width"])
    output = model.stack(source, table, "enc")
    loss, likelihood = losses(output @ table.T, target_out, 0.0, ignore_index=PAD)
    write("encoder_only", parameters, loss, likelihood, {"source": source, "target_out": target_out},
          shape | {"label_smoothing": 0.0, "pad": PAD})


def uniform_residual_network():
    channels, blocks, classes, side = 6, 2, 10, 8
    generator, parameters = np.random.default_rng(13), Parameters(13)
    images = torch.tensor(generator.integers(0, 17, (7, side, side, 1)) / 16)  # exact in single precision
    labels = torch.tensor(generator.integers(0, classes, 7))
    moments = {}

    def convolution(x, name):
        weight = parameters(f"{name}.w", channels, 3, 3, x.shape[1])
        return F.conv2d(x, weight.permute(0, 3, 1, 2), padding=1)

    def batch_norm(x, name, training):
        mean, variance = moments.setdefault(name, (torch.zeros(channels).double(), torch.ones(channels).double()))
        return F.batch_norm(x, mean, variance, parameters(f"{name}.g", channels), parameters(f"{name}.b", channels),
                            training=training, momentum=0.1, eps=1e-5)

    def logits(training):
        x = images.permute(0, 3, 1, 2)
        x = batch_norm(convolution(x, "stem.conv"), "stem.norm", training).relu()
        for block in range(blocks):
            y = batch_norm(convolution(x, f"block.{block}.conv1"), f"block.{block}.norm1", training).relu()
            y = batch_norm(convolution(y, f"block.{block}.conv2"), f"block.{block}.norm2", training)
            x = (x + y).relu()
        x = x.mean(dim=(2, 3))
        return F.linear(x, parameters("out.w", classes, channels), parameters("out.b", classes))

    loss, likelihood = losses(logits(True), labels, 0.05)
    evaluated, _ = losses(logits(False), labels, 0.05)
    running = {"running_mean": torch.stack([m for m, _ in moments.values()]),
               "running_variance": torch.stack([v for _, v in moments.values()])}
    write("uniform_residual_network", parameters, loss, likelihood,
          {"images": images, "labels": labels, "evaluated_loss": evaluated.detach().numpy()} | running,
          {"channels": channels, "blocks": blocks, "classes": classes, "side": side, "label_smoothing": 0.05})


transformer_pre()
encoder_only()
uniform_residual_network()
