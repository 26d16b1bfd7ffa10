"""For PyTorch: a recorder of gradients, every optimizer, RAdam's warmup as a scheduler, and a monitor of update sizes.

Importing this module needs torch; the rest of the package does not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ._errors import ParameterError
from .laws import implied_snr, update_moments
from .optimizers import Optimizer as FlatOptimizer
from .schedules import Implementation, Precision, schedule

__all__ = ["GradientRecorder", "Monitor", "MonitorEntry", "Optimizer", "RectifiedWarmup"]


class GradientRecorder:
    """Records the gradients of some coordinates of every parameter, step by step.

    As a context manager it hooks an optimizer, so that each ``optimizer.step()`` records what the step is about to use::

        with GradientRecorder(model, optimizer) as recorder:
            train()
        recorder.save("gradients.npz")

    Without an optimizer call :meth:`record` yourself between ``backward()`` and ``step()``.

    What it sees is ``parameter.grad`` at that moment: under mixed precision with a ``GradScaler`` that is the scaled gradient unless
    ``scaler.unscale_(optimizer)`` came before (``scaler=`` divides by the scale where it did not); with DistributedDataParallel the mean over
    the ranks, the same on each; with FSDP the shard of this rank. Gradients that are not finite are recorded as they are: a step that a
    GradScaler skips never reaches the hook. A parameter without a gradient is NaN at that step.

    Args:
        model: a module, or named parameters.
        optimizer: whose steps are recorded while the recorder is entered.
        coordinates: how many of each parameter are recorded, chosen once, evenly spread by chance; all where it has no more.
        seed: of the choice.
        scaler: a ``GradScaler`` whose scale is to be divided out.

    The chosen coordinates of all parameters are gathered on their device and copied to the host at once, at the next step or when they are
    asked for: one transfer and no synchronisation for each parameter.
    """

    def __init__(
        self,
        model: torch.nn.Module | Iterable[tuple[str, torch.Tensor]],
        optimizer: torch.optim.Optimizer | None = None,
        *,
        coordinates: int = 256,
        seed: int = 0,
        scaler: Any = None,
    ) -> None:
        if isinstance(coordinates, bool) or not isinstance(coordinates, int) or coordinates < 1:
            raise ParameterError("coordinates", repr(coordinates), "must be a whole number, at least 1")
        named = model.named_parameters() if isinstance(model, torch.nn.Module) else model
        self._parameters = [(name, parameter) for name, parameter in named if parameter.requires_grad]
        if not self._parameters:
            raise ParameterError("model", "without parameters", "must have one that requires a gradient")
        generator = np.random.Generator(np.random.PCG64(seed))
        self._indices: list[torch.Tensor] = []
        for _, parameter in self._parameters:
            size = parameter.numel()
            chosen = np.arange(size) if size <= coordinates else np.sort(generator.choice(size, coordinates, replace=False))
            self._indices.append(torch.from_numpy(chosen).to(parameter.device))
        self._optimizer, self._scaler = optimizer, scaler
        self._steps: list[np.ndarray] = []
        self._pending: tuple[torch.Tensor, torch.cuda.Event | None] | None = None
        self._hook: Any = None

    def __enter__(self) -> GradientRecorder:
        if self._optimizer is not None and self._hook is None:
            self._hook = self._optimizer.register_step_pre_hook(lambda *_: self.record())
        return self

    def __exit__(self, *_: object) -> None:
        if self._hook is not None:
            self._hook.remove()
            self._hook = None
        self._finish()

    @torch.no_grad()
    def record(self) -> None:
        """Records the gradients that the parameters have now."""
        self._finish()
        device = self._parameters[0][1].device
        parts = []
        for (_, parameter), indices in zip(self._parameters, self._indices):
            gradient = parameter.grad
            if gradient is None:
                parts.append(torch.full((indices.numel(),), math.nan, device=device))
                continue
            if gradient.is_sparse:
                gradient = gradient.to_dense()
            if hasattr(gradient, "to_local"):
                gradient = gradient.to_local()
            # Converted only once the few are taken.
            parts.append(gradient.reshape(-1)[indices].to(device=device, dtype=torch.float32))
        gathered = torch.cat(parts)
        if self._scaler is not None and self._scaler.is_enabled():
            gathered = gathered / self._scaler.get_scale()
        if gathered.is_cuda:
            host = torch.empty(gathered.shape, dtype=torch.float32, pin_memory=True)
            host.copy_(gathered, non_blocking=True)
            event = torch.cuda.Event()
            event.record()
            self._pending = (host, event)
        else:
            self._pending = (gathered.cpu(), None)

    def _finish(self) -> None:
        if self._pending is None:
            return
        values, event = self._pending
        if event is not None:
            event.synchronize()
        self._steps.append(values.numpy().copy())
        self._pending = None

    def __len__(self) -> int:
        return len(self._steps) + (self._pending is not None)

    def arrays(self) -> dict[str, np.ndarray]:
        """By the parameter's name float32 of shape [steps, coordinates]."""
        self._finish()
        total = sum(indices.numel() for indices in self._indices)
        steps = np.stack(self._steps) if self._steps else np.empty((0, total), np.float32)
        ends = np.cumsum([indices.numel() for indices in self._indices])
        return {name: part for (name, _), part in zip(self._parameters, np.split(steps, ends[:-1], axis=1))}

    def indices(self) -> dict[str, np.ndarray]:
        """By the parameter's name the coordinates that are recorded, as indices into the flattened parameter."""
        return {name: indices.cpu().numpy() for (name, _), indices in zip(self._parameters, self._indices)}

    def save(self, path: str | Path) -> None:
        """Writes an ``.npz`` with an array for each parameter, as ``varlab gradients`` reads it."""
        np.savez(path, **self.arrays())


class Optimizer(torch.optim.Optimizer):
    """Any method of :data:`varlab.METHOD_FORMS` as an optimizer of PyTorch, on the CPU, with PyTorch's steps by default.

    Parameters are float32 or float64; those on another device are stepped on the CPU and copied back. The state is PyTorch's: under
    ``state_dict()`` each parameter has ``step``, ``exp_avg``, ``exp_avg_sq`` and ``grad_avg`` as the method has them, and a run that is
    resumed from it goes on with the same bits. Any scheduler of PyTorch's may change ``lr``.

    Args:
        params: as for every optimizer of PyTorch; groups may have ``lr``, ``weight_decay``, ``betas`` and ``eps`` of their own.
        method: such as "radam", "adam-2k", "radam-exact".
        like: whose variant, where papers and libraries disagree.
        lr, betas, eps, weight_decay, decoupled, rmsprop_decay: as for :class:`varlab.Optimizer`.
    """

    _NAMES = {"momentum": "exp_avg", "second_moment": "exp_avg_sq", "gradient_average": "grad_avg"}

    def __init__(
        self,
        params: Any,
        method: str = "radam",
        *,
        like: Implementation = "torch",
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float | None = None,
        decoupled: bool | None = None,
        rmsprop_decay: float | None = None,
    ) -> None:
        self._flat: dict[torch.Tensor, FlatOptimizer] = {}
        defaults = {
            "method": method, "like": like, "lr": lr, "betas": tuple(betas), "eps": eps, "weight_decay": weight_decay, "decoupled": decoupled,
            "rmsprop_decay": rmsprop_decay,
        }
        FlatOptimizer(method, 0, like=like, lr=lr, betas=tuple(betas), eps=eps, weight_decay=weight_decay, rmsprop_decay=rmsprop_decay)
        super().__init__(params, defaults)

    def _of(self, parameter: torch.Tensor, group: dict[str, Any]) -> FlatOptimizer:
        flat = self._flat.get(parameter)
        if flat is None:
            if parameter.dtype not in (torch.float32, torch.float64):
                raise ParameterError("params", f"of {parameter.dtype}", "must be float32 or float64")
            flat = FlatOptimizer(
                group["method"], parameter.numel(), np.float32 if parameter.dtype == torch.float32 else np.float64, like=group["like"],
                lr=group["lr"], betas=tuple(group["betas"]), eps=group["eps"], weight_decay=group["weight_decay"],
                decoupled=group["decoupled"], rmsprop_decay=group["rmsprop_decay"])
            self._flat[parameter] = flat
        return flat

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for parameter in group["params"]:
                gradient = parameter.grad
                if gradient is None:
                    continue
                if gradient.is_sparse:
                    raise ParameterError("gradients", "sparse", "must be dense")
                flat = self._of(parameter, group)
                flat.set_learning_rate(float(group["lr"]))
                target = parameter.detach()
                host = target if target.device.type == "cpu" and target.is_contiguous() else target.cpu().contiguous()
                gradient = gradient.detach().to(device="cpu", dtype=parameter.dtype).contiguous()
                flat.step_at(host.data_ptr(), gradient.data_ptr())
                if host.data_ptr() != target.data_ptr():
                    target.copy_(host)
        return loss

    def state_dict(self) -> dict[str, Any]:  # type: ignore[override]
        for parameter, flat in self._flat.items():
            state = flat.state()
            entry: dict[str, Any] = {"step": torch.tensor(float(state["step"]), dtype=torch.float64)}
            for ours, theirs in self._NAMES.items():
                if ours in state:
                    entry[theirs] = torch.from_numpy(state[ours]).reshape(parameter.shape)
            self.state[parameter] = entry
        result = super().state_dict()
        # The copies are the caller's; what counts is in the native library.
        self.state.clear()
        return result

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        super().load_state_dict(state_dict)
        entries = dict(self.state)
        self.state.clear()
        self._flat.clear()
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter not in entries:
                    continue
                entry = entries[parameter]
                state: dict[str, Any] = {"step": int(entry["step"])}
                for ours, theirs in self._NAMES.items():
                    if theirs in entry:
                        state[ours] = entry[theirs].detach().cpu().contiguous().numpy().reshape(-1)
                self._of(parameter, group).load_state(state)


class RectifiedWarmup(torch.optim.lr_scheduler.LRScheduler):
    """RAdam's factor on the adaptive step, or another method's warmup, as a scheduler for Adam.

    ``lr`` is the base step size times :attr:`varlab.Schedule.adaptive_multiplier` of the step that comes: 0 where RAdam takes no adaptive
    step yet. Beyond ``horizon`` the factor of its last step holds.

    Args:
        optimizer: Adam, AdamW or another with a decay rate β2.
        method: such as "radam", "radam-exact", "adam-untuned-linear", "adam-warmup:2000".
        like: whose.
        beta2: ``None`` for that of the optimizer's first group.
        horizon: the last step that has a factor of its own.
        precision: as in :func:`varlab.schedule`.
    """

    def __init__(
        self,
        optimizer: torch.optim.Optimizer,
        method: str = "radam",
        *,
        like: Implementation = "torch",
        beta2: float | None = None,
        horizon: int = 100_000,
        precision: Precision = "float64",
        last_epoch: int = -1,
    ) -> None:
        if beta2 is None:
            group = optimizer.param_groups[0]
            if "betas" not in group:
                raise ParameterError("beta2", "missing", "must be given for an optimizer without betas")
            beta2 = float(group["betas"][1])
        self.factors = schedule(np.arange(1, horizon + 1), method, like=like, beta2=beta2, precision=precision).adaptive_multiplier
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:  # type: ignore[override]
        factor = float(self.factors[min(max(self.last_epoch, 0), len(self.factors) - 1)])
        return [base * factor for base in self.base_lrs]

    def state_dict(self) -> dict[str, Any]:
        return {name: value for name, value in super().state_dict().items() if name != "factors"}


def _decays_beside_the_step(optimizer: torch.optim.Optimizer, group: dict[str, Any]) -> bool:
    if isinstance(optimizer, Optimizer):
        decoupled = group["decoupled"]
        return group["method"] == "adamw" or (group["like"] != "torch" if decoupled is None else bool(decoupled))
    return bool(group.get("decoupled_weight_decay")) or isinstance(optimizer, torch.optim.AdamW)


@dataclass(frozen=True)
class MonitorEntry:
    """What a step did to one parameter, beside what pure noise would do."""

    step: int
    name: str
    rms: float
    """The root mean square over coordinates of (θ_{t-1} - θ_t)/α_t, without weight decay."""
    rms_of_noise: float
    """√E[u_t²] of the exact law at μ = 0: what gradients without any signal give."""
    snr: float
    """|μ|/σ that the root mean square implies where every coordinate has the same; NaN where it is not above noise."""


class Monitor:
    """Compares each parameter's update with the exact law of pure noise, while training.

    ::

        with Monitor(model, optimizer, callback=print, every=100):
            train()

    Args:
        model: a module, or named parameters.
        optimizer: Adam or AdamW, PyTorch's or this module's; ``betas`` and ``eps`` are those of each parameter's group.
        callback: gets a list of :class:`MonitorEntry`, one for each parameter that has moved; ``tensorboard(writer)`` makes one.
        every: how many steps apart.

    The update is measured from the parameters before and after a step, so that it is what happened, whatever made it. Weight decay is
    taken out where the group says that it is decoupled. Through the law ε is 0: where ε is not far below the gradients' size, updates of
    pure noise are smaller than ``rms_of_noise`` says.
    """

    def __init__(
        self,
        model: torch.nn.Module | Iterable[tuple[str, torch.Tensor]],
        optimizer: torch.optim.Optimizer,
        callback: Callable[[list[MonitorEntry]], None] = print,
        *,
        every: int = 100,
    ) -> None:
        if isinstance(every, bool) or not isinstance(every, int) or every < 1:
            raise ParameterError("every", repr(every), "must be a whole number, at least 1")
        named = model.named_parameters() if isinstance(model, torch.nn.Module) else model
        self._names = {parameter: name for name, parameter in named}
        self._optimizer, self._callback, self._every = optimizer, callback, every
        self._before: dict[torch.Tensor, torch.Tensor] = {}
        self._steps = 0
        self._hooks: list[Any] = []
        self._noise: dict[tuple[float, float, int], float] = {}

    def __enter__(self) -> Monitor:
        self._hooks = [self._optimizer.register_step_pre_hook(self._pre), self._optimizer.register_step_post_hook(self._post)]
        return self

    def __exit__(self, *_: object) -> None:
        for hook in self._hooks:
            hook.remove()
        self._hooks = []
        self._before.clear()

    @torch.no_grad()
    def _pre(self, *_: object) -> None:
        self._steps += 1
        if self._steps % self._every:
            return
        for group in self._optimizer.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None and parameter in self._names:
                    self._before[parameter] = parameter.detach().clone()

    @torch.no_grad()
    def _post(self, *_: object) -> None:
        if not self._before:
            return
        names, sizes, settings = [], [], []
        for group in self._optimizer.param_groups:
            rate = float(group["lr"])
            for parameter in group["params"]:
                before = self._before.pop(parameter, None)
                if before is None or rate == 0:
                    continue
                if _decays_beside_the_step(self._optimizer, group):
                    before = before * (1 - rate * (group.get("weight_decay") or 0.0))
                names.append(self._names[parameter])
                sizes.append(((before - parameter) / rate).double().square().mean().sqrt())
                settings.append(tuple(float(beta) for beta in group["betas"]))
        # One transfer for all.
        values = torch.stack([size.cpu() if size.device.type == "cpu" else size for size in sizes]).tolist() if sizes else []
        entries = [
            MonitorEntry(self._steps, name, rms, self._noise_of(*betas), self._snr(rms, *betas))
            for name, rms, betas in zip(names, values, settings)]
        if entries:
            self._callback(entries)

    def _noise_of(self, beta1: float, beta2: float) -> float:
        key = (beta1, beta2, self._steps)
        if key not in self._noise:
            self._noise = {key: float(update_moments(self._steps, beta1=beta1, beta2=beta2).rms)}
        return self._noise[key]

    def _snr(self, rms: float, beta1: float, beta2: float) -> float:
        if not (math.isfinite(rms) and rms > 0):
            return math.nan
        return float(implied_snr(rms, self._steps, beta1=beta1, beta2=beta2).snr)

    @staticmethod
    def tensorboard(writer: Any) -> Callable[[list[MonitorEntry]], None]:
        """A callback that writes scalars of a TensorBoard ``SummaryWriter``."""

        def write(entries: list[MonitorEntry]) -> None:
            for entry in entries:
                writer.add_scalar(f"update_rms/{entry.name}", entry.rms, entry.step)
                writer.add_scalar(f"update_rms_of_noise/{entry.name}", entry.rms_of_noise, entry.step)

        return write
