"""What `warm` loads once for all calls: libraries alone, never this package, and what they prepare the first time they are used."""

import IPython.core.completerlib
import IPython.core.pylabtools
import IPython.extensions.storemagic
import ipykernel.zmqshell
import matplotlib.backends.backend_svg
import matplotlib.pyplot
import nbclient
import nbformat
import packaging.requirements
import pandas as pd
import pandera.pandas
import requests
import rich.console
import seaborn
import statsmodels.regression.linear_model
import tenacity
import typer
import yaml

nbformat.validate(nbformat.v4.new_notebook())
pandera.pandas.DataFrameSchema({}).validate(pd.DataFrame({"a": [1]}))
