"""Imported before PyTorch: OpenBLAS shall use the kernels that the processor can run.

Debian 12's OpenBLAS 0.3.21 takes a processor that is newer than itself for a Prescott of 2004, which makes products of
matrices several times slower; nothing could be learnt from a comparison with that.
"""

import os
import re
from pathlib import Path

KERNELS = {"avx512_bf16": "Cooperlake", "avx512f": "SkylakeX", "avx2": "Haswell"}

flags = re.search(r"^flags\s*:(.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
best = next((kernels for flag, kernels in KERNELS.items() if flags and flag in flags[1].split()), None)
if best:
    os.environ.setdefault("OPENBLAS_CORETYPE", best)
