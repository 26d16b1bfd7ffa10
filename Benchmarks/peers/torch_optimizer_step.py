"""Peer of the optimizer step: one step of torch.optim on ten million float32 parameters in one tensor."""
import torch

import peer

FORMS = {
    "radam-foreach": lambda p: torch.optim.RAdam(p, foreach=True),
    "radam-default": lambda p: torch.optim.RAdam(p),
    "adam-foreach": lambda p: torch.optim.Adam(p, foreach=True),
    "adam-fused": lambda p: torch.optim.Adam(p, fused=True),
}


def main():
    parser = peer.arguments(__doc__)
    parser.add_argument("--form", choices=FORMS, default="radam-foreach")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    count = 10_000_000
    parameter = torch.nn.Parameter(torch.full((count,), 0.5))
    parameter.grad = ((torch.arange(count) % 2001 - 1000) / 1000).float()
    optimizer = FORMS[options.form]([parameter])
    for _ in range(10):  # past the steps that are not rectified
        optimizer.step()
    seconds, _ = peer.timed(optimizer.step, options.repeat)
    peer.report("torch_optimizer_step", vars(options), seconds, parameter[1234].item(), ("torch",))


if __name__ == "__main__":
    main()
