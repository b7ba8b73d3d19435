"""Datasets of the project: their catalogue, their sources, and validated loading."""

from cityresearch.datasets.catalog import Dataset, Field, Source, dataset, datasets, source, sources
from cityresearch.datasets.load import load

__all__ = ["Dataset", "Field", "Source", "dataset", "datasets", "load", "source", "sources"]
