"""The command line as on a platform that cannot fork and has no POSIX modules; what the standard library needs of them is loaded before."""

import asyncio  # noqa: F401
import logging  # noqa: F401
import multiprocessing.util  # noqa: F401
import os
import pty  # noqa: F401
import random  # noqa: F401
import subprocess  # noqa: F401
import sys
import tempfile  # noqa: F401

for module in ("fcntl", "grp", "resource", "termios"):
    sys.modules[module] = None
for function in ("fork", "forkpty", "getpgid", "killpg", "setsid"):
    if hasattr(os, function):
        delattr(os, function)

if __name__ == "__main__":  # a worker that is started anew imports this file
    from cityresearch.cli import main

    main()
