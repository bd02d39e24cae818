"""Rules of the pass `forms`: what is computed in several steps, as it is written or as derivatives make it."""

from gradwire_engine.graph import Value
from gradwire_engine.operators.families import FLOAT16, broadcast, reshaped
from gradwire_engine.operators.pointwise.arithmetic import add, maximum, negative, subtract
from gradwire_engine.operators.pointwise.comparison import greater
from gradwire_engine.operators.pointwise.elementwise import (
    abs,
    exp,
    log,
    log1p,
    logaddexp,
    reciprocal,
    relu,
    sigmoid,
)
from gradwire_engine.operators.reducing.reductions import sum
from gradwire_engine.operators.shaping.shapes import reshape
from gradwire_engine.plans.rules import (
    ANY,
    CONSTANT,
    Rule,
    Site,
    chapter,
    is_not_negative,
    is_zero,
    made_by,
    number,
    operand,
    operands,
    same,
)

RULES: list[Rule] = []
rule = chapter("forms", RULES)


def bare(x: Value) -> Value:
    """x as it was before it was reshaped."""
    return operand(x) if made_by(x, reshape) else x


# Sigmoids and logarithms


def _exp_of_minus(x: Value) -> Value | None:
    """v if x is exp(−v) + 1."""
    if not made_by(x, add):
        return None
    for e, one in (operands(x), operands(x)[::-1]):
        if number(one) == 1 and made_by(e, exp) and made_by(operand(e), negative):
            return operand(operand(e))
    return None


@rule(reciprocal, add)
def sigmoid_by_reciprocal(at: Site, x: Value) -> Value | None:
    """1/(1 + exp(−v)) = sigmoid(v), also where exp(−v) is out of range."""
    v = _exp_of_minus(x)
    return None if v is None else sigmoid(v)


@rule(log, sigmoid)
def log_of_sigmoid(at: Site, x: Value) -> Value:
    """log(sigmoid(x)) = −log(1 + exp(−x)), also where sigmoid(x) is out of range."""
    return -logaddexp(-operand(x), 0)


@rule(log1p, exp)
def log_of_one_and_exp(at: Site, x: Value) -> Value | None:
    """log(1 + exp(x)), also where exp(x) is out of range."""
    exponent = operand(x)
    if made_by(exponent, negative) and is_not_negative(operand(exponent)):
        return None
    return logaddexp(exponent, 0)


@rule(log, add)
def log_of_exp_and_one(at: Site, x: Value) -> Value | None:
    for e, one in (operands(x), operands(x)[::-1]):
        if number(one) == 1 and made_by(e, exp) and e.shape == x.shape:
            return log1p(e)
    return None


@rule(logaddexp, ANY, CONSTANT)
def softplus(at: Site, x: Value, c: Value) -> Value | None:
    """log(exp(x) + 1) = max(x, 0) + log1p(exp(−|x|)): NumPy does each of these many times as fast as logaddexp."""
    if not is_zero(c) or x.dtype == FLOAT16:
        return None
    return broadcast(maximum(x, 0) + log1p(exp(-abs(x))), at.spec.shape)


@rule(greater, ANY, CONSTANT)
def sign_by_relu(at: Site, x: Value, c: Value) -> Value | None:
    """x > 0 where relu(x) > 0: x itself need not be kept."""
    y = at.found(relu, x) if is_zero(c) else None
    return None if y is None else greater(y, c)


# Softmax


def _is_sum_of(total: Value, e: Value) -> bool:
    return made_by(bare(total), sum) and same(operand(bare(total)), e)


@rule(exp, subtract)
def exp_of_log_softmax(at: Site, x: Value) -> Value | None:
    """exp(v − log(Σ exp(v))) = exp(v)/Σ exp(v), where exp(v) is there already."""
    v, l = operands(x)
    e = at.found(exp, v)
    if e is None or not made_by(bare(l), log) or not _is_sum_of(operand(bare(l)), e):
        return None
    return e / reshaped(operand(bare(l)), l.shape)
