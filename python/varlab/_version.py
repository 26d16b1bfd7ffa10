"""The version of the package, the same as the command's."""

__version__ = "0.1.0"
