"""Keys of publishers' interfaces: from the environment, or from a file outside the repository that only its owner may read.

The file is `~/.config/cityresearch/keys.toml` (or the one that CITYRESEARCH_KEYS names), a line per key: `CENSUS_API_KEY = "..."`. A key
is never written, printed or recorded.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path

from cityresearch import paths
from cityresearch.errors import DataError

__all__ = ["FILE", "key_of", "keys_file"]

FILE = "CITYRESEARCH_KEYS"
KEY = re.compile(r"[!-~]{4,200}")  # printable, no blanks


def keys_file() -> Path:
    """Return where the keys may be, whether or not it is there."""
    if named := os.environ.get(FILE):
        return Path(named).expanduser()
    home = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(home).expanduser() / "cityresearch" / "keys.toml"


def key_of(variable: str) -> str:
    """Return a key; an empty string if neither the environment nor the file has it.

    Raises
    ------
    DataError
        If the file is in the repository, others may read it, it is not TOML, or the key is not one. No message has a key in it.
    """
    found = os.environ.get(variable, "").strip()
    at = f"the environment variable {variable}"
    if not found:
        path = keys_file()
        found, at = str(_from_file(path).get(variable, "")).strip(), f"{path}, {variable}"
    if found and not KEY.fullmatch(found):
        raise DataError(
            f"{at} is not a key, expected 4 to 200 characters without blanks: set the key that the publisher sent you."
        )
    return found


def _from_file(path: Path) -> dict[str, object]:
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise DataError(f"{path} is not a file, expected one with keys: remove it or name another with {FILE}.")
        if path.resolve().is_relative_to(paths.root().resolve()):
            raise DataError(
                f"{path} is inside the repository, where keys get published: move it to ~/.config/cityresearch/keys.toml."
            )
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise DataError(
                f"{path} can be read by others (permissions {stat.S_IMODE(mode):o}), expected 600: run chmod 600 on it."
            )
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # what the parser says may quote the line
        raise DataError(f'{path} is not TOML, expected lines such as CENSUS_API_KEY = "...": fix it.') from None
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): check its permissions.") from None
