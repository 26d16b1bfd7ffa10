"""Peer of the training engine: forward and backward passes of the `main` Transformer in PyTorch, eager, on one thread.

The same network on the same batch: post-LN, 6+6 layers, d = 64, 4 heads, feed-forward 128, 612 symbols on either side,
580,608 parameters, label smoothing 0.1, no dropout. Attention is F.scaled_dot_product_attention, the faster choice.
--optimizer adds the step of torch.optim.Adam, the fused one.

    OMP_NUM_THREADS=1 torch_train_step.py [--repeat N] [--sentences B] [--length L] [--optimizer]
"""
import math
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
import torch
import torch.nn as nn
import torch.nn.functional as F

import peer

LAYERS, WIDTH, HEADS, FEED_FORWARD, VOCABULARY = 6, 64, 4, 128, 612


class Attention(nn.Module):
    def __init__(self, cross):
        super().__init__()
        self.cross = cross
        if cross:
            self.query, self.memory = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 2 * WIDTH)
        else:
            self.stacked = nn.Linear(WIDTH, 3 * WIDTH)
        self.output = nn.Linear(WIDTH, WIDTH)

    def forward(self, x, seen, memory=None):
        if self.cross:
            q, (k, v) = self.query(x), self.memory(memory).chunk(2, dim=-1)
        else:
            q, k, v = self.stacked(x).chunk(3, dim=-1)
        q, k, v = (t.reshape(t.shape[0], t.shape[1], HEADS, -1).transpose(1, 2) for t in (q, k, v))
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=seen)
        return self.output(mixed.transpose(1, 2).reshape(x.shape))


class Layer(nn.Module):
    def __init__(self, decoder):
        super().__init__()
        self.own, self.own_norm = Attention(False), nn.LayerNorm(WIDTH)
        if decoder:
            self.cross, self.cross_norm = Attention(True), nn.LayerNorm(WIDTH)
        self.inner, self.outer = nn.Linear(WIDTH, FEED_FORWARD), nn.Linear(FEED_FORWARD, WIDTH)
        self.norm = nn.LayerNorm(WIDTH)

    def forward(self, x, seen, memory=None, memory_seen=None):
        x = self.own_norm(x + self.own(x, seen))
        if memory is not None:
            x = self.cross_norm(x + self.cross(x, memory_seen, memory))
        return self.norm(x + self.outer(self.inner(x).relu()))


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.source, self.target = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(VOCABULARY, WIDTH)
        self.encoder = nn.ModuleList(Layer(False) for _ in range(LAYERS))
        self.decoder = nn.ModuleList(Layer(True) for _ in range(LAYERS))
        for table in (self.source, self.target):
            nn.init.normal_(table.weight, std=WIDTH ** -0.5)
        frequency = torch.exp(-math.log(10000) * torch.arange(WIDTH // 2) / (WIDTH // 2 - 1))
        angle = torch.arange(64)[:, None] * frequency
        self.register_buffer("positions", torch.cat([angle.sin(), angle.cos()], dim=1))

    def forward(self, source, target):
        source_seen = (source != 0)[:, None, None, :]
        length = target.shape[1]
        target_seen = (target != 0)[:, None, None, :] & torch.ones(length, length, dtype=torch.bool).tril()
        memory = math.sqrt(WIDTH) * self.source(source) + self.positions[:source.shape[1]]
        for layer in self.encoder:
            memory = layer(memory, source_seen)
        x = math.sqrt(WIDTH) * self.target(target) + self.positions[:length]
        for layer in self.decoder:
            x = layer(x, target_seen, memory, source_seen)
        return F.linear(x, self.target.weight)


def main():
    parser = peer.arguments(__doc__)
    parser.add_argument("--sentences", type=int, default=11)
    parser.add_argument("--length", type=int, default=23)
    parser.add_argument("--optimizer", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    model = Transformer()
    assert sum(p.numel() for p in model.parameters()) == 580_608
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4, fused=True) if options.optimizer else None
    shape = options.sentences, options.length
    symbols = 3 + (torch.arange(shape[0] * shape[1]).reshape(shape) * 7919 + 13) % (VOCABULARY - 3)

    def run():
        model.zero_grad(set_to_none=True)
        logits = model(symbols, symbols)
        loss = F.cross_entropy(logits.reshape(-1, VOCABULARY), symbols.reshape(-1), ignore_index=0, label_smoothing=0.1)
        loss.backward()
        if optimizer:
            optimizer.step()
        return loss.item()

    for _ in range(10):
        run()
    seconds, loss = peer.timed(run, options.repeat)
    peer.report("torch_train_step", vars(options), seconds, {"loss": loss}, ("torch",))


if __name__ == "__main__":
    main()
