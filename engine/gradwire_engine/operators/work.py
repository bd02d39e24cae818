"""How many floating-point operations kernels do: what operators declare as `flops`.

An operation on one element counts as one whatever it is: a sum, a comparison, a logarithm. Of matrices, a product of
two numbers and the sum to which it is added count as two, and only the terms of the highest order are counted.
"""

import math
from collections.abc import Callable

from gradwire_engine.spec import Spec, broadcast_shapes

Work = Callable[..., int]


def each_read(*operands: Spec, **attributes: object) -> int:
    """One for each element of the largest operand: what a reduction does."""
    return max(x.size for x in operands)


def each_paired(*operands: Spec, **attributes: object) -> int:
    """One for each element that the operands have when they are broadcast together."""
    return math.prod(broadcast_shapes([x.shape for x in operands]))


def nothing(*operands: Spec, **attributes: object) -> int:
    """What only moves data does."""
    return 0


def times(count: int, work: Work) -> Work:
    """So many times as much."""

    def repeated(*operands: Spec, **attributes: object) -> int:
        return count * work(*operands, **attributes)

    return repeated


def sorting(lines: int, length: int) -> int:
    """Comparisons: n·log₂(n) in each line of n."""
    return lines * math.ceil(length * math.log2(length)) if length > 1 else 0


# Matrices: counts of Golub and Van Loan, "Matrix Computations", 4th edition, for real numbers


def multiplication(rows: int, inner: int, columns: int) -> int:
    """2·m·k·n."""
    return 2 * rows * inner * columns


def elimination(m: int, n: int) -> int:
    """LU with partial pivoting: 2·(m·n·k − (m + n)·k²/2 + k³/3) with k = min(m, n); of square matrices 2n³/3."""
    k = min(m, n)
    return (6 * m * n * k - 3 * (m + n) * k**2 + 2 * k**3) // 3


def of_square(count: Callable[[int], int]) -> Work:
    """For stacks of square matrices, what is done for each one by its length."""

    def work(x: Spec, *others: Spec, **attributes: object) -> int:
        return math.prod(x.shape[:-2]) * count(x.shape[-1])

    return work


def of_rectangle(count: Callable[..., int]) -> Work:
    """For stacks of matrices, what is done for each one by its longer and its shorter side, and attributes."""

    def work(x: Spec, *others: Spec, **attributes: object) -> int:
        m, n = x.shape[-2:]
        return math.prod(x.shape[:-2]) * count(max(m, n), min(m, n), **attributes)

    return work


def eigenvectors(n: int) -> int:
    """Of symmetric matrices, with the eigenvalues: tridiagonalisation and the symmetric QR algorithm, 9n³."""
    return 9 * n**3


def singular_values(m: int, n: int) -> int:
    """Bidiagonalisation, m ≥ n: 4mn² − 4n³/3."""
    return 4 * m * n**2 - 4 * n**3 // 3


def singular_vectors(m: int, n: int, full_matrices: bool = False) -> int:
    """With the singular values, m ≥ n, by Golub and Reinsch: 14mn² + 8n³; of full matrices 4m²n + 8mn² + 9n³."""
    return 4 * m**2 * n + 8 * m * n**2 + 9 * n**3 if full_matrices else 14 * m * n**2 + 8 * n**3
