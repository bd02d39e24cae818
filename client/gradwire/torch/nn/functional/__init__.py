"""PyTorch's nn.functional."""

from gradwire.torch.nn.functional.attention import *  # noqa: F403
from gradwire.torch.nn.functional.embeddings import *  # noqa: F403
from gradwire.torch.nn.functional.multi_head import *  # noqa: F403
from gradwire.torch.nn.functional.normalization import *  # noqa: F403
from gradwire.torch.nn.functional.padding import *  # noqa: F403
from gradwire.torch.nn.functional.resampling import *  # noqa: F403
