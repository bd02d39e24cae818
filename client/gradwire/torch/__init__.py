"""PyTorch's names and arguments for gradwire's functions, so that code written for PyTorch can be brought as it is.

PyTorch itself isn't needed. Each function says in its docstring how the same is written in gradwire's own words; what
takes a dtype takes NumPy's.

>>> import gradwire as gw
>>> import gradwire.torch as torch
>>> with gw.connect():
...     torch.sum(gw.tensor([[1.0, 2.0], [3.0, 4.0]]), dim=0, keepdim=True)
tensor([[4., 6.]])
"""

from gradwire.torch import linalg as linalg
from gradwire.torch import masked as masked
from gradwire.torch import nn as nn
from gradwire.torch import special as special
from gradwire.torch.decompositions import *  # noqa: F403
from gradwire.torch.distances import *  # noqa: F403
from gradwire.torch.indexing import *  # noqa: F403
from gradwire.torch.joining import *  # noqa: F403
from gradwire.torch.pointwise import *  # noqa: F403
from gradwire.torch.products import *  # noqa: F403
from gradwire.torch.reductions import *  # noqa: F403
from gradwire.torch.resampling import *  # noqa: F403
from gradwire.torch.shapes import *  # noqa: F403
from gradwire.torch.windows import *  # noqa: F403
