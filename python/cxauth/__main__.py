"""`python -m cxauth`: tokens and API calls from a shell."""

import sys

from cxauth._command import main

if __name__ == "__main__":
    sys.exit(main())
