"""Every operator as a function.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from gradwire.functions import (
    arithmetic,
    comparison,
    decompositions,
    determinants,
    elementwise,
    factorizations,
    indexing,
    joining,
    least_squares,
    linalg,
    networks,
    reductions,
    shapes,
    solvers,
    triangular,
)
from gradwire.functions.arithmetic import *  # noqa: F403
from gradwire.functions.comparison import *  # noqa: F403
from gradwire.functions.decompositions import *  # noqa: F403
from gradwire.functions.determinants import *  # noqa: F403
from gradwire.functions.elementwise import *  # noqa: F403
from gradwire.functions.factorizations import *  # noqa: F403
from gradwire.functions.indexing import *  # noqa: F403
from gradwire.functions.joining import *  # noqa: F403
from gradwire.functions.least_squares import *  # noqa: F403
from gradwire.functions.linalg import *  # noqa: F403
from gradwire.functions.networks import *  # noqa: F403
from gradwire.functions.reductions import *  # noqa: F403
from gradwire.functions.shapes import *  # noqa: F403
from gradwire.functions.solvers import *  # noqa: F403
from gradwire.functions.triangular import *  # noqa: F403

__all__: list[str] = []
__all__ += arithmetic.__all__
__all__ += comparison.__all__
__all__ += decompositions.__all__
__all__ += determinants.__all__
__all__ += elementwise.__all__
__all__ += factorizations.__all__
__all__ += indexing.__all__
__all__ += joining.__all__
__all__ += least_squares.__all__
__all__ += linalg.__all__
__all__ += networks.__all__
__all__ += reductions.__all__
__all__ += shapes.__all__
__all__ += solvers.__all__
__all__ += triangular.__all__
