"""Run the command line with ``python -m statedfigures``."""

from statedfigures.cli import main

if __name__ == "__main__":
    main()
