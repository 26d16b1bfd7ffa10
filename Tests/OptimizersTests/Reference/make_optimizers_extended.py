"""Trajectories of more settings on optimizer_gradients.npy, in double precision.

PyTorch 2.13.0 and optax 0.2.8 run themselves; the authors' optimizers (github.com/LiyuanLucasLiu/RAdam, radam/radam.py) are
restated here from their formulas, since that file needs an old PyTorch.

    pip install torch==2.13.0 optax==0.2.8 numpy && python make_optimizers_extended.py > optimizers_extended.csv
"""
import csv
import math
import pathlib
import sys

import jax
import numpy as np
import torch

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp  # noqa: E402
import optax  # noqa: E402

gradients = np.load(pathlib.Path(__file__).with_name("optimizer_gradients.npy"))
initial = np.array([0.0, 1.0, -1.0, 0.5, 2.0])


def by_torch(optimizer, clip=None, **options):
    parameter = torch.nn.Parameter(torch.tensor(initial))
    optimizer = getattr(torch.optim, optimizer)([parameter], **options)
    for gradient in gradients:
        parameter.grad = torch.tensor(gradient)
        if clip is not None:
            torch.nn.utils.clip_grad_norm_([parameter], clip)
        optimizer.step()
        yield parameter.detach().numpy().copy()


def by_optax(optimizer, clip=None, **options):
    transformation = getattr(optax, optimizer)(**options)
    if clip is not None:
        transformation = optax.chain(optax.clip_by_global_norm(clip), transformation)
    parameter = jnp.array(initial)
    state = transformation.init(parameter)
    for gradient in gradients:
        updates, state = transformation.update(jnp.array(gradient), state, parameter)
        parameter = optax.apply_updates(parameter, updates)
        yield np.array(parameter)


def by_authors(optimizer, lr, betas, eps, weight_decay=0.0, warmup=0, degenerated_to_sgd=False):
    theta, m, v = initial.copy(), np.zeros(5), np.zeros(5)
    beta1, beta2 = betas
    for t, g in enumerate(gradients, 1):
        v = beta2 * v + (1 - beta2) * g * g
        m = beta1 * m + (1 - beta1) * g
        if optimizer == "AdamW":
            rate = 1e-8 + t * lr / warmup if warmup > t else lr
            theta = theta - weight_decay * rate * theta
            theta = theta - rate * math.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (np.sqrt(v) + eps)
        else:
            longest = 2 / (1 - beta2) - 1
            length = longest - 2 * t * beta2**t / (1 - beta2**t)
            if length >= 5:
                step = math.sqrt(
                    (1 - beta2**t) * (length - 4) / (longest - 4) * (length - 2) / length * longest / (longest - 2)
                ) / (1 - beta1**t)
                theta = theta - weight_decay * lr * theta
                theta = theta - step * lr * m / (np.sqrt(v) + eps)
            elif degenerated_to_sgd:
                theta = theta - weight_decay * lr * theta
                theta = theta - lr / (1 - beta1**t) * m
        yield theta.copy()


adam = dict(lr=0.001, betas=(0.9, 0.999), eps=1e-08)
jax_adam = dict(learning_rate=0.001, b1=0.9, b2=0.999)
cases = [
    (by_torch, "SGD", dict(lr=0.01, momentum=0.9, nesterov=True)),
    (by_torch, "SGD", dict(lr=0.01, momentum=0.9, dampening=0.3)),
    (by_torch, "SGD", dict(lr=0.01, momentum=0.5, weight_decay=0.1)),
    (by_torch, "SGD", dict(lr=0.01, momentum=0.9, clip=0.5)),
    (by_torch, "RMSprop", dict(lr=0.001, alpha=0.99, eps=1e-08, momentum=0.9)),
    (by_torch, "RMSprop", dict(lr=0.001, alpha=0.9, eps=1e-06, centered=True)),
    (by_torch, "RMSprop", dict(lr=0.001, alpha=0.99, eps=1e-08, momentum=0.5, centered=True, weight_decay=0.01)),
    (by_torch, "Adam", dict(adam, weight_decay=0.01)),
    (by_torch, "Adam", dict(lr=0.01, betas=(0.5, 0.9), eps=0.01)),
    (by_torch, "Adam", dict(adam, clip=0.5)),
    (by_torch, "AdamW", dict(lr=0.01, betas=(0.8, 0.99), eps=1e-08, weight_decay=0.1)),
    (by_torch, "NAdam", dict(lr=0.002, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.01)),
    (by_torch, "NAdam", dict(lr=0.002, betas=(0.9, 0.99), eps=1e-08, weight_decay=0.01, decoupled_weight_decay=True)),
    (by_torch, "RAdam", dict(lr=0.01, betas=(0.9, 0.5), eps=1e-08)),
    (by_torch, "RAdam", dict(lr=0.01, betas=(0.9, 0.999), eps=0.0001)),
    (by_optax, "sgd", dict(learning_rate=0.01, momentum=0.9, nesterov=True)),
    (by_optax, "rmsprop", dict(learning_rate=0.001, decay=0.9, eps=1e-08)),
    (by_optax, "rmsprop", dict(learning_rate=0.001, decay=0.99, eps=1e-06, momentum=0.9)),
    (by_optax, "rmsprop", dict(learning_rate=0.001, decay=0.9, eps=1e-06, centered=True)),
    (by_optax, "adam", dict(jax_adam, eps=0.0, eps_root=1e-08)),
    (by_optax, "adam", dict(jax_adam, eps=1e-08, clip=0.5)),
    (by_optax, "adamw", dict(jax_adam, eps=1e-08, weight_decay=0.01)),
    (by_optax, "nadam", dict(jax_adam, eps=1e-08)),
    (by_optax, "radam", dict(learning_rate=0.01, b1=0.8, b2=0.99, eps=1e-06, threshold=5)),
    (by_authors, "RAdam", dict(adam, weight_decay=0.01)),
    (by_authors, "RAdam", dict(adam, weight_decay=0.01, degenerated_to_sgd=True)),
    (by_authors, "AdamW", dict(adam, weight_decay=0.01)),
    (by_authors, "AdamW", dict(adam, weight_decay=0.01, warmup=10)),
]
table = csv.writer(sys.stdout, lineterminator="\n")
table.writerow(["method", "t"] + [f"theta_{j}" for j in range(5)])
table.writerow(["initial", 0] + [repr(float(x)) for x in initial])
for run, optimizer, options in cases:
    words = " ".join(f"{key}={value}".replace(" ", "") for key, value in options.items())
    for t, theta in enumerate(run(optimizer, **options), 1):
        table.writerow([f"{run.__name__[3:]}.{optimizer} {words}", t] + [repr(float(x)) for x in theta])
