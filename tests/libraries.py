"""What `warm` loads once for all calls: libraries alone, never this package, and what they prepare the first time they are used."""

import gc
import importlib
import sysconfig
from unittest import mock

import entrypoints
import nbformat
import pandas as pd
from pandera.pandas import DataFrameSchema

for name in (
    "IPython.core.completerlib",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "filelock",
    "ipykernel.zmqshell",
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "nbclient",
    "packaging.requirements",
    "requests",
    "rich.console",
    "seaborn",
    "statsmodels.regression.linear_model",
    "tenacity",
    "typer",
    "yaml",
):
    importlib.import_module(name)
# papermill loads the engines that are installed while it is imported, this package's among them
with mock.patch.object(entrypoints, "get_group_all", lambda group: []):
    importlib.import_module("papermill")
nbformat.validate(nbformat.v4.new_notebook())
DataFrameSchema({}).validate(pd.DataFrame({"a": [1]}))
sysconfig.get_paths()
gc.collect()
gc.freeze()  # a process forked from here would copy the pages of all these objects when it looks through them for garbage
