"""Run ``python -m kzai_graph`` as ``kzai-graph``."""

import sys

from kzai_graph.cli import main

if __name__ == "__main__":
    sys.exit(main())
