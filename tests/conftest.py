"""Properties are tried without a clock: a loaded machine must not fail them.

No test asks a generator on another machine: `PENCHANT_OFFLINE` makes that an error.
"""

import os

from hypothesis import settings

settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
os.environ["PENCHANT_OFFLINE"] = "1"
