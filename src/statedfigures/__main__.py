"""Run the command line with ``python -m statedfigures``."""

from statedfigures.cli import program

if __name__ == "__main__":
    program()
