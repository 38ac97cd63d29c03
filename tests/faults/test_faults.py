"""Renders that are broken in every way leave one whole edition, and the next run works.

Here each fault is made once or twice; ``make faults`` makes them by the hundred.
"""

import signal

import pytest

from tests.faults import disks, faults
from tests.faults.bench import Bench


@pytest.fixture
def bench(tmp_path):
    """Return a place to break renders in."""
    made = Bench(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_render_ended_at_any_moment_leaves_one_whole_edition_and_no_process(bench, number):
    assert faults.killed_renders(bench, 2, number, seed=1).broken == []


def test_a_killed_kernel_leaves_the_earlier_edition(bench):
    assert faults.killed_kernels(bench, 1).broken == []


def test_a_killed_fork_server_leaves_one_whole_edition(bench):
    assert faults.killed_fork_servers(bench, 1).broken == []


def test_two_renders_into_one_folder_do_not_harm_each_other(bench):
    assert faults.concurrent_runs(bench, 1).broken == []


@pytest.mark.parametrize("fault", [disks.full_disks, disks.full_temporary_disks])
def test_a_full_disk_leaves_the_earlier_edition(bench, fault):
    try:
        assert fault(bench, 1).broken == []
    except PermissionError as error:
        pytest.skip(str(error))


def test_a_file_that_cannot_be_written_leaves_the_earlier_edition(bench):
    assert disks.size_limits(bench, 1).broken == []


def test_a_read_only_folder_is_told_in_plain_words(bench):
    try:
        assert disks.read_only_folders(bench, 1).broken == []
    except PermissionError as error:
        pytest.skip(str(error))
