"""PyTorch's linalg."""

from gradwire.torch.linalg.decompositions import *  # noqa: F403
from gradwire.torch.linalg.diagonals import *  # noqa: F403
from gradwire.torch.linalg.norms import *  # noqa: F403
from gradwire.torch.linalg.products import *  # noqa: F403
from gradwire.torch.linalg.solvers import *  # noqa: F403
