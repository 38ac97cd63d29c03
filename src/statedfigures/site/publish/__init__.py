"""An edition published whole or not at all, listed, and reproduced."""
