"""Executing notebooks in forked processes: papermill's engine `fork`, and a pool of them.

Papermill is imported here first because it loads its registered engines, ours among them, while it is imported itself.
"""

import papermill as papermill
