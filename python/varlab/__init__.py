"""The variance of the adaptive learning rate, exact: the numbers of the ``varlab`` command as NumPy arrays.

>>> import varlab
>>> float(varlab.rho(1000))                      # ρ_t of the RAdam paper at β2 = 0.999
835.967...
>>> float(varlab.exact_variance(1000))           # Var[ψ_t], exact
0.000542979...
"""

from ._errors import CommandError, ComputationError, ParameterError
from ._figures import axes
from ._native import get_threads, set_threads
from ._results import Result
from ._version import __version__
from .experiments import Experiment, Table, checkpoint, gradients, replay, simulate
from .laws import (
    ImpliedSNR,
    UpdateMoments,
    implied_snr,
    psi_cdf,
    psi_pdf,
    psi_quantile,
    update_cdf,
    update_moments,
    update_pdf,
    update_quantile,
)
from .optimizers import Optimizer, Step
from .schedules import IMPLEMENTATIONS, METHOD_FORMS, METHODS, Schedule, schedule
from .theory import (
    ExactMoments,
    closed_form_variance,
    exact_moments,
    exact_variance,
    first_order_variance,
    rectification,
    rho,
    rho_infinity,
    satterthwaite,
)

__all__ = [
    "CommandError",
    "ComputationError",
    "ExactMoments",
    "Experiment",
    "IMPLEMENTATIONS",
    "ImpliedSNR",
    "METHODS",
    "METHOD_FORMS",
    "Optimizer",
    "ParameterError",
    "Result",
    "Schedule",
    "Step",
    "Table",
    "UpdateMoments",
    "__version__",
    "axes",
    "checkpoint",
    "closed_form_variance",
    "exact_moments",
    "exact_variance",
    "first_order_variance",
    "get_threads",
    "gradients",
    "implied_snr",
    "psi_cdf",
    "psi_pdf",
    "psi_quantile",
    "rectification",
    "replay",
    "rho",
    "rho_infinity",
    "satterthwaite",
    "schedule",
    "set_threads",
    "simulate",
    "update_cdf",
    "update_moments",
    "update_pdf",
    "update_quantile",
]
