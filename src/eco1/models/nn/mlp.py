"""Feed-forward layers."""

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional


class SwiGLU(nn.Module):
    """Gated feed-forward without biases: Shazeer (2020), arXiv 2002.05202."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.gate_up = nn.Linear(width, 2 * hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(self, x: Float[Tensor, "*b d"]) -> Float[Tensor, "*b d"]:
        """Return the transformed vectors."""
        gate, up = self.gate_up(x).chunk(2, dim=-1)
        return self.down(functional.silu(gate) * up)
