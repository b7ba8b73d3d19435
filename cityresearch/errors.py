"""Errors that a user can fix: each message is one sentence that says what, where, what was found and what to do."""

__all__ = ["CityResearchError", "ClaimError", "DataError", "MixedBasisError", "NotebookError", "ParameterError"]


class CityResearchError(Exception):
    """Base of every error that this package raises on purpose."""


class DataError(CityResearchError):
    """A dataset is missing, changed or not as its schema says."""


class MixedBasisError(CityResearchError):
    """Two values that were counted in different ways were about to be combined."""


class ClaimError(CityResearchError):
    """A claim, reading or relation is not as the ledger's rules say."""


class ParameterError(CityResearchError):
    """A notebook parameter is unknown, of the wrong type or out of range."""


class NotebookError(CityResearchError):
    """A notebook is missing, is not a notebook or failed while it ran."""
