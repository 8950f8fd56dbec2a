"""Japanese text, search and answers."""

import os

# BLAS reads this when NumPy is loaded. A search multiplies for 0.1 ms: on two threads that wait for each other,
# beside busy processes, the slowest tenth of such products took 36 ms instead of 0.6. Work that needs more
# cores takes more processes.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
