import asyncio
import os
import subprocess
import sys
from contextlib import suppress
from unittest import mock

import psutil
import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from statedfigures.site.run import execution, kernels

PATIENCE = 600
IPYKERNEL = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]


@pytest.fixture(autouse=True, scope="module")
def _fork_server():
    """Start the process that kernels are forked from, as the program does."""
    with mock.patch.dict(os.environ):
        kernels.start_fork_server()


async def begin(folder, settings):
    """Start a kernel as a run does; return its manager and a client."""
    manager = execution.Kernels(settings).manager_class(folder)(kernel_name="python3")
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=PATIENCE)
    return manager, client


def test_a_kernel_is_forked_and_has_what_it_needs(tmp_path):
    ask = (
        "import os, sys; print('pandas' in sys.modules, os.environ['TZ'], "
        "os.environ['STATEDFIGURES_DATA'], hash('a') % 1000, os.getpgrp() == os.getpid())"
    )

    async def run():
        manager, client = await begin(tmp_path, {"STATEDFIGURES_DATA": "/somewhere"})
        said = []
        await client.execute_interactive(
            ask, timeout=PATIENCE, output_hook=lambda told: said.append(told["content"].get("text"))
        )
        process = type(manager.provisioner.process).__name__
        client.stop_channels()
        await manager.shutdown_kernel(now=True)
        return "".join(filter(None, said)).split(), process

    told, process = asyncio.run(run())
    seeded = subprocess.check_output(
        [sys.executable, "-c", "print(hash('a') % 1000)"],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        text=True,
    ).strip()
    assert told == ["True", "UTC", "/somewhere", seeded, "True"]
    assert process == "ForkedKernel"


def test_a_picture_of_pyplot_is_shown_by_a_forked_kernel(tmp_path):
    async def run():
        manager, client = await begin(tmp_path, {})
        shown = []
        await client.execute_interactive(
            "import matplotlib.pyplot as plt; plt.plot([1, 2]);",
            timeout=PATIENCE,
            output_hook=lambda told: shown.extend(told["content"].get("data", {})),
        )
        client.stop_channels()
        await manager.shutdown_kernel(now=True)
        return shown

    assert "image/png" in asyncio.run(run())


PROGRAM = """
import asyncio, os, pathlib, sys
from statedfigures.site.run import execution, kernels

async def main():
    manager = execution.Kernels({}).manager_class(pathlib.Path(sys.argv[1]))()
    await manager.start_kernel()
    print(manager.provisioner.pid, flush=True)
    os.kill(os.getpid(), 9)

if __name__ == "__main__":
    kernels.start_fork_server()
    asyncio.run(main())
"""


def test_a_kernel_ends_with_the_program_that_started_it(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    command = [sys.executable, tmp_path / "program.py", tmp_path / "k"]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    with suppress(psutil.NoSuchProcess):
        psutil.Process(int(told.stdout)).wait(timeout=PATIENCE)
    assert told.returncode == -9
    assert not psutil.pid_exists(int(told.stdout))


def launch(command, monkeypatch, tmp_path):
    """Start a kernel of a kernelspec that names the provisioner; return its type and a reply."""
    metadata = {"kernel_provisioner": {"provisioner_name": kernels.PROVISIONER}}
    spec = KernelSpec(argv=command, display_name="x", language="python", metadata=metadata)

    async def run():
        manager = AsyncKernelManager(kernel_name="x", connection_file=str(tmp_path / "c.json"))
        monkeypatch.setattr(manager, "_kernel_spec", spec)
        await manager.start_kernel()
        client = manager.client()
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=PATIENCE)
            reply = await client.execute_interactive("1 + 1", timeout=PATIENCE)
            return type(manager.provisioner.process).__name__, reply["content"]["status"]
        finally:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)

    return asyncio.run(run())


def test_a_kernelspec_that_names_the_provisioner_starts(monkeypatch, tmp_path):
    assert launch(IPYKERNEL, monkeypatch, tmp_path) == ("ForkedKernel", "ok")


def test_a_kernelspec_with_options_of_python_starts_too(monkeypatch, tmp_path):
    command = [sys.executable, "-Xfrozen_modules=off", *IPYKERNEL[1:]]
    assert launch(command, monkeypatch, tmp_path) == ("ForkedKernel", "ok")


def test_where_there_is_no_fork_a_plain_kernel_starts(monkeypatch, tmp_path):
    monkeypatch.setattr(kernels, "can_fork", lambda: False)
    assert launch(IPYKERNEL, monkeypatch, tmp_path) == ("Popen", "ok")


@pytest.mark.parametrize(
    "command",
    [["R", "--slave", "-f", "{connection_file}"], ["/usr/bin/env", *IPYKERNEL[1:]]],
)
def test_a_kernelspec_of_another_kernel_is_refused_plainly(command, monkeypatch, tmp_path):
    with pytest.raises(RuntimeError, match=r"starts the ipykernel of .* alone; let the kernelspec"):
        launch(command, monkeypatch, tmp_path)


def test_a_daemon_starts_no_kernel(monkeypatch, tmp_path):
    monkeypatch.setitem(kernels.multiprocessing.current_process()._config, "daemon", True)
    with pytest.raises(RuntimeError, match="is a daemon, which may start no kernel"):
        launch(IPYKERNEL, monkeypatch, tmp_path)


def test_jupyter_finds_the_provisioner():
    from importlib.metadata import entry_points

    (entry,) = entry_points(group="jupyter_client.kernel_provisioners", name=kernels.PROVISIONER)
    assert entry.load() is kernels.ForkedProvisioner
