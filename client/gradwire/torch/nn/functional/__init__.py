"""PyTorch's nn.functional."""

from gradwire.torch.nn.functional.activations import *  # noqa: F403
from gradwire.torch.nn.functional.attention import *  # noqa: F403
from gradwire.torch.nn.functional.convolution import *  # noqa: F403
from gradwire.torch.nn.functional.distances import *  # noqa: F403
from gradwire.torch.nn.functional.embeddings import *  # noqa: F403
from gradwire.torch.nn.functional.losses import *  # noqa: F403
from gradwire.torch.nn.functional.multi_head import *  # noqa: F403
from gradwire.torch.nn.functional.normalization import *  # noqa: F403
from gradwire.torch.nn.functional.padding import *  # noqa: F403
from gradwire.torch.nn.functional.pooling import *  # noqa: F403
from gradwire.torch.nn.functional.resampling import *  # noqa: F403
from gradwire.torch.nn.functional.shuffling import *  # noqa: F403
