"""Widgets without a browser: the messages between a widget's two sides, as far as a notebook's outputs need them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import comm
import ipykernel.ipkernel as _sets_its_own_comms_when_it_is_imported  # noqa: F401
from comm.base_comm import BaseComm, CommManager
from ipykernel.jsonutil import json_clean

__all__ = ["Browser", "Kernel"]

if TYPE_CHECKING:
    from jupyter_client.session import Session


class Kernel:
    """What widgets and IPython ask of a kernel.

    Parameters
    ----------
    session
        Where messages go.
    """

    eventloop = None
    iopub_socket = None

    def __init__(self, session: Session) -> None:
        self.session = session
        self.cell_id = ""
        self.comm_manager = CommManager()
        comm.create_comm = self._create_comm
        comm.get_comm_manager = lambda: self.comm_manager

    def get_parent(self, channel: str | None = None) -> dict:
        """Return the message that started the cell, of which only the identifier matters."""
        return {"header": {"msg_id": self.cell_id}}

    def take(self, messages: list[dict]) -> None:
        """Give messages of the other side to the widgets that they are for."""
        for message in messages:
            self.comm_manager.comm_msg(None, None, message)

    def _create_comm(self, *args: Any, **kwargs: Any) -> BaseComm:
        return _Comm(self.session, *args, **kwargs)


class _Comm(BaseComm):
    def __init__(self, session: Session, *args: Any, **kwargs: Any) -> None:
        self.session = session
        super().__init__(*args, **kwargs)

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys) -> None:
        content = json_clean({"data": data or {}, "comm_id": self.comm_id, **keys})
        self.session.send(None, msg_type, content, metadata=json_clean(metadata or {}), buffers=buffers)


class Browser:
    """Stands where nbclient expects the client of a kernel, and keeps what its widgets send until a cell ended."""

    def __init__(self) -> None:
        self.session = SimpleNamespace(msg=_message)
        self.shell_channel = SimpleNamespace(send=self._keep)
        self._kept: dict[str, dict] = {}

    def _keep(self, message: dict) -> None:
        # each message holds the whole state of a widget's outputs, so the last one is enough
        self._kept[message["content"]["comm_id"]] = message

    def given(self) -> list[dict]:
        """Return what was sent since the last call."""
        kept, self._kept = self._kept, {}
        return list(kept.values())


def _message(msg_type: str, content: dict, parent: object = None, metadata: dict | None = None) -> dict:
    return {"header": {"msg_type": msg_type}, "content": content, "metadata": metadata or {}, "buffers": []}
