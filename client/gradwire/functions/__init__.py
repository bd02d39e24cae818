"""Every operator as a function.

Generated from the engine's operators by tools/generate_functions.py (`make generate`). Do not edit.
"""

from gradwire.functions import (
    activations,
    arithmetic,
    attention,
    bessel,
    comparison,
    contraction,
    convolution,
    decompositions,
    determinants,
    diagonals,
    differences,
    distances,
    elementwise,
    embeddings,
    factorizations,
    floats,
    grids,
    indexing,
    integers,
    joining,
    least_squares,
    linalg,
    losses,
    margins,
    masked,
    matrix_functions,
    networks,
    normalization,
    norms,
    ordering,
    padding,
    pooling,
    products,
    quantiles,
    rectifiers,
    reductions,
    repeating,
    resampling,
    running,
    scattering,
    shapes,
    shuffling,
    solvers,
    special,
    splitting,
    statistics,
    triangular,
    windows,
)
from gradwire.functions.activations import *  # noqa: F403
from gradwire.functions.arithmetic import *  # noqa: F403
from gradwire.functions.attention import *  # noqa: F403
from gradwire.functions.bessel import *  # noqa: F403
from gradwire.functions.comparison import *  # noqa: F403
from gradwire.functions.contraction import *  # noqa: F403
from gradwire.functions.convolution import *  # noqa: F403
from gradwire.functions.decompositions import *  # noqa: F403
from gradwire.functions.determinants import *  # noqa: F403
from gradwire.functions.diagonals import *  # noqa: F403
from gradwire.functions.differences import *  # noqa: F403
from gradwire.functions.distances import *  # noqa: F403
from gradwire.functions.elementwise import *  # noqa: F403
from gradwire.functions.embeddings import *  # noqa: F403
from gradwire.functions.factorizations import *  # noqa: F403
from gradwire.functions.floats import *  # noqa: F403
from gradwire.functions.grids import *  # noqa: F403
from gradwire.functions.indexing import *  # noqa: F403
from gradwire.functions.integers import *  # noqa: F403
from gradwire.functions.joining import *  # noqa: F403
from gradwire.functions.least_squares import *  # noqa: F403
from gradwire.functions.linalg import *  # noqa: F403
from gradwire.functions.losses import *  # noqa: F403
from gradwire.functions.margins import *  # noqa: F403
from gradwire.functions.masked import *  # noqa: F403
from gradwire.functions.matrix_functions import *  # noqa: F403
from gradwire.functions.networks import *  # noqa: F403
from gradwire.functions.normalization import *  # noqa: F403
from gradwire.functions.norms import *  # noqa: F403
from gradwire.functions.ordering import *  # noqa: F403
from gradwire.functions.padding import *  # noqa: F403
from gradwire.functions.pooling import *  # noqa: F403
from gradwire.functions.products import *  # noqa: F403
from gradwire.functions.quantiles import *  # noqa: F403
from gradwire.functions.rectifiers import *  # noqa: F403
from gradwire.functions.reductions import *  # noqa: F403
from gradwire.functions.repeating import *  # noqa: F403
from gradwire.functions.resampling import *  # noqa: F403
from gradwire.functions.running import *  # noqa: F403
from gradwire.functions.scattering import *  # noqa: F403
from gradwire.functions.shapes import *  # noqa: F403
from gradwire.functions.shuffling import *  # noqa: F403
from gradwire.functions.solvers import *  # noqa: F403
from gradwire.functions.special import *  # noqa: F403
from gradwire.functions.splitting import *  # noqa: F403
from gradwire.functions.statistics import *  # noqa: F403
from gradwire.functions.triangular import *  # noqa: F403
from gradwire.functions.windows import *  # noqa: F403

__all__: list[str] = []
__all__ += activations.__all__
__all__ += arithmetic.__all__
__all__ += attention.__all__
__all__ += bessel.__all__
__all__ += comparison.__all__
__all__ += contraction.__all__
__all__ += convolution.__all__
__all__ += decompositions.__all__
__all__ += determinants.__all__
__all__ += diagonals.__all__
__all__ += differences.__all__
__all__ += distances.__all__
__all__ += elementwise.__all__
__all__ += embeddings.__all__
__all__ += factorizations.__all__
__all__ += floats.__all__
__all__ += grids.__all__
__all__ += indexing.__all__
__all__ += integers.__all__
__all__ += joining.__all__
__all__ += least_squares.__all__
__all__ += linalg.__all__
__all__ += losses.__all__
__all__ += margins.__all__
__all__ += masked.__all__
__all__ += matrix_functions.__all__
__all__ += networks.__all__
__all__ += normalization.__all__
__all__ += norms.__all__
__all__ += ordering.__all__
__all__ += padding.__all__
__all__ += pooling.__all__
__all__ += products.__all__
__all__ += quantiles.__all__
__all__ += rectifiers.__all__
__all__ += reductions.__all__
__all__ += repeating.__all__
__all__ += resampling.__all__
__all__ += running.__all__
__all__ += scattering.__all__
__all__ += shapes.__all__
__all__ += shuffling.__all__
__all__ += solvers.__all__
__all__ += special.__all__
__all__ += splitting.__all__
__all__ += statistics.__all__
__all__ += triangular.__all__
__all__ += windows.__all__
