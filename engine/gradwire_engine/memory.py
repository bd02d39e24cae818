"""Memory that outlives a run: leaves' values, their stored gradients, kept results. Counted, and reused."""

import threading
from collections.abc import Generator
from contextlib import contextmanager

import numpy as np

from gradwire_engine.spec import Array, Spec


class Account:
    """How many bytes the buffers opened on it hold. Safe to use from several threads."""

    def __init__(self) -> None:
        self.bytes = 0
        # Reentrant: a buffer can be freed by the garbage collector while the lock is held.
        self.lock = threading.RLock()

    def add(self, nbytes: int) -> None:
        with self.lock:
            self.bytes += nbytes


class Buffer:
    """One array on an account. While it has readers, nobody may write to it."""

    __slots__ = ("_account", "array", "readers")

    def __init__(self, account: Account, spec: Spec) -> None:
        self._account = account
        self.array: Array = np.empty(spec.shape, spec.dtype)
        self.readers = 0
        account.add(self.array.nbytes)

    def __del__(self) -> None:
        self._account.add(-self.array.nbytes)

    def pin(self) -> None:
        with self._account.lock:
            self.readers += 1

    def unpin(self) -> None:
        with self._account.lock:
            self.readers -= 1

    @contextmanager
    def reading(self) -> Generator[Array]:
        """Pins the buffer for as long as its array is read."""
        self.pin()
        try:
            yield self.array
        finally:
            self.unpin()


class Stored:
    """A tensor that is replaced as a whole, under a version, in two buffers that take turns.

    A writer stages a buffer, fills it, and commits it; until then readers see the old one, whole. A staged buffer is
    pinned, so that another writer gets another one.

    Attributes:
        version: 0 at first, one more after each change.
        current: the buffer with the present value, or None.
    """

    __slots__ = ("__weakref__", "_account", "_spare", "_spec", "current", "version")

    def __init__(self, account: Account, spec: Spec) -> None:
        self._account = account
        self._spec = spec
        self._spare: Buffer | None = None
        self.current: Buffer | None = None
        self.version = 0

    @property
    def staging_bytes(self) -> int:
        """What `stage` would allocate now."""
        return 0 if self._spare is not None and self._spare.readers == 0 else self._spec.nbytes

    def stage(self) -> Buffer:
        """A buffer to fill: the one that served before the current one, if nobody reads it any more."""
        spare = self._spare
        staged = spare if spare is not None and spare.readers == 0 else Buffer(self._account, self._spec)
        staged.pin()
        return staged

    def unstage(self, staged: Buffer) -> None:
        """Gives back a staged buffer that won't be committed; one that `stage` has made anew is freed."""
        staged.unpin()

    def commit(self, staged: Buffer | None) -> None:
        """Makes a staged buffer, or none, the present value."""
        if staged is not None or self.current is not None:
            self.version += 1
        if staged is not None:
            staged.unpin()
        if staged is self._spare:
            self._spare = None
        if self.current is not None:
            self._spare = self.current
        self.current = staged

    def free(self) -> None:
        """Drops the value and its memory."""
        self.commit(None)
        self._spare = None
