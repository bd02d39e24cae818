"""Losses: ties and kinks, certain and impossible targets, what is ignored, and the ends of the number range."""

import numpy as np
import pytest

from gradwire_engine.differentiate import vjp
from gradwire_engine.errors import DTypeError, IndexOutOfRangeError, InvalidArgumentError, ShapeError
from gradwire_engine.graph import Operator, constant
from reference import evaluate, leaf

op = Operator.registry
FAR = np.array([-1e4, -800.0, -100.0, -30.0, 0.0, 30.0, 100.0, 800.0, 1e4])
inf, nan = np.inf, np.nan


def derivatives(function, x, orders: int = 2):
    """The values at x, and of Σ function the derivatives up to an order."""
    x = np.asarray(x)
    at = leaf(x)
    values = [function(at)]
    for _ in range(orders):
        (g,) = vjp([values[-1]], [constant(1, values[-1].dtype, values[-1].shape)], [at])
        values.append(constant(0, at.dtype, at.shape) if g is None else g)
    return evaluate(values, {at: x})


def each(name, target, **attributes):
    """The losses of x, one by one."""
    full = op["full"](shape=(), fill_value=target)
    return lambda x: op[name](x, full, reduction="none", **attributes)


@pytest.mark.parametrize(
    ("name", "target", "attributes", "x", "slopes", "curvatures"),
    [
        ("l1_loss", 1.0, {}, [0.0, 1, 2], [-1, 0, 1], [0, 0, 0]),
        ("huber_loss", 0.0, {"delta": 2.0}, [-3.0, -2, 0, 2, 3], [-2, -2, 0, 2, 2], [0, 0, 1, 0, 0]),
        ("smooth_l1_loss", 0.0, {"beta": 2.0}, [-3.0, -2, 0, 2, 3], [-1, -1, 0, 1, 1], [0, 0, 0.5, 0, 0]),
        ("smooth_l1_loss", 0.0, {"beta": 0.0}, [-3.0, 0, 2], [-1, 0, 1], [0, 0, 0]),
        ("hinge_embedding_loss", -1.0, {}, [0.5, 1.0, 1.5], [-1, -1, 0], [0, 0, 0]),
        ("hinge_embedding_loss", 1.0, {}, [0.5, 1.0, 1.5], [1, 1, 1], [0, 0, 0]),
        ("hinge_embedding_loss", 0.0, {}, [0.5, 1.5], [0, 1], [0, 0]),
        ("soft_margin_loss", 1.0, {}, [0.0], [-0.5], [0.25]),
    ],
)
def test_slopes_at_kinks(name, target, attributes, x, slopes, curvatures):
    _, first, second = derivatives(each(name, target, **attributes), x)
    np.testing.assert_array_equal(first, slopes)
    np.testing.assert_array_equal(second, curvatures)


def test_ties_of_margins():
    def ranking(x):
        return op["margin_ranking_loss"](x, 0.0, 1.0, reduction="none")

    np.testing.assert_array_equal(derivatives(ranking, [0.0, 1e-9, -1e-9])[1], [-1, 0, -1])
    target = op["full"](shape=(), fill_value=0)
    found = derivatives(lambda x: op["multi_margin_loss"](x, target), np.array([1.0, 0.0, 0.5]))[1]
    np.testing.assert_allclose(found, [-1 / 3, 0, 1 / 3])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_logits_may_be_anything(dtype):
    x = FAR.astype(dtype)
    for target in (0.0, 0.3, 1.0):
        found = derivatives(each("binary_cross_entropy_with_logits", target), x)
        np.testing.assert_allclose(
            found[0], np.logaddexp(0, FAR) - target * FAR, rtol=1e-6, atol=1e-2 if dtype is np.float32 else 0
        )
        assert all(np.isfinite(array).all() for array in found)
        weighted = derivatives(
            lambda x, t=target: op["binary_cross_entropy_with_logits"](x, t, 2.0, 3.0, reduction="none"), x
        )
        assert all(np.isfinite(array).all() for array in weighted)
    for target in (-1.0, 1.0):
        found = derivatives(each("soft_margin_loss", target), x)
        np.testing.assert_allclose(found[0], np.logaddexp(0, -target * FAR), rtol=1e-6)
        assert all(np.isfinite(array).all() for array in found)
    many = derivatives(lambda x: op["multilabel_soft_margin_loss"](x, 1.0), x)
    assert all(np.isfinite(array).all() for array in many)


def test_probabilities_may_be_zero_and_one():
    certain = np.array([0.0, 1e-300, 1e-20, 0.5, 1.0])
    value, first, second = derivatives(each("binary_cross_entropy", 1.0), certain)
    np.testing.assert_allclose(value, [100, 100, -np.log(1e-20), np.log(2), 0], rtol=1e-14)
    np.testing.assert_allclose(first, [-1e12, -1e12, -1e12, -2, -1], rtol=1e-14)
    np.testing.assert_allclose(second, [0, 0, 0, 4, 1], rtol=1e-14)
    value, first, second = derivatives(each("binary_cross_entropy", 0.0), certain)
    np.testing.assert_allclose(value, [0, 1e-300, 1e-20, np.log(2), 100], rtol=1e-14)
    np.testing.assert_allclose(first, [1, 1, 1, 2, 1e12], rtol=1e-14)
    np.testing.assert_allclose(second, [1, 1, 1, 4, 0], rtol=1e-14)


def test_targets_of_probability_zero():
    found = derivatives(lambda t: op["kl_div"](-1.0, t, reduction="none"), [0.0, 1.0])
    np.testing.assert_array_equal(found[0], [0, 1])
    assert np.isfinite(found[1]).all()
    np.testing.assert_array_equal(derivatives(each("kl_div", 0.0), [-2.0])[1], [0])


def test_variances_below_eps():
    def loss(var):
        return op["gaussian_nll_loss"](1.0, 0.0, var, eps=0.25, reduction="none")

    value, first, _ = derivatives(loss, [0.0, 0.25, 1.0])
    np.testing.assert_allclose(value, [0.5 * (np.log(0.25) + 4)] * 2 + [0.5], rtol=1e-15)
    np.testing.assert_allclose(first, [-6, -6, 0], rtol=1e-15)


def test_counts_below_two_need_no_stirling():
    found = derivatives(lambda t: op["poisson_nll_loss"](0.0, t, full=True, reduction="none"), [0.0, 1.0, 5.0])
    np.testing.assert_allclose(found[0][:2], [1, 1])
    np.testing.assert_allclose(found[0][2], 1 + 5 * np.log(5) - 5 + 0.5 * np.log(10 * np.pi), rtol=1e-15)
    np.testing.assert_array_equal(found[1][:2], [0, 0])


def losses(name, x, target, *weight, **attributes):
    arrays = [np.asarray(a) for a in (x, target, *weight)]
    leaves = [leaf(a) for a in arrays]
    y = op[name](*leaves, **attributes)
    (g,) = vjp([y], [constant(1, y.dtype, y.shape)], leaves[:1])
    assert g is not None
    return evaluate([y, g], dict(zip(leaves, arrays, strict=True)))


@pytest.mark.parametrize("name", ["nll_loss", "cross_entropy"])
def test_ignored_targets_count_for_nothing(name):
    x = np.array([[0.5, 1.0, -1.0], [2.0, 0.0, 1.0], [inf, nan, 1.0]])
    target = np.array([2, 0, -100])
    weight = np.array([1.0, 2.0, 4.0])
    for weights in ([], [weight]):
        for reduction in ("mean", "sum"):
            given = {"reduction": reduction, "ignore_index": -100}
            all_, slope = losses(
                name, x if name == "nll_loss" else np.nan_to_num(x, posinf=9), target, *weights, **given
            )
            kept, kept_slope = losses(name, x[:2], target[:2], *weights, reduction=reduction)
            np.testing.assert_allclose(all_, kept, rtol=1e-15)
            np.testing.assert_allclose(slope, [*kept_slope, [0, 0, 0]], rtol=1e-15)
    alone, _ = losses(name, x, target, ignore_index=-100, reduction="none")
    assert alone[2] == 0
    nothing, _ = losses(name, x[:1], target[2:], ignore_index=-100)
    assert np.isnan(nothing)
    with pytest.raises(IndexOutOfRangeError):
        losses(name, x, target, ignore_index=-1)


def test_classes_are_counted_by_weight():
    x = np.log([[0.5, 0.5], [0.25, 0.75]])
    found, _ = losses("cross_entropy", x, [0, 1], [1.0, 3.0])
    np.testing.assert_allclose(found, (np.log(2) - 3 * np.log(0.75)) / 4, rtol=1e-14)
    smooth, _ = losses("cross_entropy", x, [0, 1], [1.0, 3.0], label_smoothing=1.0, reduction="sum")
    np.testing.assert_allclose(smooth, -0.5 * (np.log(0.5) * 4 + np.log(0.25) + 3 * np.log(0.75)), rtol=1e-14)


def test_classes_may_be_as_probabilities():
    x, target = np.array([[1.0, 2.0, 4.0]]), np.array([1])
    for attributes in ({}, {"label_smoothing": 0.3}):
        by_class, g = losses("cross_entropy", x, target, **attributes)
        by_probability, h = losses("cross_entropy", x, np.eye(3)[target], **attributes)
        np.testing.assert_allclose(by_class, by_probability, rtol=1e-15)
        np.testing.assert_allclose(g, h, rtol=1e-14)


def test_targets_end_at_the_first_negative_one():
    x = np.array([[0.1, 0.2, 0.4, 0.8]])
    (found, _), (same, _) = (
        losses("multilabel_margin_loss", x, [target]) for target in ([3, 0, -1, 1], [3, 0, -1, -1])
    )
    np.testing.assert_allclose(found, 0.25 * ((1 - 0.6) + (1 - 0.4) + (1 + 0.1) + (1 + 0.3)), rtol=1e-15)
    assert found == same
    assert losses("multilabel_margin_loss", x, [[-1, 0, 1, 2]])[0] == 0
    with pytest.raises(IndexOutOfRangeError):
        losses("multilabel_margin_loss", x, [[4, 0, -1, 1]])


def test_float16_neither_overflows_nor_drifts():
    x = np.full(10_000, 300.0, np.float16)
    for name, expected in [("mse_loss", inf), ("l1_loss", 300), ("huber_loss", 299.5), ("soft_margin_loss", 0)]:
        with np.errstate(over="ignore"):
            found, _ = losses(name, x, np.full(10_000, name == "soft_margin_loss"))
        assert found.dtype == np.float16
        np.testing.assert_allclose(found, expected, rtol=1e-3)
    found, _ = losses("mse_loss", np.full(3, 300.0, np.float16), np.full(3, 100.0, np.float16))
    np.testing.assert_allclose(found, 40_000, rtol=1e-3)


def test_integer_targets_leave_the_dtype_alone():
    for name in ("mse_loss", "hinge_embedding_loss", "binary_cross_entropy", "nll_loss", "cross_entropy"):
        x = leaf(np.full((2, 2), 0.5, np.float32))
        target = leaf(np.ones((2,) if name in ("nll_loss", "cross_entropy") else (2, 2), int))
        assert op[name](x, target).dtype == np.float32


@pytest.mark.parametrize(
    ("name", "shapes", "attributes", "kind", "message"),
    [
        ("mse_loss", [(2,), (3,)], {}, ShapeError, "don't broadcast"),
        ("mse_loss", [(2,), (2,)], {"reduction": "max"}, InvalidArgumentError, "attribute 'reduction'"),
        ("huber_loss", [(2,), (2,)], {"delta": 0.0}, InvalidArgumentError, "delta must be positive"),
        ("smooth_l1_loss", [(2,), (2,)], {"beta": -1.0}, InvalidArgumentError, "beta must not be negative"),
        ("triplet_margin_loss", [(2,)] * 3, {"margin": 0.0}, InvalidArgumentError, "margin must be positive"),
        ("cosine_embedding_loss", [(2, 3), (2, 3), (2, 3)], {}, ShapeError, "as many as there are targets"),
        ("multi_margin_loss", [(2, 3), (2,)], {}, DTypeError, "targets must be integers, not float64"),
        ("multi_margin_loss", [(2, 3), (2, "i")], {"p": 3}, InvalidArgumentError, "attribute 'p'"),
        ("multi_margin_loss", [(2, 3), (3, "i")], {}, ShapeError, r"need the shape \[2\]"),
        ("multi_margin_loss", [(2, 3), (2, "i"), (2,)], {}, ShapeError, r"weight must have the shape \[3\]"),
        ("multilabel_margin_loss", [(2, 3), (2, "i")], {}, ShapeError, r"need the shape \[2, 3\]"),
        ("multilabel_soft_margin_loss", [(), ()], {}, ShapeError, "at least one dimension"),
        ("nll_loss", [(2, 3), (2,)], {}, DTypeError, "targets must be integers"),
        ("nll_loss", [(2, 3), (3, "i")], {}, ShapeError, "without its axis 1"),
        ("nll_loss", [(2, 3), (2, "i"), (2,)], {}, ShapeError, "one for each class"),
        ("cross_entropy", [(2, 3), (2, "i"), (3, 1)], {}, ShapeError, "one for each class"),
        ("cross_entropy", [(2, 3), (2, 3)], {"ignore_index": 0}, InvalidArgumentError, "leave ignore_index out"),
        ("cross_entropy", [(2, 3), (2, "i")], {"label_smoothing": 1.5}, InvalidArgumentError, "from 0 to 1"),
        ("softmin", [(3,)], {"axis": 1}, ShapeError, "axis 1"),
    ],
)
def test_is_refused(name, shapes, attributes, kind, message):
    operands = [leaf(np.zeros(tuple(n for n in shape if n != "i"), int if "i" in shape else float)) for shape in shapes]
    with pytest.raises(kind, match=message) as caught:
        op[name](*operands, **attributes)
    assert str(caught.value).startswith(name)
