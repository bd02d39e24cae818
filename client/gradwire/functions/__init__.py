"""Every operator as a function.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from gradwire.functions.arithmetic import *  # noqa: F403
from gradwire.functions.comparison import *  # noqa: F403
from gradwire.functions.elementwise import *  # noqa: F403
from gradwire.functions.indexing import *  # noqa: F403
from gradwire.functions.joining import *  # noqa: F403
from gradwire.functions.linalg import *  # noqa: F403
from gradwire.functions.networks import *  # noqa: F403
from gradwire.functions.reductions import *  # noqa: F403
from gradwire.functions.shapes import *  # noqa: F403
