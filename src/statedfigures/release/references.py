"""The rows of a release; what stands here moves to `schema`."""

from statedfigures.release.schema import About as About
from statedfigures.release.schema import Release as Release
from statedfigures.release.schema import reference_problem as reference_problem
