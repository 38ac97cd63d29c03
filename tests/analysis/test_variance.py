"""Sobol indices against a function whose indices are known exactly."""

import numpy as np
import pytest

from statedfigures.analysis.draws import sobol_points
from statedfigures.analysis.variance import variance_shares

A, B = 7.0, 0.1


def ishigami(points):
    """Ishigami and Homma's function of three numbers from 0 to 1, spread over -pi to pi."""
    x1, x2, x3 = (2 * points - 1) * np.pi
    return np.sin(x1) + A * np.sin(x2) ** 2 + B * x3**4 * np.sin(x1)


def exact_indices():
    """Give first-order and total indices in closed form."""
    # Ishigami and Homma, Proc. ISUMA 1990; V = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2.
    first = (1 + B * np.pi**4 / 5) ** 2 / 2
    second = A**2 / 8
    both = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    variance = first + second + both
    return (
        np.array([first, second, 0]) / variance,
        np.array([first + both, second, both]) / variance,
    )


@pytest.fixture(scope="module")
def shares():
    points = sobol_points(6, 2**14, 1)
    one, other = points[:3], points[3:]
    mixed = []
    for place in range(3):
        swapped = one.copy()
        swapped[place] = other[place]
        mixed.append(ishigami(swapped))
    return variance_shares(ishigami(one), ishigami(other), np.stack(mixed))


def test_the_exact_indices_are_those_of_the_literature():
    """0.3139, 0.4424 and 0; total 0.5576, 0.4424 and 0.2437."""
    first, total = exact_indices()

    assert first.tolist() == pytest.approx([0.3139, 0.4424, 0], abs=5e-5)
    assert total.tolist() == pytest.approx([0.5576, 0.4424, 0.2437], abs=5e-5)


def test_the_indices_come_within_a_hundredth(shares):
    first, total = exact_indices()

    assert shares.first_order.tolist() == pytest.approx(first.tolist(), abs=0.01)
    assert shares.total.tolist() == pytest.approx(total.tolist(), abs=0.01)


def test_the_standard_errors_cover_what_is_missed(shares):
    first, total = exact_indices()

    assert (np.abs(shares.first_order - first) < 3 * shares.first_order_error).all()
    assert (np.abs(shares.total - total) < 3 * shares.total_error).all()
    assert (shares.first_order_error < 0.05).all()


def test_a_constant_has_no_variance_to_share():
    flat = np.ones(8)

    assert variance_shares(flat, flat, np.ones((2, 8))).total.tolist() == [0, 0]
