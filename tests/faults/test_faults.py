"""Renders that are broken in every way leave one whole edition, and the next run works.

Here each fault is made once, at a moment that is waited for; ``make faults`` makes them by the
hundred, at random ones.
"""

import signal

import pytest

from tests.faults import disks, faults
from tests.faults.bench import Bench


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """Return a place to break renders in; every fault must leave it in order for the next."""
    made = Bench(tmp_path_factory.mktemp("bench"))
    yield made
    made.close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_render_ended_while_it_runs_leaves_one_whole_edition_and_no_process(bench, number):
    assert faults.killed_renders(bench, 1, number).broken == []


def test_a_killed_kernel_leaves_the_earlier_edition(bench):
    assert faults.killed_kernels(bench, 1).broken == []


def test_a_killed_fork_server_leaves_one_whole_edition(bench):
    assert faults.killed_fork_servers(bench, 1).broken == []


def test_two_renders_into_one_folder_do_not_harm_each_other(bench):
    assert faults.concurrent_runs(bench, 1).broken == []


@pytest.mark.parametrize("fault", [disks.full_disks, disks.full_temporary_disks])
def test_a_full_disk_leaves_the_earlier_edition(bench, fault):
    """Files that may not grow fail in the same way where no disk can be made."""
    try:
        assert fault(bench, 1).broken == []
    except PermissionError:
        assert disks.size_limits(bench, 1).broken == []


def test_a_read_only_folder_is_told_in_plain_words(bench):
    try:
        assert disks.read_only_folders(bench, 1).broken == []
    except PermissionError as error:
        pytest.skip(str(error))
