import asyncio
import os
import subprocess
import sys
import textwrap
import time

import psutil
import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from statedfigures.site.run import kernels

IPYKERNEL = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]


def run_program(tmp_path, code, *arguments):
    """Run a program of its own: a kernel ends with the program that started it."""
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(code))
    return subprocess.run(
        [sys.executable, str(path), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


START = """
    import asyncio, os, sys
    from pathlib import Path
    from statedfigures.site.run import execution, kernels

    async def begin(folder, settings):
        pool = execution.Kernels(settings)
        manager = pool.manager_class(Path(folder))(kernel_name="python3")
        await manager.start_kernel()
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        return pool, manager, client
"""


def test_a_kernel_is_forked_and_has_what_it_needs(tmp_path):
    program = (
        START
        + """
    async def main():
        pool, manager, client = await begin(sys.argv[1], {"STATEDFIGURES_DATA": "/somewhere"})
        said = []
        ask = "import os, sys; print(sys.modules.__contains__('pandas'), os.environ['TZ'], " \\
              "os.environ['STATEDFIGURES_DATA'], hash('a') % 1000, os.getpgrp() == os.getpid())"
        await client.execute_interactive(ask, timeout=60, output_hook=lambda m: said.append(
            m["content"].get("text", "")))
        print("".join(said).strip(), type(manager.provisioner.process).__name__)
        pool.close()

    if __name__ == "__main__":
        kernels.start_fork_server()
        asyncio.run(main())
    """
    )
    told = run_program(tmp_path, program, tmp_path / "k")
    seeded = subprocess.check_output(
        [sys.executable, "-c", "print(hash('a') % 1000)"],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        text=True,
    ).strip()
    assert told.stdout.split() == ["True", "UTC", "/somewhere", seeded, "True", "ForkedKernel"]
    assert told.stderr == ""


def test_a_kernel_ends_with_the_program_that_started_it(tmp_path):
    program = (
        START
        + """
    async def main():
        pool, manager, client = await begin(sys.argv[1], {})
        print(manager.provisioner.pid, flush=True)
        os.kill(os.getpid(), 9)

    if __name__ == "__main__":
        kernels.start_fork_server()
        asyncio.run(main())
    """
    )
    number = int(run_program(tmp_path, program, tmp_path / "k").stdout)
    ends = time.monotonic() + 30
    while psutil.pid_exists(number) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not psutil.pid_exists(number)


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
            await client.wait_for_ready(timeout=60)
            reply = await client.execute_interactive("1 + 1", timeout=60)
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
