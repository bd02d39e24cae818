"""gradwire: arrays and their derivatives on a server, or in this process.

>>> import gradwire as gw
>>> with gw.connect():
...     x = gw.arange(4.0).requires_grad_()
...     y = 2 * (x * x).sum()
...     y.backward()
...     x.grad
tensor([ 0.,  4.,  8., 12.])
"""

import math
from typing import TYPE_CHECKING, Any

import gradwire_engine as gradwire_engine  # before NumPy, so that it can choose how NumPy multiplies matrices
from gradwire import linalg as linalg
from gradwire import nn as nn
from gradwire import optim as optim
from gradwire import special as special
from gradwire.autodiff import grad as grad
from gradwire.autodiff import hessian as hessian
from gradwire.autodiff import hvp as hvp
from gradwire.autodiff import jacobian as jacobian
from gradwire.autodiff import jvp as jvp
from gradwire.autodiff import value_and_grad as value_and_grad
from gradwire.autodiff import vjp as vjp
from gradwire.context import current_session as current_session
from gradwire.context import default_dtype as default_dtype
from gradwire.context import enable_grad as enable_grad
from gradwire.context import no_grad as no_grad
from gradwire.context import set_default_dtype as set_default_dtype
from gradwire.contraction import einsum as einsum
from gradwire.creation import arange as arange
from gradwire.creation import asarray as asarray
from gradwire.creation import eye as eye
from gradwire.creation import full as full
from gradwire.creation import full_like as full_like
from gradwire.creation import linspace as linspace
from gradwire.creation import ones as ones
from gradwire.creation import ones_like as ones_like
from gradwire.creation import tensor as tensor
from gradwire.creation import zeros as zeros
from gradwire.creation import zeros_like as zeros_like
from gradwire.draw import Drawing as Drawing
from gradwire.draw import draw as draw
from gradwire.dtypes import *  # noqa: F403
from gradwire.errors import *  # noqa: F403
from gradwire.functions import *  # noqa: F403
from gradwire.indexing import index_add as index_add
from gradwire.indexing import index_reduce as index_reduce
from gradwire.indexing import index_set as index_set
from gradwire.plan import Plan as Plan
from gradwire.plan import plan as plan
from gradwire.searching import nonzero as nonzero
from gradwire.searching import unique as unique
from gradwire.searching import unique_all as unique_all
from gradwire.session import Session as Session
from gradwire.session import SessionStats as SessionStats
from gradwire.session import connect as connect
from gradwire.tensors import Tensor as Tensor

e, inf, nan, pi = math.e, math.inf, math.nan, math.pi
newaxis = None

if not TYPE_CHECKING:  # a type checker would take every name for one that exists

    def __getattr__(name: str) -> Any:
        """PyTorch's functions that have no name of NumPy's, such as gw.addmm, and PyTorch's masked."""
        from gradwire.torch_names import found

        return found(__name__, name)
