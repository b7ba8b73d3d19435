"""Run one notebook through papermill with a named engine: run_notebook.py ENGINE INPUT OUTPUT [WARM]."""

import os
import sys

engine, source, target = sys.argv[1:4]
from cityresearch.execution import fork  # noqa: E402

if "WARM" in sys.argv:
    fork.warm_up()
import papermill  # noqa: E402
from papermill.engines import papermill_engines  # noqa: E402

from cityresearch.execution.engine import ForkEngine  # noqa: E402

papermill_engines.register("fork", ForkEngine)
os.chdir(os.path.dirname(os.path.abspath(target)))  # noqa: PTH100, PTH120
with fork.private_ipython():
    try:
        papermill.execute_notebook(
            source, target, {"year": 2024} if "shell" in source else None,
            engine_name=None if engine == "kernel" else engine, progress_bar=False,
        )  # fmt: skip
    except papermill.PapermillExecutionError as error:
        print(f"{error.ename} {error.cell_index} {error.exec_count}")
    print("ran", engine)
