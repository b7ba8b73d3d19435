"""Notebooks of the kinds that notebook runners and plotting libraries test themselves with, compared with a kernel.

Run it with `pytest -m long`. Widgets and tqdm are compared where they are installed, in this Python or in the one that the variable
CITYRESEARCH_TEST_PYTHON names (it needs this package's dependencies, too).
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from torture import ALLOWED, comparable, notebook

HERE = Path(__file__).parent
PYTHON = os.environ.get("CITYRESEARCH_TEST_PYTHON", sys.executable)
pytestmark = pytest.mark.long

IDENTIFIER = re.compile("[0-9a-f]{32}")
KINDS = {
    "display updates": notebook(
        "from IPython.display import *\nhandle = display('one', display_id=True)\nsame = display('a', display_id='x')",
        "handle.update('two'); print('text'); same.update(HTML('<b>b</b>'))\nfor i in range(3): handle.update(i)",
        "display('again', display_id='x'); update_display('last', display_id='x')",
        "clear_output(); display(1); clear_output(wait=True); display(2)",
        "print('a'); clear_output(wait=True)",
        "display(*range(3)); DisplayHandle('own').display('shown')",
    ),
    "rich results": notebook(
        "class R:\n    def _repr_html_(self): return '<i>r</i>'\n    def _repr_latex_(self): return '$r$'\n"
        "    def _repr_markdown_(self): return '*r*'\n    def _repr_json_(self): return {'r': [1]}\nR()",
        "[R(), 1], {'r': R()}",
        "from IPython.display import *\nLatex('$z$')",
        "Code('x = 1'), Video('v.mp4'), IFrame('https://example.org', 1, 2)",
        "IFrame('https://example.org', 1, 2)",
        "display(ProgressBar(3))",
        "from fractions import Fraction\nimport datetime, collections, pathlib\n"
        "Fraction(1, 3), datetime.date(2023, 1, 2), collections.Counter('aab'), pathlib.PurePosixPath('a')",
        "b'bytes', 'text\\nlines', 1j, ..., None, print, type, range(3)",
        "get_ipython().display_formatter.formatters['text/plain'].for_type(int, lambda n, p, c: p.text(f'int {n}'))\n3",
    ),
    "magics": notebook(
        "%%bash\nfor i in 1 2; do echo $i; done; echo e >&2",
        "%%sh\npwd >/dev/null; echo sh",
        "%%script cat\nhello",
        ("%%bash\nexit 2", ALLOWED),
        "%%bash --out text --err wrong\necho o; echo e >&2",
        "text, wrong",
        "%%capture kept --no-stderr\nimport sys; print('o'); print('e', file=sys.stderr); display(3)",
        "kept.show(); str(kept)",
        "%%time\n'value'",
        "%time print('timed')",
        "%%timeit -n1 -r1 -q -o\npass\n",
        "%%python3\nprint('another python')",
        "%%html\n<b>x</b>",
        "%%latex\n$x$",
        "%%svg\n<svg/>",
        "%%javascript\n1",
        "%%markdown\n*m*",
        "%%writefile m.py\nvalue = 5\nprint('loaded')",
        "%run m.py",
        "value",
        "%load_ext autoreload\n%autoreload 2",
        "import m",
        "%reset -f\ndir()[:1]",
        "%precision 3\n0.12345",
        "%alias hi echo hi\nhi there",
        "x = !echo shell\nx",
        "!echo out; echo err >&2; exit 3",
        "_exit_code",
        "%sx echo listed",
        "%pinfo len",
        "%psource value",
        "%matplotlib --list",
        "%lsmagic\nNone",
        ("%%nosuch\nx", ALLOWED),
        ("%run missing.py", ALLOWED),
        "%macro two 1\nNone",
        "%xmode Minimal",
        ("1/0", ALLOWED),
        "%xmode Verbose",
        ("y = 3; 1/0", ALLOWED),
        "%prun -q 1",
    ),
    "errors": notebook(
        ("raise Exception", ALLOWED),
        ("class Own(Exception):\n    def __str__(self): return 'own'\nraise Own(1)", ALLOWED),
        ("class Bad(Exception):\n    def __str__(self): raise ValueError\nraise Bad", ALLOWED),
        ("raise SystemExit(2)", ALLOWED),
        ("raise Exception('a' * 5000)", ALLOWED),
        ("raise Exception('\\x1b[31mred')", ALLOWED),
        ("try:\n    1/0\nfinally:\n    print('finally')", ALLOWED),
        ("e = Exception('noted'); e.add_note('a note'); raise e", ALLOWED),
        ("async def f(): raise KeyError('k')\nawait f()", ALLOWED),
        ("import asyncio\nawait asyncio.gather(f(), f())", ALLOWED),
        ("await asyncio.wait_for(asyncio.sleep(9), 0.01)", ALLOWED),
        ("def g(): yield 1/0\nlist(g())", ALLOWED),
        ("import importlib; importlib.import_module('nosuchmodule')", ALLOWED),
        ("exec('1/0')", ALLOWED),
        ("eval('1 +')", ALLOWED),
        ("lambda: (yield)\nreturn 1", ALLOWED),
        ("await 3", ALLOWED),
        ("x = yield 1", ALLOWED),
        ("get_ipython().showtraceback()", ALLOWED),
        ("from IPython.core.error import UsageError\nraise UsageError('usage')", ALLOWED),
        ("get_ipython().set_custom_exc((ValueError,), lambda s, t, v, tb, tb_offset=None: print('custom'))", ALLOWED),
        ("raise ValueError", ALLOWED),
    ),
    "asking": notebook(
        "print('a')\nbreakpoint()\nprint('b')",
        "def f():\n    breakpoint()\n    return 3\nf()",
        ("input()", ALLOWED),
        ("name = input('name: ')", ALLOWED),
        ("import getpass; getpass.getpass('secret')", ALLOWED),
        "import sys; sys.stdin.readline(), sys.stdin.isatty()",
        ("%debug", ALLOWED),
    ),
    "warnings and logging": notebook(
        "import warnings, logging, sys\nwarnings.warn('w'); warnings.warn('w')",
        "warnings.simplefilter('error')",
        ("warnings.warn('raised')", ALLOWED),
        "warnings.simplefilter('ignore'); warnings.warn('not shown'); warnings.resetwarnings()",
        "logging.getLogger('x').warning('before'); logging.basicConfig(level=logging.INFO, force=True)\nlogging.info('after')",
        "log = logging.getLogger('own'); log.addHandler(logging.StreamHandler(sys.stdout)); log.propagate = False\nlog.error('to stdout')",
        "logging.captureWarnings(True); warnings.warn('captured')",
        "try: 1/0\nexcept ZeroDivisionError: logging.exception('logged')",
        "print('out'); print('err', file=sys.stderr); display(1); print('out'); print('err', file=sys.stderr)",
    ),
    "async and threads": notebook(
        "import asyncio, threading, time\nasync def a(n):\n    await asyncio.sleep(0)\n    print(n)\n    return n\nawait a(1)",
        "await asyncio.gather(*map(a, range(3)))",
        "task = asyncio.create_task(a(9)); await task",
        "async with asyncio.timeout(5):\n    print('inside')",
        "async def gen():\n    yield 1\n[x async for x in gen()]",
        "t = threading.Thread(target=print, args=('in a thread',)); t.start(); t.join()",
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as p: print(list(p.map(str, range(3))))",
        "go = threading.Event()\nlate = threading.Thread(target=lambda: (go.wait(), print('late'))); late.start()",
        "go.set(); late.join(); print('next')",
        ("await asyncio.to_thread(lambda: 1/0)", ALLOWED),
        "from multiprocessing import get_context\nwith get_context('fork').Pool(2) as p: print(p.map(abs, [-1, 2]))",
    ),
    "plots": notebook(
        "%matplotlib inline\nimport matplotlib.pyplot as plt, numpy as np\nplt.plot([1, 2])",
        "fig, ax = plt.subplots(); ax.scatter([1], [2]); fig",
        "plt.hist(np.arange(9)); plt.show(); print('between'); plt.pie([1, 2]); plt.show()",
        "for i in range(2):\n    plt.figure(figsize=(1, 1)); plt.plot([i]); plt.show()",
        "with plt.style.context('ggplot'): plt.bar(['a'], [1])",
        "plt.ioff(); plt.plot([3]); plt.ion();",
        "%config InlineBackend.figure_format = 'svg'\nplt.rcParams['svg.hashsalt'] = 's'\nplt.plot([2]);",
        "plt.close('all'); fig = plt.figure(); plt.close(fig)",
    ),
    "tables and statistics": notebook(
        "import pandas as pd, numpy as np\nf = pd.DataFrame({'a': [1, 2], 'b': [0.5, None], 'c': pd.to_datetime(['2020-01-01', None])})\nf",
        "f.style.highlight_max(subset=['a']).set_uuid('u').format(precision=1)",
        "f.describe()",
        "f.info()",
        "f.dtypes, f.T",
        "pd.Series(range(100), name='long')",
        "pd.set_option('display.max_rows', 4); pd.DataFrame(np.arange(40).reshape(20, 2))",
        "with pd.option_context('display.precision', 1): display(f)",
        "f.set_index(['a', 'b'])",
        ("f['missing']", ALLOWED),
        ("pd.read_csv('missing.csv')", ALLOWED),
        "import statsmodels.api as sm\nm = sm.OLS([1., 2, 3.5, 4, 6], sm.add_constant(np.arange(5.))).fit(); m.params, m.rsquared",
        "m.summary().tables[0].as_csv()[:40]",
        "import seaborn as sns\nsns.set_theme(); sns.lineplot(x=[1, 2], y=[3, 4])",
        "sns.heatmap(np.eye(2), cbar=False);",
    ),
}
WIDGETS = {
    "output widgets": notebook(
        "import ipywidgets as w, sys\nout = w.Output()\nout",
        "with out:\n    print('inside'); print('err', file=sys.stderr); display('shown')\nprint('outside')",
        "[dict(o) for o in out.outputs]",
        "with out:\n    1/0\nprint('after')",
        "out.clear_output()\nwith out:\n    print('anew')",
        "out.outputs",
        "@out.capture()\ndef f(): print('captured'); return 5\nf()",
        "out.append_stdout('appended'); out.append_display_data('d'); len(out.outputs)",
        "inner = w.Output()\nwith out:\n    with inner:\n        print('nested')\n    print('outer')\nprint('none')",
        "inner.outputs",
        "print('end')",
    ),
    "other widgets": notebook(
        "import ipywidgets as w\nslider = w.IntSlider(value=3, description='n')\nslider",
        "slider.observe(lambda change: print('changed', change['new']), 'value'); slider.value = 5\nprint(slider.value)",
        "w.interact(lambda n: print('n is', n), n=(0, 3));",
        "w.VBox([w.Label('a'), w.HTML('<b>b</b>'), w.Button(description='c')])",
        "w.Image(value=b'\\x89PNG', format='png')",
        "w.HTML('closed').close(); w.Play(), w.Tab()",
    ),
    "progress bars": notebook(
        "from tqdm import tqdm\nimport sys\nfor i in tqdm(range(3), file=sys.stdout, bar_format='{desc}{n_fmt}/{total_fmt}'): pass",
        "for i in tqdm(range(3), bar_format='{n_fmt}/{total_fmt}'): print(i)",
        "from tqdm.notebook import tqdm as bar\nfor i in bar(range(3), bar_format='{n_fmt}/{total_fmt}'): pass",
        "from tqdm.auto import tqdm as auto\nwith auto(total=2, bar_format='{l_bar}{bar}{n_fmt}') as b: b.update(2)",
        "for i in bar(range(3), leave=False): pass\nprint('left')",
    ),
}


def modules_of(python: str) -> set[str]:
    names = ("ipywidgets", "tqdm")
    code = f"import importlib.util as u, json; print(json.dumps([n for n in {names} if u.find_spec(n)]))"
    return set(json.loads(subprocess.run([python, "-c", code], capture_output=True, check=True).stdout))


def executed(nb, folder, engine):
    own = folder / engine
    own.mkdir()
    nbformat.write(nb, folder / "n.ipynb")
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent), "OPENBLAS_NUM_THREADS": "1"}
    environment.pop("PYTEST_CURRENT_TEST")  # a kernel that sees it does not capture file descriptors
    result = subprocess.run(
        [PYTHON, HERE / "run_notebook.py", engine, "../n.ipynb", "out.ipynb", "WARM"],
        cwd=own, env=environment, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert f"ran {engine}" in result.stdout, result.stderr
    return nbformat.read(own / "out.ipynb", 4)


def steady(value, names):
    """Replace the random identifiers of widgets by their order of appearance in the outputs."""
    if isinstance(value, dict):
        return {steady(k, names): steady(v, names) for k, v in value.items()}
    if isinstance(value, list):
        return [steady(one, names) for one in value]
    if isinstance(value, str) and IDENTIFIER.fullmatch(value):
        return names.setdefault(value, f"id {len(names)}")
    return value


@pytest.mark.parametrize("name", [*KINDS, *WIDGETS])
def test_a_notebook_of_this_kind_shows_what_it_shows_in_a_kernel(tmp_path, name):
    if name in WIDGETS and modules_of(PYTHON) != {"ipywidgets", "tqdm"}:
        pytest.skip("ipywidgets and tqdm are not installed")
    nb = (KINDS | WIDGETS)[name]
    nb.metadata["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"version_major": 2, "version_minor": 0, "state": {}}
    }
    kernel, fork = (executed(nb, tmp_path, engine) for engine in ("kernel", "fork"))
    ours, theirs = (steady(comparable(one), {}) for one in (fork, kernel))
    different = [
        f"cell {number}: {other['source']}\nours:   {own}\ntheirs: {other}"
        for number, (own, other) in enumerate(zip(ours, theirs, strict=True))
        if own != other
    ]
    assert not different, "\n\n".join(different)
    states = [sorted(_models(one)) for one in (fork, kernel)]
    assert states[0] == states[1]


def _models(nb):
    widgets = nb.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {})
    models = []  # in what order, and how many of one kind, but not which is part of which
    for model in widgets.get("state", {}).values():
        state = {key: value for key, value in model["state"].items() if key != "msg_id"}
        models.append(
            json.dumps(
                [model["model_name"], IDENTIFIER.sub("", json.dumps(state, sort_keys=True, default=str))],
                sort_keys=True,
                default=str,
            )
        )
    return models
