"""Peer of the optimizer step: RAdam in NumPy on ten million float32 parameters, in place, with scratch made once."""
import numpy as np

import peer


class RAdam:
    def __init__(self, parameters, lr=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.parameters, self.lr, self.beta1, self.beta2, self.epsilon = parameters, lr, beta1, beta2, epsilon
        self.m, self.v, self.scratch = (np.zeros_like(parameters) for _ in range(3))
        self.t = 0

    def step(self, gradients):
        self.t += 1
        beta1, beta2, t, scratch = self.beta1, self.beta2, self.t, self.scratch
        self.m *= np.float32(beta1)
        self.m += np.multiply(gradients, np.float32(1 - beta1), out=scratch)
        self.v *= np.float32(beta2)
        np.multiply(gradients, gradients, out=scratch)
        self.v += np.multiply(scratch, np.float32(1 - beta2), out=scratch)
        limit = 2 / (1 - beta2) - 1
        rho = limit - 2 * t * beta2**t / (1 - beta2**t)
        step = self.lr / (1 - beta1**t)
        if rho > 5:
            rectification = ((rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho)) ** 0.5
            np.sqrt(self.v, out=scratch)
            scratch += np.float32(self.epsilon)
            np.divide(self.m, scratch, out=scratch)
            scratch *= np.float32(step * rectification * (1 - beta2**t) ** 0.5)
        else:
            np.multiply(self.m, np.float32(step), out=scratch)
        self.parameters -= scratch


def main():
    options = peer.arguments(__doc__).parse_args()
    count = 10_000_000
    parameters = np.full(count, 0.5, dtype=np.float32)
    gradients = ((np.arange(count) % 2001 - 1000) / 1000).astype(np.float32)
    optimizer = RAdam(parameters)
    for _ in range(10):
        optimizer.step(gradients)
    seconds, _ = peer.timed(lambda: optimizer.step(gradients), options.repeat)
    peer.report("numpy_optimizer_step", vars(options), seconds, float(parameters[1234]))


if __name__ == "__main__":
    main()
