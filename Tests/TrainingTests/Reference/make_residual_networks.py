"""Loss, gradients and running moments of residual networks with stages by PyTorch's own modules and autograd in double.

    make_residual_networks.py        (needs torch; made with 2.13.0; writes .npz and .json beside itself)

The batches have lengths that are no multiple of eight, the widths none of four, and the images odd sides and sides that
differ. Parameters are one flat vector in the order of the JSON; images are [image, channel, height, width].
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parents[2] / "Benchmarks" / "peers"))
from torch_resnet_step import ResidualNetwork


def names(model, blocks):
    """The order and the names that the layout has."""
    pairs = [("stem.conv.w", model.conv.weight), ("stem.norm.g", model.norm.weight), ("stem.norm.b", model.norm.bias)]
    norms = [model.norm]
    for index, block in enumerate(model.blocks):
        name = f"stage.{index // blocks}.block.{index % blocks}"
        for number, convolution, norm in (1, block.conv1, block.norm1), (2, block.conv2, block.norm2):
            pairs.append((f"{name}.conv{number}.w", convolution.weight))
            pairs += [(f"{name}.norm{number}.g", norm.weight), (f"{name}.norm{number}.b", norm.bias)]
            norms.append(norm)
        if block.shortcut is not None:
            convolution, norm = block.shortcut
            pairs.append((f"{name}.shortcut.w", convolution.weight))
            pairs += [(f"{name}.norm3.g", norm.weight), (f"{name}.norm3.b", norm.bias)]
            norms.append(norm)
    return pairs + [("out.w", model.output.weight), ("out.b", model.output.bias)], norms


def make(name, seed, inputs, height, width, classes, widths, blocks, padded, images, smoothing):
    torch.manual_seed(seed)
    model = ResidualNetwork(inputs, widths, blocks, classes, padded).double()
    pairs, norms = names(model, blocks)
    assert sum(tensor.numel() for _, tensor in pairs) == sum(p.numel() for p in model.parameters())
    with torch.no_grad():
        for _, tensor in pairs:
            if tensor.dim() == 1:
                tensor += 0.1 * torch.randn_like(tensor)
    generator = np.random.default_rng(seed)
    pixels = torch.tensor(generator.integers(0, 257, (images, inputs, height, width)) / 256)  # exact in single precision
    labels = torch.tensor(generator.integers(0, classes, images))
    logits = model(pixels)
    loss = F.cross_entropy(logits, labels, label_smoothing=smoothing)
    likelihood = F.cross_entropy(logits, labels)
    loss.backward()
    model.eval()
    evaluated = model(pixels)
    flat = lambda tensors: np.concatenate([tensor.detach().numpy().ravel() for tensor in tensors])
    np.savez(
        FOLDER / f"{name}.npz", parameters=flat(tensor for _, tensor in pairs), gradient=flat(tensor.grad for _, tensor in pairs),
        images=pixels.numpy(), labels=labels.numpy(), loss=loss.detach().numpy().reshape(1), nll=likelihood.detach().numpy().reshape(1),
        evaluated_loss=F.cross_entropy(evaluated, labels, label_smoothing=smoothing).detach().numpy().reshape(1),
        correct=np.array([(evaluated.argmax(1) == labels).sum().item()]),
        running_mean=flat(norm.running_mean for norm in norms), running_variance=flat(norm.running_var for norm in norms))
    description = {
        "inputs": inputs, "height": height, "width": width, "classes": classes, "widths": widths, "blocks": blocks,
        "shortcut": "padded" if padded else "projection", "label_smoothing": smoothing,
        "parameters": [{"name": name, "shape": list(tensor.shape)} for name, tensor in pairs]}
    (FOLDER / f"{name}.json").write_text(json.dumps(description, indent=1) + "\n")


make("residual_projection", 1, 1, 14, 14, 10, [4, 6, 8], 1, False, 11, 0.0)
make("residual_padded", 2, 3, 14, 14, 10, [3, 5, 8], 1, True, 9, 0.1)
make("residual_odd", 3, 2, 9, 5, 3, [5, 5, 3], 2, False, 5, 0.0)
make("residual_same_width", 4, 1, 8, 6, 4, [5, 5], 2, True, 16, 0.0)
