"""Notebooks that try every kind of output, and a way to compare two executed copies of them."""

from __future__ import annotations

import re
from itertools import groupby

import nbformat

KERNELSPEC = {"name": "python3", "language": "python", "display_name": "Python 3"}


def notebook(*cells: str | tuple[str, str]):
    """Return a notebook of code cells; a cell given as (source, tag) carries the tag."""
    nb = nbformat.v4.new_notebook(metadata={"kernelspec": dict(KERNELSPEC)})
    for number, cell in enumerate(cells):
        source, tags = (cell, []) if isinstance(cell, str) else (cell[0], [cell[1]])
        new = nbformat.v4.new_code_cell(source, id=f"cell-{number}")
        new.metadata["tags"] = tags
        nb.cells.append(new)
    return nb


ALLOWED = "raises-exception"

SHELL = notebook(
    ("year = 2023  # a parameter", "parameters"),
    "print('one'); import sys; print('two', file=sys.stderr); print('three')\nyear",
    "print('a', flush=True)\nprint('b', flush=True, file=sys.stderr)\nprint('c')",
    "for i in range(3):\n    print(i)\n    sys.stdout.flush()",
    "import os, subprocess, logging, time, warnings",
    "!echo hello from the shell; echo to stderr >&2\nout = !printf 'x\\ny\\n'\nout",
    "%%bash\necho in bash\necho wrong >&2",
    ("%%bash\nexit 3", ALLOWED),
    "%%time\nsum(range(10))",
    "%%capture held\nprint('kept'); 5",
    "held.stdout, len(held.outputs)",
    "%%writefile note.txt\nhello",
    "%ls *.txt",
    "%who int",
    "%pwd\nNone",
    "%env FORCE_COLOR",
    "%history -n 1-2",
    ("%nosuchmagic", ALLOWED),
    "from pathlib import Path\nPath.cwd() == Path(os.getcwd()), Path('note.txt').read_text(), __name__",
    "In[1], Out[3], _, __",
    "_ = 3; 7;",
    "7",
    "_, _i[:3], type(get_ipython()).__name__, sys.stdin.read(), sys.stdout.isatty(), sys.stdout.encoding",
    "sys.modules['__main__'].year, sys.path.index('') > 0, os.environ['MPLBACKEND'], 'JPY_PARENT_PID' in os.environ",
    "import asyncio\nawait asyncio.sleep(0.01)\n'slept'",
    "async def late():\n    await asyncio.sleep(0)\n    print('in a task')\n    return 4\n"
    "task = asyncio.ensure_future(late())\nawait task",
    ("asyncio.run(late())", ALLOWED),
    ("await asyncio.sleep(0); raise OSError('awaited')", ALLOWED),
    ("asyncio.get_running_loop().call_later(0.05, os.kill, os.getpid(), 2); await asyncio.sleep(5)", ALLOWED),
    ("input('name? ')", ALLOWED),
    ("import getpass; getpass.getpass()", ALLOWED),
    ("def inverse(x):\n    # a comment\n    return 1 / x\n\ninverse(0)", ALLOWED),
    ("inverse(0)", ALLOWED),
    ("if True print('x')", ALLOWED),
    ("def f():\nreturn 1", ALLOWED),
    ("x = [\n  1,\n", ALLOWED),
    ("raise ValueError('two\\nlines é 漢字 🙂')", ALLOWED),
    ("raise KeyboardInterrupt", ALLOWED),
    ("import signal; os.kill(os.getpid(), signal.SIGINT); import time; time.sleep(5)", ALLOWED),
    ("try:\n    {}['k']\nexcept KeyError as e:\n    raise RuntimeError('wrapped') from e", ALLOWED),
    ("raise ExceptionGroup('many', [ValueError(1), TypeError('t')])", ALLOWED),
    ("import json; json.loads('{')", ALLOWED),
    ("def deep(n): return deep(n + 1)\ndeep(0)", ALLOWED),
    ("assert 1 == 2, 'no'", ALLOWED),
    ("undefined_name", ALLOWED),
    ("print('shown first'); 1/0", ALLOWED),
    "warnings.warn('careful')\nwarnings.warn('old', DeprecationWarning)\nlogging.warning('logged')\n"
    "logging.info('not shown')",
    "'done é 漢字 🙂 \\x1b[31mred\\x1b[0m'",
    "print('é 漢字 🙂 \\x1b[31mred\\x1b[0m \\r over')",
    "print('x' * 200_000)\nlist(range(3000))",
    "import threading\nt = threading.Thread(target=lambda: print('from a thread')); t.start(); t.join()",
    "import multiprocessing\nmultiprocessing.current_process().name, multiprocessing.parent_process()",
    "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as text:\n    print('aside')\ntext.getvalue()",
    "import decimal; decimal.getcontext().prec = 5; import numpy as np; old = np.seterr(divide='ignore')",
    "decimal.Decimal(1) / 3, np.geterr()['divide']",
    "",
    "   \n",
    ("print('not run')", "skip-execution"),
    "# only a comment",
    "?len",
    "%autocall\n%config InlineBackend.figure_formats",
    "%store year",
    "sys.stdout.write('no newline')",
    "sys.stdout.writelines(['a\\n', 'b\\n'])",
    ("sys.stdout.write(3)", ALLOWED),
    "exec('y = 2'); eval('y')",
    "help(abs)",
    "import pdb, inspect\ninspect.getsource(inverse)",
    "try:\n    1/0\nexcept ZeroDivisionError:\n    import traceback; traceback.print_exc()",
    "sys.excepthook.__name__, sys.displayhook.__class__.__name__, sys.argv[0].endswith('ipykernel_launcher.py')",
)

RICH = notebook(
    "from IPython.display import *\nfrom IPython import get_ipython",
    "display(HTML('<b>x</b>'), Markdown('*y*'), Latex('$z$'), Math('z'), JSON({'a': [1, None]}), 'text', 3)",
    "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'), Javascript('1'), Pretty('p'))",
    "class Own:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
    "        return {'application/vnd.own.v1+json': {'claim': 'C1', 'values': (1, 2.5)}, 'text/plain': 'own'},"
    " {'application/vnd.own.v1+json': {'m': 1}}\nOwn()",
    "display(Own(), metadata={'k': 'v'})",
    "class Png:\n    def _repr_png_(self): return b'\\x89PNG\\r\\n\\x1a\\n123', {'width': 3}\n"
    "    def _repr_html_(self): return None\nPng()",
    "class Raw:\n    def _repr_mimebundle_(self, **k): return {'application/octet-stream': b'\\x00\\x01',"
    " 'text/plain': 'raw'}\nRaw()",
    ("class Broken:\n    def _repr_html_(self): raise ValueError('broken')\nBroken()", ALLOWED),
    ("class Worse:\n    def __repr__(self): raise ValueError('worse')\nWorse()", ALLOWED),
    ("display(Broken())", ALLOWED),
    "handle = display('first', display_id='one'); print('between')\ndisplay('again', display_id='one')",
    "handle.update(HTML('<i>second</i>')); update_display('nobody', display_id='none')",
    "update_display(Markdown('third'), display_id='one', metadata={'z': 1})",
    "print('gone'); display('gone too'); clear_output(); print('kept')",
    "print('gone'); clear_output(wait=True); print('kept', end=''); clear_output(wait=True)",
    "for i in range(4):\n    clear_output(wait=True); display(i)",
    "display('will go', display_id='two'); clear_output(); display('stays', display_id='two')",
    "update_display('new', display_id='two')",
    "display({'text/plain': 'p', 'text/html': '<p/>'}, raw=True)\npublish_display_data({'text/plain': 'q'})",
    "import pandas as pd, numpy as np\nframe = pd.DataFrame({'year': [2012, 2023], 'usd': [1.5, np.nan],"
    " 'metro': ['San José', None]})\nframe",
    "display(frame.style.format(precision=2).set_uuid('u'))\nframe.usd",
    "pd.DataFrame(np.arange(2500).reshape(50, 50))",
    "pd.DataFrame(np.arange(300).reshape(100, 3)); pd.get_option('display.max_columns'), pd.get_option('display.width')",
    "print(pd.DataFrame(np.arange(60).reshape(2, 30)))",
    "frame[frame.year > 2012]['usd'] = 3\nframe.groupby('metro', dropna=False).usd.sum()",
    "import matplotlib, matplotlib.pyplot as plt\nprint(matplotlib.is_interactive(), len(matplotlib.rcParams))\n"
    "dict(matplotlib.rcParams) == dict(matplotlib.rcParamsOrig), matplotlib.get_backend()",
    "plt.plot([1, 2]); plt.title('San José $x^2$')",
    "figure, axes = plt.subplots(1, 2, figsize=(3, 2)); axes[0].bar(['a', 'b'], [1, 2]); print('printed after');",
    "figure",
    "plt.plot([3, 4]); plt.show(); print('after show'); plt.figure(); plt.plot([1])\nplt.get_fignums()",
    "plt.get_fignums(), matplotlib.is_interactive()",
    ("plt.plot([1, 2], [1]); 1", ALLOWED),
    "%matplotlib inline\n%config InlineBackend.figure_formats = ['svg']\nplt.rcParams['svg.hashsalt'] = 'fixed'\n"
    "plt.rcParams['svg.fonttype'] = 'none'\nplt.plot([1, 2]);",
    "%config InlineBackend.figure_formats = {'png', 'svg'}\nplt.figure(facecolor='none'); plt.plot([1, 2]);",
    "from matplotlib_inline.backend_inline import set_matplotlib_formats\nset_matplotlib_formats('retina')\n"
    "plt.plot([1]);",
    "%config InlineBackend.close_figures = False\n%config InlineBackend.figure_formats = ['png']\nfig = plt.figure();"
    " plt.plot([2])\nNone",
    "plt.title('later')\nNone",
    "%config InlineBackend.close_figures = True\nplt.close('all')",
    "import seaborn as sns\nsns.set_theme(style='whitegrid'); sns.barplot(x=['a', 'b'], y=[1, 3], errorbar=None);",
    "import statsmodels.api as sm\nsm.OLS([1., 2, 3.5, 4], sm.add_constant([1., 2, 3, 4])).fit().params",
    "import statsmodels.formula.api as smf\nsmf.ols('y ~ x', pd.DataFrame({'x': [1., 2, 3, 5], 'y': [2., 4, 5, 9]}))"
    ".fit().summary().tables[1]",
    "from tqdm import tqdm\nfor i in tqdm(range(2), bar_format='{n_fmt}', file=__import__('sys').stdout): pass",
    "Image(data=b'\\x89PNG\\r\\n\\x1a\\n\\x00\\x00\\x00\\rIHDR\\x00\\x00\\x00\\x01\\x00\\x00\\x00\\x01', width=3)",
    "display(float('nan'), {'a': {1, 2}}, Own)\n{'z': 1, 'a': [None] * 3}",
    "display(Audio(b'123', rate=8), include=['text/plain'])\ndisplay(frame, exclude=['text/html'])",
    "get_ipython().run_cell_magic('html', '', '<u>u</u>'); get_ipython().display_pub.publish({'text/plain': 'direct'})",
    "%xmode Plain\n%precision 2\n3.14159",
    ("1/0", ALLOWED),
    "%xmode Context\nprint('x'); display(1); print('y'); 2",
    "import sys; print('e', file=sys.stderr); display(2); print('f', file=sys.stderr)",
)

FAILS = notebook(
    ("year = 1", "parameters"),
    "def share(part, whole):\n    return part / whole",
    "import sys; sys.exit(0)",
    "print('computing')\n\nshare(1, 0)",
    "print('never')",
)
EXITS = notebook("print('before')", "raise SystemExit(3)", "print('never')")
NOTEBOOKS = {"shell": SHELL, "rich": RICH, "fails": FAILS, "exits": EXITS}

VOLATILE = [
    (re.compile(r"ipykernel_\d+"), "ipykernel_N"),
    (re.compile(r"0x[0-9a-f]{6,}"), "0xN"),
    # %time and %timeit write "1.5 ms", "1e+03 µs" or "1min 3s", and %time names its compiler where that was slow
    (re.compile(r"\d[^\n<>:]* per loop"), "N per loop"),
    (re.compile(r"^(CPU times|Wall time): .*$", re.MULTILINE), r"\1"),
    (re.compile(r"^(Compiler|Parser|Transform) *: .*\n", re.MULTILINE), ""),
    (re.compile(r"<dc:date>.*?</dc:date>"), ""),
]


def comparable(nb) -> list[dict]:
    """Return the notebook's cells without times, identifiers and addresses, the text of each stream joined."""
    return [_cell(cell) for cell in nb.cells]


def _cell(cell) -> dict:
    metadata = {key: value for key, value in cell.metadata.items() if key not in {"execution", "cityresearch"}}
    timed = {"start_time", "end_time", "duration"}
    metadata["papermill"] = {k: v is None if k in timed else v for k, v in metadata.get("papermill", {}).items()}
    plain = {"source": cell.source, "metadata": metadata, "type": cell.cell_type}
    if cell.cell_type == "code":
        plain |= {"count": cell.execution_count, "outputs": _outputs(cell.outputs)}
        plain["timing"] = sorted(cell.metadata.get("execution", {}))
    return plain


def _outputs(outputs) -> list[dict]:
    # Between two other outputs a kernel sends the text of its streams in pieces that depend on the machine's load, and
    # how it interleaves them is not ours to promise: each stream is joined.
    joined: list[dict] = []
    streams: dict[str, dict] = {}
    for output in outputs:
        if output.output_type != "stream":
            joined += [streams[name] for name in sorted(streams)]
            streams = {}
            joined.append(dict(output))
        elif output.name in streams:
            streams[output.name]["text"] += output.text
        else:
            streams[output.name] = dict(output)
    joined += [streams[name] for name in sorted(streams)]
    for output in joined:  # and how deep a function may call itself depends on what called it: equal frames are one
        if output["output_type"] == "error":
            output["traceback"] = [frame for frame, _ in groupby(output["traceback"])]
    return [_calm(output) for output in joined]


def _calm(value):
    if isinstance(value, str):
        for pattern, constant in VOLATILE:
            value = pattern.sub(constant, value)
        return value
    if isinstance(value, dict):
        return {key: _calm(one) for key, one in value.items()}
    return [_calm(one) for one in value] if isinstance(value, list) else value
