"""Against torch.optim, with its state_dict, recorder, scheduler and monitor."""

from __future__ import annotations

import math

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import varlab
from varlab.torch import GradientRecorder, Monitor, Optimizer, RectifiedWarmup

PEERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.01),
    "sgd:0.9": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9),
    "nesterov:0.9": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01),
    "rmsprop:0.9": lambda p: torch.optim.RMSprop(p, lr=0.01, momentum=0.9),
    "rmsprop-centred": lambda p: torch.optim.RMSprop(p, lr=0.01, centered=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01),
    "nadam": lambda p: torch.optim.NAdam(p, lr=0.01),
    "radam": lambda p: torch.optim.RAdam(p, lr=0.01),
}


def walk(make, dtype, steps=200):
    generator = torch.Generator().manual_seed(1)
    parameter = torch.nn.Parameter(torch.ones(50, dtype=dtype))
    optimizer = make([parameter])
    for _ in range(steps):
        scale = 10.0 ** torch.randint(-3, 2, (50,), generator=generator)
        parameter.grad = (torch.randn(50, generator=generator, dtype=torch.float64) * scale).to(dtype)
        optimizer.step()
    return parameter.detach().numpy()


@pytest.mark.parametrize("method", PEERS)
def test_steps_are_pytorchs(method):
    """To rounding: what is added up over 200 steps, each with a few roundings of a parameter of size 1 to 10."""
    for dtype, unit in ((torch.float64, 2**-53), (torch.float32, 2**-24)):
        theirs = walk(PEERS[method], dtype)
        ours = walk(lambda p: Optimizer(p, method, lr=0.01), dtype)
        size = max(1, np.abs(theirs).max())
        assert np.abs(ours - theirs).max() <= 60 * unit * size, (dtype, np.abs(ours - theirs).max())


def model():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3))


def losses(net, optimizer, steps, scheduler=None, seed=0):
    generator = torch.Generator().manual_seed(seed)
    result = []
    for _ in range(steps):
        inputs = torch.randn(16, 6, generator=generator)
        loss = (net(inputs) - inputs[:, :3].sin()).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
        result.append(loss.item())
    return result


@pytest.mark.parametrize("method", varlab.METHODS)
def test_resuming_gives_the_same_bits(method, tmp_path):
    def make(net):
        groups = [{"params": net[0].parameters(), "lr": 0.02}, {"params": net[2].parameters()}]
        optimizer = Optimizer(groups, method, lr=0.01)
        return optimizer, torch.optim.lr_scheduler.StepLR(optimizer, 5, 0.5)

    net = model()
    optimizer, scheduler = make(net)
    losses(net, optimizer, 13, scheduler)
    torch.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict()}, tmp_path / "a.pt")
    whole = losses(net, optimizer, 9, scheduler, seed=5)
    other = model()
    resumed, again = make(other)
    saved = torch.load(tmp_path / "a.pt", weights_only=True)
    other.load_state_dict(saved["net"])
    resumed.load_state_dict(saved["optimizer"])
    again.load_state_dict(saved["scheduler"])
    assert losses(other, resumed, 9, again, seed=5) == whole
    for ours, theirs in zip(net.parameters(), other.parameters()):
        assert torch.equal(ours, theirs)


def test_what_an_optimizer_refuses():
    with pytest.raises(varlab.ParameterError):
        Optimizer([torch.nn.Parameter(torch.zeros(2))], "nonsense")
    half = torch.nn.Parameter(torch.zeros(2, dtype=torch.float16))
    half.grad = torch.zeros_like(half)
    with pytest.raises(varlab.ParameterError):
        Optimizer([half], "adam").step()


def test_parameters_that_are_not_contiguous():
    base = torch.ones(4, 3)
    parameter = torch.nn.Parameter(base.t())
    plain = torch.nn.Parameter(torch.ones(3, 4))
    gradient = torch.arange(12.0).reshape(3, 4)
    for value in (parameter, plain):
        value.grad = gradient.clone()
        Optimizer([value], "adam").step()
    assert torch.equal(parameter, plain)


def test_recorder(tmp_path):
    net = model()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    seen = []
    optimizer.register_step_pre_hook(lambda *_: seen.append(net[0].weight.grad.reshape(-1).numpy().copy()))
    with GradientRecorder(net, optimizer, coordinates=5, seed=3) as recorder:
        losses(net, optimizer, 7)
    losses(net, optimizer, 2)
    arrays = recorder.arrays()
    assert len(recorder) == 7 and {name: values.shape for name, values in arrays.items()} == {
        "0.weight": (7, 5), "0.bias": (7, 5), "2.weight": (7, 5), "2.bias": (7, 3)}
    np.testing.assert_array_equal(arrays["0.weight"], np.stack(seen[:7])[:, recorder.indices()["0.weight"]])
    again = GradientRecorder(net, coordinates=5, seed=3)
    np.testing.assert_array_equal(again.indices()["2.weight"], recorder.indices()["2.weight"])
    net.zero_grad()
    again.record()
    assert all(np.isnan(values).all() for values in again.arrays().values())
    recorder.save(tmp_path / "g.npz")
    np.testing.assert_array_equal(np.load(tmp_path / "g.npz")["2.bias"], arrays["2.bias"])


def test_recorder_divides_the_scale_out():
    class Scaler:
        def is_enabled(self):
            return True

        def get_scale(self):
            return 1024.0

    parameter = torch.nn.Parameter(torch.ones(3))
    recorder = GradientRecorder([("p", parameter)], scaler=Scaler())
    parameter.grad = torch.full((3,), 2048.0)
    recorder.record()
    np.testing.assert_array_equal(recorder.arrays()["p"], [[2, 2, 2]])


def test_warmup_makes_an_adam_of_radam():
    """Adam under RAdam's factor is RAdam with epsilon 0 once that has begun; before, it stands still."""
    generator = torch.Generator().manual_seed(1)
    gradients = torch.randn(40, 4, generator=generator, dtype=torch.float64)
    adam, radam = (torch.nn.Parameter(torch.zeros(4, dtype=torch.float64)) for _ in range(2))
    a, r = torch.optim.Adam([adam], lr=0.1, eps=0), torch.optim.RAdam([radam], lr=0.1, eps=0)
    warmup = RectifiedWarmup(a, horizon=30)
    for step, gradient in enumerate(gradients[:30], start=1):
        before = adam.detach().clone(), radam.detach().clone()
        adam.grad, radam.grad = gradient.clone(), gradient.clone()
        a.step()
        r.step()
        warmup.step()
        moved = (adam - before[0]).detach(), (radam - before[1]).detach()
        if step <= 5:
            assert not moved[0].any()
        else:
            torch.testing.assert_close(moved[0], moved[1], rtol=1e-9, atol=1e-14)
    last = warmup.get_last_lr()
    warmup.step()
    assert warmup.get_last_lr() == last
    with pytest.raises(varlab.ParameterError):
        RectifiedWarmup(torch.optim.SGD([radam], lr=1.0))


def test_monitor_sees_noise_and_signal():
    """Two tensors of 20,000 coordinates: noise alone, and noise with a mean of 0.5. The root mean squares' relative standard error is below 0.01."""
    noise, signal = (torch.nn.Parameter(torch.zeros(20_000)) for _ in range(2))
    optimizer = torch.optim.AdamW([noise, signal], lr=0.01, weight_decay=0.1)
    generator = torch.Generator().manual_seed(4)
    entries = []
    with Monitor([("noise", noise), ("signal", signal)], optimizer, entries.extend, every=10):
        for _ in range(40):
            noise.grad = 3e3 * torch.randn(20_000, generator=generator)
            signal.grad = torch.randn(20_000, generator=generator) + 0.5
            optimizer.step()
    assert [entry.step for entry in entries] == [10, 10, 20, 20, 30, 30, 40, 40]
    for entry in entries:
        if entry.name == "noise":
            assert entry.rms == pytest.approx(entry.rms_of_noise, rel=0.04)
        else:
            assert entry.rms > 1.2 * entry.rms_of_noise and entry.snr == pytest.approx(0.5, rel=0.06)
    assert not math.isnan(entries[-1].snr)


def test_state_of_a_run_is_a_checkpoint(command):
    net = model()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    losses(net, optimizer, 30)
    report = varlab.checkpoint(optimizer.state_dict(), progress=False)
    assert report.tables and report.record
