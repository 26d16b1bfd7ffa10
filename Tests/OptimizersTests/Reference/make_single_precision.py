"""The factor that optax's RAdam applies in single precision, on JAX's default float32.

optax 0.2.8 runs itself, compiled by jax.jit as in a training loop, one update from a chosen step count. With b1 = 0, a gradient of 2^-20 and
eps = eps_root = 1 its m̂ is 2^-20 and √(v̂ + 1) + 1 is exactly 2, so that a rectified update is r_t 2^-21 and any other one 2^-20.
`power` is b2**t of the same kind of compilation, `rho` what the source derives from it (optax/_src/transform.py, scale_by_radam).

    pip install optax==0.2.8 jax==0.10.2 && python make_single_precision.py > single_precision.csv
    python make_single_precision.py --eager > single_precision_eager.csv

With --eager the same outside of jax.jit, operation by operation.
"""
import functools
import sys

import jax
import jax.numpy as jnp
import optax


eager = sys.argv[1:] == ["--eager"]


def compiled(function, **options):
    return function if eager else jax.jit(function, **options)


@functools.partial(compiled, static_argnums=0)
def power_and_length(b2, count):
    limit = 2.0 / (1.0 - b2) - 1.0
    power = b2**count
    return power, limit - 2 * count * power / (1 - power)


def digits(value):
    return repr(float(value))


print("beta2,t,power,rho,rectified,r")
gradient = jnp.float32(2**-20)
for b2 in [0.9, 0.99, 0.999, 0.9999, 0.99999]:
    radam = optax.scale_by_radam(b1=0.0, b2=b2, eps=1.0, eps_root=1.0)
    update = compiled(radam.update)
    zero = radam.init(gradient)
    for t in range(1, 201):
        state = optax.ScaleByAdamState(count=jnp.int32(t - 1), mu=zero.mu, nu=zero.nu)
        ratio = float(update(gradient, state)[0]) * 2**20
        power, length = power_and_length(b2, jnp.int32(t))
        rectified = ratio != 1
        print(b2, t, digits(power), digits(length), int(rectified), digits(2 * ratio) if rectified else "", sep=",")
