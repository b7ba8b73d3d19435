"""Datasets of the project: their catalog, their sources, and validated loading."""

from cityresearch.datasets.catalog import Dataset, Field, Source, boundary, dataset, datasets, source, sources
from cityresearch.datasets.load import load
from cityresearch.datasets.validation import schema_faults

__all__ = [
    "Dataset",
    "Field",
    "Source",
    "boundary",
    "dataset",
    "datasets",
    "load",
    "schema_faults",
    "source",
    "sources",
]
