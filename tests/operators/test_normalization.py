"""What samples of normalizations can't show: extremes, what may be left out, and what is refused."""

import numpy as np
import pytest
from test_conventions import gradients, value

import gradwire as gw
from gradwire_engine.errors import InvalidArgumentError, ShapeError
from gradwire_engine.graph import Operator
from reference import leaf

op = Operator.registry


def test_a_large_mean_doesn_t_hide_the_variance():
    x = 1e8 + np.array([[1.0, 2.0, 3.0, 4.0]])
    expected = (x - x.mean()) / x.std()
    np.testing.assert_allclose(value(lambda x: op["layer_norm"](x, normalized_shape=(4,), eps=0.0), x), expected)
    (found,) = gradients(lambda x: op["layer_norm"](x, normalized_shape=(4,), eps=0.0) * 3, x)
    np.testing.assert_allclose(found, 0, atol=1e-8)


def test_of_equal_elements_values_and_gradients_are_finite():
    x = np.full((2, 3, 4), 7.0)
    for function in (
        lambda x: op["layer_norm"](x, normalized_shape=(4,)),
        lambda x: op["batch_norm"](x, training=True),
        lambda x: op["group_norm"](x, num_groups=3),
        op["instance_norm"],
    ):
        np.testing.assert_array_equal(value(function, x), 0)
        for order in (1, 2):
            np.testing.assert_array_equal(gradients(function, x, order=order)[0], 0)
    assert np.isfinite(gradients(lambda x: op["rms_norm"](x, normalized_shape=(4,)), 0 * x)[0]).all()


def test_float16_is_normalized_in_float32():
    x = np.array([[300.0, -300.0, 300.0, -300.0]] * 2, np.float16)
    for function in (
        lambda x: op["layer_norm"](x, normalized_shape=(4,)),
        lambda x: op["rms_norm"](x, normalized_shape=(4,)),
        lambda x: op["standardize"](x, axis=None),
    ):
        found = value(function, x)
        assert found.dtype == np.float16
        np.testing.assert_allclose(found, np.sign(x), rtol=1e-3)


def test_running_statistics_are_constants_when_training():
    x, mean, var = np.array([[1.0, 4.0], [3.0, 8.0]]), np.array([5.0, 6.0]), np.array([7.0, 8.0])
    given = gradients(lambda *xs: op["batch_norm"](*xs, training=True), x, mean, var)
    np.testing.assert_array_equal(given[1:], 0)
    alone = value(lambda x: op["batch_norm"](x, training=True), x)
    np.testing.assert_array_equal(value(lambda *xs: op["batch_norm"](*xs, training=True), x, mean, var), alone)


def test_operands_between_others_may_be_left_out():
    x, mean, var, bias = np.ones((2, 3)), np.zeros(3), np.ones(3), np.arange(3.0)
    with gw.connect():
        found = gw.batch_norm(x, mean, var, bias=bias, eps=0.0).numpy()
        np.testing.assert_array_equal(gw.layer_norm(x, (3,), bias=bias).numpy(), [bias, bias])
    np.testing.assert_array_equal(found, x + bias)


def test_local_response_norm_takes_windows_of_any_size():
    x = np.random.default_rng(0).standard_normal((2, 5, 3))
    for size in (1, 2, 5, 9, 10, 40):
        padded = np.pad(x * x, ((0, 0), (size // 2, (size - 1) // 2), (0, 0)))
        total = np.stack([padded[:, c : c + size].sum(1) for c in range(5)], 1)
        expected = x / (2 + 0.5 * total / size) ** 0.75
        found = value(lambda x, n=size: op["local_response_norm"](x, size=n, alpha=0.5, k=2.0), x)
        np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "operands", "attributes", "kind", "message"),
    [
        ("layer_norm", [(2, 3)], {"normalized_shape": (2,)}, ShapeError, "must be the last lengths of x"),
        ("layer_norm", [(2, 3)], {"normalized_shape": ()}, ShapeError, "must be the last lengths of x"),
        ("layer_norm", [(2, 3), (2,)], {"normalized_shape": (3,)}, ShapeError, r"weight must be of shape \[3\]"),
        ("rms_norm", [(2, 3), (3, 1)], {"normalized_shape": (3,)}, ShapeError, "weight must be of shape"),
        ("group_norm", [(2, 3)], {"num_groups": 2}, InvalidArgumentError, "3 channels can't be divided"),
        ("group_norm", [(2, 3)], {"num_groups": 0}, InvalidArgumentError, "can't be divided"),
        ("group_norm", [(3,)], {"num_groups": 1}, ShapeError, "batch and a channel axis"),
        ("batch_norm", [(2, 3)], {}, InvalidArgumentError, "running_mean and running_var are needed"),
        ("batch_norm", [(2, 3), (2,), (3,)], {}, ShapeError, r"running_mean must be of shape \[3\], not \[2\]"),
        ("batch_norm", [(1, 3)], {"training": True}, ShapeError, "more than one value per channel"),
        ("instance_norm", [(2, 3)], {}, ShapeError, "more than one value per channel of each member"),
        ("instance_norm", [(2, 3, 4)], {"use_input_stats": False}, InvalidArgumentError, "are needed"),
        ("local_response_norm", [(2, 3)], {"size": 1}, ShapeError, "at least 3 dimensions"),
        ("local_response_norm", [(2, 3, 1)], {"size": 0}, InvalidArgumentError, "size must be at least 1"),
        ("standardize", [(2, 3)], {"axis": 2}, ShapeError, "axis 2 is out of range"),
    ],
)
def test_is_refused(name, operands, attributes, kind, message):
    with pytest.raises(kind, match=message) as caught:
        op[name](*(leaf(np.zeros(shape)) for shape in operands), **attributes)
    assert str(caught.value).startswith(f"{name}(")
