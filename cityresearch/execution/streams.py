"""What a cell prints, from its process to ours: promptly, in order, and nothing is lost when the process dies.

What Python prints goes through memory that both processes share, so a killed process cannot take it along. What
subprocesses and compiled code write to file descriptors 1 and 2 goes through a pipe each, as in a kernel. Python's
side notes how much the pipes have carried before each of its own texts; that keeps the order exact.
"""

from __future__ import annotations

import array
import codecs
import contextlib
import io
import math
import mmap
import os
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator

with contextlib.suppress(ImportError):  # Windows has neither, and runs notebooks in kernels, without these streams
    import fcntl
    import termios

__all__ = ["NAMES", "PUT", "CellStream", "Channel", "Listener"]

NAMES = ("stdout", "stderr")
HOLD_SECONDS = 0.2  # how long text may wait for more of it, as in a kernel
RING_BYTES = 1 << 22
CHUNK_BYTES = 1 << 18
FULL_SECONDS = 0.001
# the shared numbers: bytes put into the ring and taken from it; odd while a pipe is read; bytes read from each pipe
PUT, TAKEN, READING, CARRIED = 0, 1, 2, 3
COUNTS_BYTES = 64
TEXT, PLACE, FLUSH = 0, 1, 2
_frame = struct.Struct("<BBI")
_total = struct.Struct("<Q")


class Channel:
    """The way of one notebook's text; made before the fork, with a writing end there and a reading end here."""

    def __init__(self) -> None:
        self.memory = mmap.mmap(-1, COUNTS_BYTES + RING_BYTES)
        self.counts = memoryview(self.memory)[:COUNTS_BYTES].cast("Q")
        self.pipes = [os.pipe(), os.pipe()]
        self.bell = os.pipe()  # rings when the ring is full
        for end in (*(source for source, _ in self.pipes), *self.bell):
            os.set_blocking(end, False)
        self._lock = threading.Lock()
        self._writer: int | None = None
        self._deferred: deque[tuple[int, int, bytes]] = deque()
        self._noted = [0, 0]
        self._waiting = [False, False]
        self._flush_at = math.inf

    def close(self) -> None:
        """Close the descriptors of this process."""
        for end in (*self.bell, *self.pipes[0], *self.pipes[1]):
            os.close(end)

    # the writing side

    def write(self, stream: int, data: bytes) -> None:
        """Hand over text of a stream, after what its descriptor has carried so far."""
        now = time.monotonic()
        if now > self._flush_at:  # something has waited long enough, so it must come before this
            for each in range(len(NAMES)):
                if self._waiting[each]:
                    self.flush(each)
        if not self._waiting[stream]:
            self._flush_at = min(self._flush_at, now + HOLD_SECONDS)
            self._waiting[stream] = True
        self.note(stream)
        for start in range(0, len(data), CHUNK_BYTES):
            self._put(TEXT, stream, data[start : start + CHUNK_BYTES])

    def note(self, stream: int) -> None:
        """Mark that what the descriptor has carried so far comes before what is handed over next."""
        total = self._carried(stream)
        if total != self._noted[stream]:
            self._noted[stream] = total
            self._put(PLACE, stream, _total.pack(total))

    def flush(self, stream: int) -> None:
        """Mark that what the stream has so far is to be shown before anything else."""
        self.note(stream)
        self._waiting[stream] = False
        if not any(self._waiting):
            self._flush_at = math.inf
        self._put(FLUSH, stream, b"")

    def _carried(self, stream: int) -> int:
        unread = array.array("i", [0])
        while True:
            before = self.counts[READING]
            if before % 2 == 0:
                try:
                    fcntl.ioctl(self.pipes[stream][0], termios.FIONREAD, unread)
                except OSError:  # a cell has closed descriptors that are not its own
                    return self._noted[stream]
                total = self.counts[CARRIED + stream] + unread[0]
                if self.counts[READING] == before:
                    return total
            time.sleep(0)

    def _put(self, kind: int, stream: int, data: bytes) -> None:
        me = threading.get_ident()
        if self._writer == me:  # a signal handler or finalizer prints while this thread is in here
            self._deferred.append((kind, stream, data))
            return
        with self._lock:
            self._writer = me
            try:
                self._append(kind, stream, data)
                while self._deferred:
                    self._append(*self._deferred.popleft())
            finally:
                self._writer = None

    def _append(self, kind: int, stream: int, data: bytes) -> None:
        frame = _frame.pack(kind, stream, len(data)) + data
        put = self.counts[PUT]
        while len(frame) > RING_BYTES - (put - self.counts[TAKEN]):
            with contextlib.suppress(OSError):
                os.write(self.bell[1], b"!")
            time.sleep(FULL_SECONDS)
        place = put % RING_BYTES
        first = frame[: RING_BYTES - place]
        self.memory[COUNTS_BYTES + place : COUNTS_BYTES + place + len(first)] = first
        if len(first) < len(frame):
            self.memory[COUNTS_BYTES : COUNTS_BYTES + len(frame) - len(first)] = frame[len(first) :]
        self.counts[PUT] = put + len(frame)  # only now can the other side see it

    # the reading side

    def take(self, upto: int | None = None) -> Iterator[tuple[int, int, bytes]]:
        """Yield what was handed over (kind, stream, data), as far as the ring had been filled at `upto`."""
        start = self.counts[TAKEN]
        end = max(start, self.counts[PUT] if upto is None else upto)
        place, length = start % RING_BYTES, end - start
        begin = COUNTS_BYTES + place
        first = self.memory[begin : begin + min(length, RING_BYTES - place)]
        content = first + self.memory[COUNTS_BYTES : COUNTS_BYTES + length - len(first)]
        self.counts[TAKEN] = end
        position = 0
        while position < length:
            kind, stream, size = _frame.unpack_from(content, position)
            position += _frame.size
            yield kind, stream, content[position : position + size]
            position += size

    def read(self, stream: int) -> bytes:
        """Return what a pipe holds, at most a chunk."""
        self.counts[READING] += 1
        try:
            data = os.read(self.pipes[stream][0], CHUNK_BYTES)
        except BlockingIOError:
            data = b""
        self.counts[CARRIED + stream] += len(data)
        self.counts[READING] += 1
        return data


class CellStream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of a cell.

    Parameters
    ----------
    channel
        Where the text goes.
    number
        1 for stdout, 2 for stderr: the file descriptor that is captured, too.
    """

    encoding = "UTF-8"
    errors = "strict"

    def __init__(self, channel: Channel, number: int) -> None:
        self.name = NAMES[number - 1]
        self._channel = channel
        self._number = number
        self._owner = os.getpid()
        self._original = os.dup(number)
        os.dup2(channel.pipes[number - 1][1], number)

    def fileno(self) -> int:
        """Return the descriptor from before; what is written to it is not captured, as in a kernel."""
        return self._original

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Hand the text over."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        # half a surrogate pair becomes a question mark, which is better than no output
        data = text.encode("utf-8", "replace")
        if os.getpid() == self._owner:
            self._channel.write(self._number - 1, data)
        else:  # a process that a cell forked must not write into the middle of our text
            os.write(self._number, data)
        return len(text)

    def flush(self) -> None:
        """Have shown what was written so far before anything else."""
        if os.getpid() == self._owner:
            self._channel.flush(self._number - 1)


class Listener:
    """The reading end of a channel: puts the texts of both streams together as a kernel would send them."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self._texts: list[list[str]] = [[], []]
        self._since: list[float | None] = [None, None]
        self._carried = [bytearray(), bytearray()]
        self._placed = [0, 0]
        decoder = codecs.getincrementaldecoder("utf-8")
        self._decoders = [[decoder("replace"), decoder("replace")] for _ in range(2)]

    @property
    def descriptors(self) -> list[int]:
        """What to wait for, in addition to the time: these become readable."""
        return [self.channel.bell[0], *(source for source, _ in self.channel.pipes)]

    def drain(self) -> None:
        """Empty the pipes, so that nobody who writes to them has to wait."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.channel.bell[0], CHUNK_BYTES)
        for stream in range(2):
            self._carried[stream] += self.channel.read(stream)

    def upto(self, mark: int) -> list[tuple[str, str]]:
        """Return the texts (name, text) that come before a message that was sent when the ring stood at `mark`."""
        shown: list[tuple[str, str]] = []
        for kind, stream, data in self.channel.take(mark):
            if kind == TEXT:
                self._add(stream, self._decoders[0][stream].decode(data))
            elif kind == PLACE:
                self._place(stream, _total.unpack(data)[0])
            else:
                self._show(stream, shown)
        return shown

    def due(self, put: int) -> list[tuple[str, str]]:
        """Return the texts that have waited long enough; call it when no message was waiting after `put` was read."""
        shown = self.upto(put)
        for stream in range(2):
            self._place(stream, None)
        late = time.monotonic() - HOLD_SECONDS
        for stream in sorted(range(2), key=lambda one: self._since[one] or 0.0):
            since = self._since[stream]
            if since is not None and since <= late:
                self._show(stream, shown)
        return shown

    def rest(self) -> list[tuple[str, str]]:
        """Return all that is left of a process that has ended."""
        shown = self.upto(self.channel.counts[PUT])
        for stream in range(2):
            while data := self.channel.read(stream):
                self._carried[stream] += data
                if len(self._carried[stream]) > RING_BYTES:  # someone who outlived it goes on writing
                    break
            self._place(stream, None)
            self._show(stream, shown)
        return shown

    def _place(self, stream: int, total: int | None) -> None:
        carried = self._carried[stream]
        if total is not None and total - self._placed[stream] > len(carried):
            carried += self.channel.read(stream)
        count = len(carried) if total is None else min(len(carried), total - self._placed[stream])
        if count > 0:
            data = bytes(carried[:count])
            del carried[:count]
            self._placed[stream] += count
            self._add(stream, self._decoders[1][stream].decode(data))

    def _add(self, stream: int, text: str) -> None:
        self._texts[stream].append(text)
        if self._since[stream] is None:
            self._since[stream] = time.monotonic()

    def _show(self, stream: int, shown: list[tuple[str, str]]) -> None:
        text = "".join(self._texts[stream])
        self._texts[stream].clear()
        self._since[stream] = None
        if not text:
            return
        if shown and shown[-1][0] == NAMES[stream]:
            shown[-1] = (NAMES[stream], shown[-1][1] + text)
        else:
            shown.append((NAMES[stream], text))
