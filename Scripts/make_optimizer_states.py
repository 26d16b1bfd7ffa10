"""Writes the small files of optimizers' states that Tests/TracesTests reads, with the PyTorch that runs it, and what torch.load says of them.

    python3 -m venv torch-1.6.0 && torch-1.6.0/bin/pip install torch==1.6.0 numpy
    torch-1.6.0/bin/python Scripts/make_optimizer_states.py Tests/TracesTests/Files/OptimizerState

Once for every version whose files are kept: 1.6.0 (the first that wrote zip files), 1.13.1 (the first with untyped storages) and 2.13.0;
`safetensors` is needed for the newest alone. The files go into a folder of the version's name, with `expected.json`: for every file its pairs, with the bits of all values as
doubles in hexadecimal, of exp_avg and exp_avg_sq in the order in which both lie in the file where they lie alike without gaps, else in C order.
"""
import collections
import json
import os
import struct
import sys
import warnings

import torch

warnings.filterwarnings("ignore")
VERSION = torch.__version__.split("+")[0]
NEWEST = VERSION.startswith("2.13")
folder = os.path.join(sys.argv[1], VERSION)
os.makedirs(folder, exist_ok=True)
expected = {}


def bits(values):
    return ["%016x" % struct.unpack("<Q", struct.pack("<d", value))[0] for value in values]


def is_gapless(tensor):
    """Whether the elements fill a stretch of memory, in whatever order."""
    wanted = 1
    for size, stride in sorted(zip(tensor.shape, tensor.stride()), key=lambda axis: axis[1]):
        if size == 1:
            continue
        if stride != wanted:
            return False
        wanted *= size
    return True


def kept(name, first, second, step, settings=None, maximum=False):
    """A pair as the reader is to find it."""
    first, second = first.detach(), second.detach()
    if first.stride() == second.stride() and is_gapless(first):
        flat = [torch.as_strided(t, (t.numel(),), (1,), t.storage_offset()) for t in (first, second)]
    else:
        flat = [first.reshape(-1), second.reshape(-1)]
    return {
        "name": name, "shape": list(first.shape), "step": step, "settings": settings, "hasMaximum": maximum,
        "first": bits(flat[0].double().tolist()), "second": bits(flat[1].double().tolist()),
    }


def of_optimizer(state_dict, names=None, prefix=""):
    """The pairs of an optimizer's state dictionary, as torch.load gave it."""
    groups = {}
    for group in state_dict["param_groups"]:
        for key in group["params"]:
            groups[key] = group
    pairs = []
    for key, state in state_dict["state"].items():
        if "exp_avg" not in state or "exp_avg_sq" not in state:
            continue
        group = groups.get(key)
        settings = group and {
            "beta1": group["betas"][0], "beta2": group["betas"][1], "epsilon": group["eps"],
            "learningRate": None if torch.is_tensor(group["lr"]) else group["lr"],
            "weightDecay": group["weight_decay"], "amsgrad": group.get("amsgrad"),
        }
        name = names[key] if names else key if isinstance(key, str) else "state.%d" % key
        pairs.append(kept(prefix + name, state["exp_avg"], state["exp_avg_sq"], int(state["step"]), settings, "max_exp_avg_sq" in state))
    return pairs


def save(name, value, pairs, **options):
    """Saves, loads again, and keeps what `pairs` finds in what was loaded."""
    path = os.path.join(folder, name)
    torch.save(value, path, **options)
    unsafe = {} if tuple(int(part) for part in VERSION.split(".")[:2]) < (1, 13) else {"weights_only": False}
    expected[name] = pairs(torch.load(path, **unsafe)) if pairs else None


def network():
    torch.manual_seed(1)
    return torch.nn.Sequential(
        collections.OrderedDict(
            [("input", torch.nn.Linear(3, 4)), ("norm", torch.nn.BatchNorm1d(4)), ("act", torch.nn.Tanh()), ("output", torch.nn.Linear(4, 2))]))


def trained(make, steps=4, model=None, dtype=None):
    model = model or network()
    if dtype:
        model = model.to(dtype)
    optimizer = make(model)
    for step in range(steps):
        optimizer.zero_grad()
        x = torch.randn(8, 3, dtype=torch.float32).to(next(model.parameters()).dtype)
        (model(x) ** 2).mean().backward()
        optimizer.step()
    return model, optimizer


def names_of(model):
    return [name for name, _ in model.named_parameters()]


# An optimizer alone.
_, adam = trained(lambda m: torch.optim.Adam(m.parameters(), lr=1e-3))
save("adam.pt", adam.state_dict(), of_optimizer)

# A checkpoint with the model, whose state dictionary has buffers between the parameters.
model, adamw = trained(lambda m: torch.optim.AdamW(m.parameters(), lr=2e-4, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.1))
checkpoint = {
    "epoch": 3, "loss": 0.25, "model": model.state_dict(), "optimizer": adamw.state_dict(), "best": None, "done": False,
    "arguments": {"layers": [3, 4, 2], "name": "tiny", "seed": 2 ** 70, "range": (-1, -(2 ** 40))},
}
save("checkpoint.bin", checkpoint, lambda loaded: of_optimizer(loaded["optimizer"], names_of(model)))

# Two optimizers in Lightning's list; groups with settings of their own, the largest v as AMSGrad keeps it.
second_model, grouped = trained(
    lambda m: torch.optim.Adam(
        [{"params": [p for p in m.parameters() if p.dim() > 1], "weight_decay": 0.01, "betas": (0.8, 0.99)}, {"params": [p for p in m.parameters() if p.dim() < 2]}],
        lr=1e-3, amsgrad=True), steps=3)
lightning = {
    "epoch": 1, "global_step": 7, "pytorch-lightning_version": "1.9.0", "state_dict": model.state_dict(), "loops": None, "lr_schedulers": [],
    "optimizer_states": [adamw.state_dict(), grouped.state_dict()],
}
save(
    "lightning.ckpt", lightning,
    lambda loaded: of_optimizer(loaded["optimizer_states"][0], names_of(model), "optimizer_states.0.")
    + of_optimizer(loaded["optimizer_states"][1], None, "optimizer_states.1."))


# By names, each type once; what else plain containers may hold.
def moments(*shape, dtype=torch.float32):
    return {"step": 11, "exp_avg": torch.randn(*shape).to(dtype), "exp_avg_sq": (torch.randn(*shape) ** 2).to(dtype)}


torch.manual_seed(2)
named = collections.OrderedDict(
    [("a.half", moments(5, dtype=torch.float16)), ("b.brain", moments(2, 3, dtype=torch.bfloat16)), ("c.double", moments(4, dtype=torch.float64)),
     ("d.single", moments(1)), ("e.scalar", {"exp_avg": torch.tensor(0.5), "exp_avg_sq": torch.tensor(0.25)}), ("f.empty", moments(0, 3)),
     ("g.alone", {"exp_avg": torch.ones(2)})])


def of_names(loaded):
    return [
        kept(name, state["exp_avg"], state["exp_avg_sq"], state.get("step")) for name, state in loaded.items()
        if "exp_avg_sq" in state and state["exp_avg"].numel()]


save("named.pt", named, of_names)

# Views: of one storage, transposed, with gaps, channels last, and partners that lie differently.
torch.manual_seed(3)
flat = torch.randn(64)
base = torch.randn(6, 7)
image = torch.randn(2, 3, 2, 2)
views = {
    "flat.0": {"exp_avg": flat[:10].view(2, 5), "exp_avg_sq": flat[10:20].view(2, 5)},
    "flat.1": {"exp_avg": flat[20:32].view(3, 4).t(), "exp_avg_sq": flat[40:52].view(3, 4).t()},
    "gaps": {"exp_avg": base[:, :3], "exp_avg_sq": base[:, 3:6]},
    "last": {"exp_avg": image.contiguous(memory_format=torch.channels_last), "exp_avg_sq": (image ** 2).contiguous(memory_format=torch.channels_last)},
    "unlike": {"exp_avg": torch.randn(3, 4), "exp_avg_sq": (torch.randn(4, 3) ** 2).t()},
    "strided": {"exp_avg": torch.randn(4, 9)[1:, ::2].permute(1, 0), "exp_avg_sq": torch.rand(5, 3)},
}
save("views.pt", views, of_names)

# Another protocol of pickles in each version, parameters as moments, and the objects that plain data have.
plain = {
    "set": {1, 2}, "frozen": frozenset(["x"]), "bytes": b"\x00\xff", "complex": 1 + 2j, "size": torch.Size([2, 3]), "type": torch.float16,
    "device": torch.device("cpu"), "counter": collections.Counter("abca"), "default": collections.defaultdict(list, x=[1]), "long": 10 ** 30,
    "text": "\u03b2\u2082 \U0001f40d" + "x" * 300, "many": list(range(1100)), "float": 1e-8, "bytearray": bytearray(b"ab"),
    "parameter": torch.nn.Parameter(torch.zeros(2)), "integers": torch.arange(4), "truths": torch.tensor([True]),
}
protocol = {"1.6.0": 4, "1.13.1": 3}.get(VERSION, 5)
save(
    "protocol_%d.pt" % protocol, {"plain": plain, "optimizer": adam.state_dict()}, lambda loaded: of_optimizer(loaded["optimizer"]),
    pickle_protocol=protocol)
wrapped = {"w": {"exp_avg": torch.nn.Parameter(torch.randn(3)), "exp_avg_sq": torch.nn.Parameter(torch.rand(3), requires_grad=False), "step": torch.tensor(9)}}
save("parameters.pt", wrapped, lambda loaded: [kept("w", loaded["w"]["exp_avg"], loaded["w"]["exp_avg_sq"], 9)])

# The format before 1.6, and a pickle that would run a command.
save("legacy.pt", adam.state_dict(), None, _use_new_zipfile_serialization=False)


class Runs:
    def __reduce__(self):
        return os.system, ("touch /tmp/varlab-has-run-a-pickle",)


path = os.path.join(folder, "runs.pt")
torch.save({"state": {0: {"exp_avg": torch.zeros(1), "exp_avg_sq": torch.zeros(1)}}, "hook": Runs()}, path)
expected["runs.pt"] = None

if hasattr(torch.optim, "RAdam"):
    _, radam = trained(lambda m: torch.optim.RAdam(m.parameters(), lr=1e-2), dtype=torch.bfloat16)
    save("radam_bfloat16.pt", {"optimizer_state_dict": radam.state_dict()}, lambda loaded: of_optimizer(loaded["optimizer_state_dict"]))

if NEWEST:
    from safetensors.torch import save_file

    model, fused = trained(lambda m: torch.optim.AdamW(m.named_parameters(), lr=torch.tensor(1e-3), fused=True))
    save("fused_named.pt", {"optimizer": fused.state_dict()}, lambda loaded: of_optimizer(loaded["optimizer"], names_of(model)))
    model, foreach = trained(lambda m: torch.optim.NAdam(m.parameters(), foreach=True), dtype=torch.float64)
    save("nadam_foreach.pt", {"net": model.state_dict(), "opt": foreach.state_dict()}, lambda loaded: of_optimizer(loaded["opt"], names_of(model)))
    # Types without a storage class of their own, which the third of the rebuilding functions makes; a tensor with an attribute.
    attributed = torch.randn(3)
    attributed.note = "kept beside"
    late = {"wide": torch.zeros(2, dtype=torch.uint32), "eight": torch.zeros(2, dtype=torch.float8_e4m3fn), "w": {"exp_avg": attributed, "exp_avg_sq": torch.rand(3)}}
    save("late_types.pt", late, lambda loaded: [kept("w", loaded["w"]["exp_avg"], loaded["w"]["exp_avg_sq"], None)])
    # Without checksums, with another alignment.
    torch.serialization.set_crc32_options(False)
    save("no_checksums.pt", adam.state_dict(), of_optimizer)
    torch.serialization.set_crc32_options(True)

    # The conventions of names in .safetensors, one a file.
    for name, label in [
        ("indexed", lambda n, k, i: "state.%d.%s" % (i, k)), ("prefixed", lambda n, k, i: "%s.%s" % (k, n)),
        ("suffixed", lambda n, k, i: "optimizer.state.%s.%s" % (n, k)), ("underscored", lambda n, k, i: "%s_%s" % (n, k)),
    ]:
        tensors, pairs = {}, []
        for index, (parameter, state) in enumerate(zip(names_of(model), adam.state_dict()["state"].values())):
            for key, value in state.items():
                value = value.to(torch.int64) if name == "suffixed" and key == "step" else value.to(torch.bfloat16) if name == "prefixed" and index < 2 else value
                tensors[label(parameter, key, index)] = value
            shown = {"indexed": "state.%d" % index, "suffixed": "optimizer.state." + parameter}.get(name, parameter)
            cast = [tensors[label(parameter, key, index)] for key in ("exp_avg", "exp_avg_sq")]
            pairs.append(kept(shown, cast[0], cast[1], int(state["step"])))
        tensors["a.weight"] = torch.zeros(2)
        save_file(tensors, os.path.join(folder, name + ".safetensors"), metadata={"format": "pt"})
        os.chmod(os.path.join(folder, name + ".safetensors"), 0o644)
        expected[name + ".safetensors"] = pairs

with open(os.path.join(folder, "expected.json"), "w") as file:
    file.write("{\n" + ",\n".join(json.dumps(name) + ": " + json.dumps(pairs) for name, pairs in expected.items()) + "\n}\n")
print(VERSION, sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder)), "bytes")
