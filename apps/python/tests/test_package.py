"""Stub, module, registry and README say the same."""

import ast
import inspect
import re
import runpy
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import ordine
from ordine import _ordine, schedules
from ordine.schedules import named

ROOT = Path(__file__).parents[1]
PACKAGE = Path(ordine.__file__).parent


def stub():
    """The definitions of the stub by name."""
    tree = ast.parse((PACKAGE / "_ordine.pyi").read_text(encoding="utf-8"))
    found = {}
    for node in tree.body:
        if isinstance(node, ast.AnnAssign):
            found[node.target.id] = node
        elif isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            found[node.name] = node
    return found


def parameters(function):
    """Names, kinds and defaults of a function of the stub."""
    arguments = function.args
    given = [it.arg for it in arguments.posonlyargs + arguments.args if it.arg != "self"]
    plain = [ast.literal_eval(it) for it in arguments.defaults]
    defaults = dict(zip(given[len(given) - len(plain) :], plain, strict=True))
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        given.append("*" + argument.arg)
        if default is not None:
            defaults["*" + argument.arg] = ast.literal_eval(default)
    return given, defaults


def parameters_of_module(signature):
    """The same of a function of the module."""
    given, defaults = [], {}
    for name, it in signature.parameters.items():
        if name == "self" or it.kind is it.VAR_KEYWORD:
            continue
        name = "*" + name if it.kind is it.KEYWORD_ONLY else name
        given.append(name)
        if it.default is not it.empty and it.default is not ...:
            defaults[name] = it.default
    return given, defaults


def public(names):
    """Names without those that Python gives to everything."""
    return {name for name in names if not name.startswith("_")}


def test_stub_and_module_have_the_same_names():
    assert public(stub()) == public(vars(_ordine))


def test_stub_and_module_have_the_same_signatures():
    checked = 0
    for name, node in stub().items():
        thing = getattr(_ordine, name)
        if isinstance(node, ast.FunctionDef):
            assert parameters(node) == parameters_of_module(inspect.signature(thing)), name
            checked += 1
        elif isinstance(node, ast.ClassDef):
            methods = {it.name: it for it in node.body if isinstance(it, ast.FunctionDef)}
            assert public(methods) == public(vars(thing)), name
            for method, definition in methods.items():
                member = getattr(thing, method)
                if method == "__init__":
                    member = thing
                elif method.startswith("__") or not callable(member):
                    continue
                found = parameters_of_module(inspect.signature(member))
                assert parameters(definition) == found, f"{name}.{method}"
                checked += 1
    assert checked > 30


def test_everything_public_has_docs():
    for name, thing in vars(_ordine).items():
        if callable(thing) and not name.startswith("_"):
            assert thing.__doc__, name


def test_named_functions_are_those_of_the_registry():
    generator = runpy.run_path(str(ROOT / "tools" / "generate_named.py"))
    text = (PACKAGE / "schedules" / "named.py").read_text(encoding="utf-8")
    assert text == generator["text"](), "run tools/generate_named.py"
    shapes = {it.name.replace("-", "_") for it in schedules.words() if it.kind == "schedule"}
    assert shapes == set(named.__all__)
    assert {it.kind for it in schedules.words()} == {"schedule", "change", "metric"}


def test_every_module_lists_what_it_has():
    for module in (ordine, schedules, ordine.budgets, ordine.grpo, ordine.relax, named):
        for name in module.__all__:
            assert hasattr(module, name), f"{module.__name__}.{name}"
    bound = set()
    for module in (schedules, ordine.budgets, ordine.relax):
        bound |= set(module.__all__)
    assert public(vars(_ordine)) <= bound


def blocks(kind):
    """Examples of the README in this kind of block."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"```{kind}\n(.*?)```", text, flags=re.DOTALL)


@pytest.mark.parametrize("example", blocks("python"))
def test_examples_of_the_readme_run(example):
    exec(compile(example, "README.md", "exec"), {})


@pytest.mark.parametrize("example", blocks("python torch"))
def test_examples_with_torch_run(example):
    pytest.importorskip("torch")
    exec(compile(example, "README.md", "exec"), {})


def test_docstrings_run():
    import doctest

    names = ("schedules", "schedules.optax", "budgets", "grpo", "relax")
    for name in (f"ordine.{it}" for it in names):
        failed, tried = doctest.testmod(sys.modules[name])
        assert failed == 0 and tried > 0, name


def test_long_calls_let_other_threads_run():
    schedule = schedules.uba(20_000_000, form="continuous")
    ticks, done = [], threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    begin = time.perf_counter()
    values = schedule.values()
    end = time.perf_counter()
    done.set()
    thread.join()
    assert np.isfinite(values[[0, -1]]).all()
    between = [it for it in ticks if begin < it < end]
    assert len(between) >= 5, f"{len(between)} ticks in {end - begin:.3f} s"


def test_torch_is_asked_for_only_where_it_is_needed():
    try:
        import torch  # noqa: F401
    except ImportError:
        with pytest.raises(ImportError, match="pip install torch"):
            schedules.linear(10).to_torch(None)
    else:
        assert schedules.torch.PlanLR is not None
