"""What a cell says reaches its notebook: in order, while the cell runs, and when its process dies."""

import os
import subprocess
import sys

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from runner import HERE, run, write
from torture import notebook

from cityresearch.execution import streams
from cityresearch.execution.streams import NAMES, PUT, Channel, Listener


def run_all(folder, cells, limits=""):
    """Run notebooks, by their names, and return their outcomes and, by name, the outputs of every cell."""
    for name, sources in cells.items():
        write(folder, name, *sources)
    code = (
        f"limits = Limits({limits})\n"
        f"jobs = [Job(Path(f'{{n}}.ipynb'), Path(f'out/{{n}}.ipynb'), root=Path('.'), limits=limits)"
        f" for n in {list(cells)}]\ntell(plain(pool.run_all(jobs, 2)))"
    )
    outcomes = dict(zip(cells, run(code, folder), strict=True))
    outputs = {}
    for name, one in outcomes.items():
        ran = nbformat.read(one["failed_notebook"] or folder / f"out/{name}.ipynb", 4)
        outputs[name] = [[(o.get("name", o.output_type), o.get("text")) for o in cell.outputs] for cell in ran.cells]
    return outcomes, outputs


writes = st.tuples(
    st.sampled_from(["text", "descriptor", "flush", "look"]), st.integers(0, 1), st.text(max_size=40).map(str.encode)
)


@settings(deadline=None)
@given(st.lists(writes, max_size=60))
def test_each_stream_arrives_whole_and_in_the_order_of_writing_however_it_is_cut(steps):
    channel = Channel()
    listener = Listener(channel)
    sent, shown = [b"", b""], []
    for kind, stream, data in steps:
        if kind == "text":
            channel.write(stream, data)
        elif kind == "descriptor":
            os.write(channel.pipes[stream][1], data)
        if kind in {"text", "descriptor"}:
            sent[stream] += data
        elif kind == "flush":
            channel.flush(stream)
        else:
            listener.drain()
            shown += listener.due(channel.counts[PUT])
    shown += listener.rest()
    channel.close()
    for stream, name in enumerate(NAMES):
        assert "".join(text for one, text in shown if one == name) == sent[stream].decode()


def test_a_full_ring_waits_for_its_reader_and_wraps_around(monkeypatch):
    monkeypatch.setattr(streams, "RING_BYTES", 64)
    monkeypatch.setattr(streams, "CHUNK_BYTES", 16)
    channel = Channel()
    listener = Listener(channel)
    shown = []
    monkeypatch.setattr(streams.time, "sleep", lambda seconds: shown.extend(listener.upto(channel.counts[PUT])))
    text = "".join(map(str, range(500)))
    channel.write(0, text.encode())
    channel.flush(0)
    shown += listener.rest()
    channel.close()
    assert "".join(said for _, said in shown) == text


def test_text_of_python_and_of_descriptors_stands_in_the_order_of_writing(tmp_path):
    cells = (
        "import os, subprocess, sys\nprint('before')\nsubprocess.run(['echo', 'from a process'])\n"
        "os.write(1, 'by descriptor é\\n'.encode()); print('after'); os.system('echo last');",
        "import multiprocessing\nprint('parent')\n"
        "p = multiprocessing.get_context('fork').Process(target=print, args=('child',), kwargs={'flush': True})\n"
        "p.start(); p.join(); print('parent again')",
        "sys.__stdout__.write('original\\n'); sys.__stdout__.flush(); print('ours')",
        "print('a'); subprocess.run('echo b; echo c > /dev/stdout; echo d', shell=True); print('e')",
        "os.system('echo wrong >&2'); print('also wrong', file=sys.stderr)",
        "from IPython.display import display\nos.system('echo 1'); display(0); os.system('echo 2'); display(0); print(3)",
    )
    _, outputs = run_all(tmp_path, {"n": cells})
    assert outputs["n"] == [
        [("stdout", "before\nfrom a process\nby descriptor é\nafter\nlast\n")],
        [("stdout", "parent\nchild\nparent again\n")],
        [("stdout", "original\nours\n")],
        [("stdout", "a\nb\nc\nd\ne\n")],
        [("stderr", "wrong\nalso wrong\n")],
        [("stdout", "1\n"), ("display_data", None), ("stdout", "2\n"), ("display_data", None), ("stdout", "3\n")],
    ]


@pytest.mark.long
def test_the_streams_keep_their_order_when_time_lies_between(tmp_path):
    source = (
        "import sys, time\nprint('first')\ntime.sleep(0.5)\nprint('second', file=sys.stderr)\ntime.sleep(0.5)\nprint('third')\n"
        "print('flushed', flush=True); print('x', file=sys.stderr, flush=True); print('y')"
    )
    _, outputs = run_all(tmp_path, {"n": [source]})
    assert outputs["n"][0] == [
        ("stdout", "first\n"),
        ("stderr", "second\n"),
        ("stdout", "third\nflushed\n"),
        ("stderr", "x\n"),
        ("stdout", "y\n"),
    ]


def test_a_dying_cell_keeps_its_words(tmp_path):
    words = (
        "import ctypes, os, signal, subprocess, sys, time\n"
        "print('out', end=''); print('err', file=sys.stderr); subprocess.run(['echo', ' and a process'])\n"
    )
    endings = {
        "exit": "os._exit(3)",
        "kill": "os.kill(os.getpid(), signal.SIGKILL)",
        "term": "os.kill(os.getpid(), signal.SIGTERM); time.sleep(60)",
        "fault": "ctypes.string_at(0)",
        "abort": "os.abort()",
        "holder": "subprocess.Popen(['sleep', '600'], start_new_session=True); os._exit(3)",
    }
    cells = {name: ["print('before')", words + ending, "never"] for name, ending in endings.items()}
    outcomes, outputs = run_all(tmp_path, cells)
    causes = {name: outcome["error"]["message"].removeprefix("Kernel died: the notebook's process ").split(" (")[0]
              for name, outcome in outcomes.items()}  # fmt: skip
    assert causes == {
        "exit": "ended with exit code 3.",
        "kill": "was killed by SIGKILL",
        "term": "was killed by SIGTERM.",
        "fault": "was killed by SIGSEGV.",
        "abort": "was killed by SIGABRT.",
        "holder": "ended with exit code 3.",
    }
    for said in outputs.values():
        assert said[0] == [("stdout", "before\n")]
        assert sorted(said[1], key=str) == [("error", None), ("stderr", "err\n"), ("stdout", "out and a process\n")]


@pytest.mark.long
def test_a_cell_that_hangs_is_ended_and_its_line_is_named_wherever_it_hangs(tmp_path):
    hung = {
        "python": "print('words')\n\nwhile True:\n    pass",
        "compiled": "import ctypes; print('words')\n\nctypes.PyDLL(None).sleep(600)",  # holds the interpreter's lock
        "awaits": "import asyncio; print('words')\nasync def wait():\n    await asyncio.sleep(600)\nawait wait()",
        "stopped": "import os; print('words')\n\nos.kill(os.getpid(), 19)",
        "library": "import subprocess; print('words')\n\nsubprocess.run(['sleep', '600'])",
        "thread": "import threading; print('words')\ndef work():\n    threading.Event().wait()\n"
        "t = threading.Thread(target=work); t.start(); t.join()",
    }
    outcomes, outputs = run_all(tmp_path, {name: [source] for name, source in hung.items()}, "cell_seconds=5")
    lines = {name: outcome["error"]["line"] for name, outcome in outcomes.items()}
    assert lines.pop("python") in (3, 4)
    assert lines == {"compiled": 3, "awaits": 3, "stopped": 3, "library": 3, "thread": 4}
    for name, said in outputs.items():
        assert said[0][0] == ("stdout", "words\n"), name
        assert "took longer than 5 s" in outcomes[name]["message"]


# the cell goes on only when somebody outside has seen what it printed
WAITS = "import pathlib, time\nprint('seen now')\nwhile not pathlib.Path('go').exists(): time.sleep(0.05)\nprint('end')"


@pytest.mark.long
def test_papermill_logs_text_while_the_cell_runs(tmp_path):
    nbformat.write(notebook(WAITS), tmp_path / "n.ipynb")
    code = (
        "from cityresearch.execution.engine import ForkEngine\nfrom papermill.engines import papermill_engines\n"
        "papermill_engines.register('fork', ForkEngine)\nfrom papermill.cli import papermill\n"
        "papermill(['n.ipynb', 'out.ipynb', '--engine', 'fork', '--log-output', '--no-progress-bar'])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(HERE.parent)},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    seen = next((line for line in process.stderr if "seen now" in line), None)
    (tmp_path / "go").touch()
    assert "end" in process.communicate(timeout=60)[1] and seen


def test_the_pool_tells_what_a_cell_prints_while_it_runs(tmp_path):
    write(tmp_path, "n", WAITS)
    told_lines = run(
        "lines = []\n"
        "def hear(event):\n"
        "    if event.kind == 'text':\n        lines.append([event.cell, event.message]); Path('go').touch()\n"
        "pool.run_all([Job(Path('n.ipynb'), Path('out/n.ipynb'), limits=Limits(cell_seconds=50))], 1, hear)\n"
        "tell(lines)",
        tmp_path,
    )
    assert told_lines[0] == [1, "seen now"]


@pytest.mark.long
def test_cells_that_tamper_with_their_process_do_not_lose_the_notebook(tmp_path):
    cells = {
        "closed": ["import os; os.close(1); print('a')", "print('b')"],
        "replaced": [
            "import io, sys; print('a'); sys.stdout = io.StringIO(); print('hidden')",
            "print('hidden', file=sys.stderr)",
        ],
        "moved": [
            "import os; os.dup2(os.open('f.txt', os.O_CREAT | os.O_WRONLY), 1); os.system('echo to the file'); print('a')",
            "print('b')",
        ],
        "forked": [
            "import os\nif os.fork():\n    os.wait()\n    print('parent')\nelse:\n    print('child', flush=True)",
            "print('once')",
        ],
        "gone": ["import os, tempfile; f = tempfile.mkdtemp(); os.chdir(f); os.rmdir(f); print('a')", "print('b')"],
        "endless": ["import threading; [threading.Thread(target=threading.Event().wait).start() for _ in range(3)]"],
        "atexit": ["import atexit; print('a'); atexit.register(lambda: 1 / 0)"],
        "signal": [
            "import signal\nsignal.signal(signal.SIGALRM, lambda n, f: print('!', end=''))\n"
            "signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)\nfor i in range(3000): print('.', end='')\n"
            "signal.setitimer(signal.ITIMER_REAL, 0)"
        ],
    }
    outcomes, outputs = run_all(tmp_path, cells)
    assert {name: outcome["status"] for name, outcome in outcomes.items()} == dict.fromkeys(cells, "done")
    assert all(outcome["used"] is not None for outcome in outcomes.values())
    assert outputs["closed"] == outputs["moved"] == outputs["gone"] == [[("stdout", "a\n")], [("stdout", "b\n")]]
    assert outputs["replaced"] == [[("stdout", "a\n")], [("stderr", "hidden\n")]]
    assert outputs["forked"] == [[("stdout", "child\nparent\n")], [("stdout", "once\n")]]
    assert (tmp_path / "f.txt").read_text() == "to the file\n"
    assert outputs["signal"][0][0][1].replace("!", "") == "." * 3000


@pytest.mark.long
def test_many_lines_all_arrive(tmp_path):
    _, outputs = run_all(tmp_path, {"n": ["for i in range(100_000): print(i)"]})
    ((_, text),) = outputs["n"][0]
    assert text.split() == [str(i) for i in range(100_000)]
