"""A Jupyter kernel provisioner that forks kernels from a process with everything imported."""

from __future__ import annotations

import os
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

NAME = "statedfigures-warm"


class WarmProvisioner(LocalProvisioner):
    """Forks a kernel where its manager has a warm process, and starts a plain one elsewhere."""

    async def launch_kernel(self, cmd: list[str], **keywords: Any) -> KernelConnectionInfo:
        """Make the process of a kernel.

        Parameters
        ----------
        cmd
            Command line of a plain kernel: Python, a file and its arguments.
        keywords
            As `subprocess.Popen` takes them, among them ``env`` and ``cwd``.

        Returns
        -------
        dict
            Where the kernel listens.
        """
        warm = getattr(self.parent, "warm_process", None)
        if warm is not None:
            folder = str(keywords.get("cwd") or os.getcwd())
            try:
                self.process = warm.fork(cmd[2:], dict(keywords["env"]), folder)
            except RuntimeError:  # it has ended, for whatever reason: a plain kernel will do
                self.process = None
        if self.process is None:
            return await super().launch_kernel(cmd, **keywords)
        self.pid = self.process.pid
        # No group to signal from here: the process knows whether the kernel still has its number.
        self.pgid = None
        return self.connection_info
