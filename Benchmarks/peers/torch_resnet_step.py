"""Peer of the residual network: forward and backward passes of a CIFAR residual network in PyTorch, eager, on one thread.

The network of He et al. (2016, section 4.2) with projection shortcuts, on the same batch: 3x3 convolutions without bias and
batch norm, three stages of n blocks, the mean over the pixels, a linear layer. The default is the network of the task `fashion`;
--side 32 --inputs 3 --widths 16,32,64 is the ResNet-20 of CIFAR-10.
--channels-last stores images as PyTorch likes them best on some processors, --optimizer adds the step of torch.optim.Adam, the
fused one.

    OMP_NUM_THREADS=1 torch_resnet_step.py [--repeat N] [--batch B] [--side S] [--inputs C] [--widths A,B,C] [--blocks N]
        [--padded] [--channels-last] [--optimizer]
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
import torch
import torch.nn as nn
import torch.nn.functional as F

import peer


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride, padded):
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs)
        self.conv2, self.norm2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs)
        self.stride, self.grown = stride, outputs - inputs
        self.shortcut = None
        if not padded and (stride > 1 or inputs != outputs):
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.norm2(self.conv2(self.norm1(self.conv1(x)).relu()))
        if self.shortcut is not None:
            x = self.shortcut(x)
        elif self.stride > 1 or self.grown:
            x = F.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, 0, self.grown))
        return (y + x).relu()


class ResidualNetwork(nn.Module):
    def __init__(self, inputs, widths, blocks, classes, padded):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(inputs, widths[0], 3, 1, 1, bias=False), nn.BatchNorm2d(widths[0])
        layers, width = [], widths[0]
        for stage, outputs in enumerate(widths):
            for block in range(blocks):
                layers.append(Block(width, outputs, 2 if stage and not block else 1, padded))
                width = outputs
        self.blocks = nn.Sequential(*layers)
        self.output = nn.Linear(width, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, x):
        return self.output(self.blocks(self.norm(self.conv(x)).relu()).mean((2, 3)))


def main():
    parser = peer.arguments(__doc__)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--side", type=int, default=14)
    parser.add_argument("--inputs", type=int, default=1)
    parser.add_argument("--widths", type=peer.steps, default=[8, 16, 32])
    parser.add_argument("--blocks", type=int, default=3)
    parser.add_argument("--padded", action="store_true")
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--optimizer", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    model = ResidualNetwork(options.inputs, options.widths, options.blocks, 10, options.padded)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4, fused=True) if options.optimizer else None
    shape = options.batch, options.inputs, options.side, options.side
    count = options.batch * options.inputs * options.side ** 2
    images = ((torch.arange(count) * 7919 + 13) % 256 / 255).reshape(shape)
    labels = torch.arange(options.batch) * 7 % 10
    if options.channels_last:
        model, images = model.to(memory_format=torch.channels_last), images.to(memory_format=torch.channels_last)

    def run():
        model.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        if optimizer:
            optimizer.step()
        return loss.item()

    for _ in range(10):
        run()
    seconds, loss = peer.timed(run, options.repeat)
    peer.report("torch_resnet_step", vars(options), seconds, {"loss": loss}, ("torch",))


if __name__ == "__main__":
    main()
