"""Executing notebooks in forked processes: papermill's engine `fork`, and a pool of them.

Papermill is imported here first because it loads its registered engines, ours among them, while it is imported itself.
"""

import gc

_collecting = gc.isenabled()
gc.disable()  # what is imported stays: looking through it for garbage again and again would find nothing
try:
    import papermill as papermill
finally:
    gc.freeze()
    if _collecting:
        gc.enable()
