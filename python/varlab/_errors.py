"""What a call can be refused with."""

from __future__ import annotations


class ParameterError(ValueError):
    """A parameter outside the domain of a formula.

    Attributes:
        parameter: its name in the documentation, such as ``beta2``.
        value: what was given, printed.
        rule: the rule it breaks, such as ``must be in [0, 1)``.
    """

    def __init__(self, parameter: str, value: str, rule: str) -> None:
        super().__init__(f"{parameter} {value}: {rule}")
        self.parameter = parameter
        self.value = value
        self.rule = rule

    def __reduce__(self) -> tuple[type[ParameterError], tuple[str, str, str]]:
        return ParameterError, (self.parameter, self.value, self.rule)


class ComputationError(ArithmeticError):
    """A numerical routine did not reach its result."""


class CommandError(RuntimeError):
    """The command ended with an error, whose text this is.

    Attributes:
        status: the exit status, 64 for a bad argument, 65 for a file that cannot be used, 73 for output that cannot be written.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status

    def __reduce__(self) -> tuple[type[CommandError], tuple[str, int]]:
        return CommandError, (str(self), self.status)
