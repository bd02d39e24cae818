"""What waits to be sent: definitions first, then effects in order; and the ids to be released."""

from __future__ import annotations

import gc
import itertools
from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

from gradwire.channel import Channel, new_request_id
from gradwire.definitions import Definition, Pending
from gradwire.effects import Command, Effect, Freeze, Write, write_command
from gradwire.errors import UNKNOWN_OUTCOME, GradwireError, ResourceExhaustedError
from gradwire.v1 import graph_pb2

MESSAGE_BYTES = 4 << 20
"""What a message may have if the server doesn't say."""

UPLOAD_BYTES = 64 << 20
"""Writes are sent when there are so many bytes of them."""

RELEASE_COUNT, RELEASE_BYTES = 256, 1 << 20
"""Dead ids are released when there are so many, or when their values are as large as this."""

DORMANT_COUNT, DORMANT_BYTES = 10_000, 1 << 24
"""Dormant ids die, the oldest first, when there are more, or when the values that were read are larger."""

Result = TypeVar("Result")


class Outbox:
    """Not thread-safe: its recorder's lock guards it.

    An id that nobody holds is dead, and will be released; or it is dormant, and may be used again for the same
    expression until there are too many of its kind.
    """

    def __init__(
        self,
        channel: Channel,
        session: str,
        message_bytes: int,
        bury: Callable[[], None],
        forget: Callable[[Sequence[int]], None],
    ) -> None:
        self.pending = Pending()
        self._bury = bury
        self._forget = forget
        self._channel = channel
        self._session = session
        self._message_bytes = (message_bytes or MESSAGE_BYTES) * 7 // 8
        self._effects: deque[Effect] = deque()
        self._upload_bytes = 0
        self._unacknowledged: Command | None = None
        self._dead: set[int] = set()
        self._dead_bytes = 0
        self._dormant: dict[int, int] = {}
        self._dormant_bytes = 0
        self._prune_at = 10_000

    def add(self, definition: Definition) -> None:
        """Queues a definition. Its operands' handles are alive."""
        self.pending.add(definition)
        if len(self.pending) > self._prune_at:
            self._prune()
            self._prune_at = 10_000 + 2 * len(self.pending)

    def effect(self, effect: Effect) -> None:
        """Queues an effect. It comes after all definitions, and after the effects queued before."""
        self._effects.append(effect)
        if isinstance(effect, Write):
            self._upload_bytes += effect.data.nbytes

    @property
    def full(self) -> bool:
        """Whether it is time to send what waits."""
        return self._upload_bytes > UPLOAD_BYTES

    def died(self, id: int, nbytes: int) -> None:
        """Nobody holds this id any more."""
        self._dead.add(id)
        self._dead_bytes += nbytes

    def sleeps(self, id: int, nbytes: int) -> None:
        """Nobody holds this id for now. Its value takes so many bytes on the server."""
        self._dormant[id] = nbytes
        self._dormant_bytes += nbytes

    def wakes(self, id: int) -> None:
        """Somebody holds this dormant id again."""
        self._dormant_bytes -= self._dormant.pop(id)

    def flush(self, release: bool) -> None:
        """Sends what waits.

        Raises what the server says of the first command that it refuses. An effect that was refused is dropped;
        definitions that were refused are tried again next time, unless nobody holds them by then.
        """
        if self._unacknowledged is not None:
            self._perform(self._unacknowledged)
        self._prune()
        if len(self._dormant) > DORMANT_COUNT or self._dormant_bytes > DORMANT_BYTES:
            self._bury_dormant(len(self._dormant) // 2)
        if release:
            self._bury_dormant(len(self._dormant))
        if release or len(self._dead) >= RELEASE_COUNT or self._dead_bytes >= RELEASE_BYTES:
            self._release()
        for batch in self.pending.batches(self._message_bytes):
            definitions = [definition for definition, _ in batch]
            request = graph_pb2.ExtendGraphRequest(
                session=self._session, request_id=new_request_id(), values=[message for _, message in batch]
            )
            self._perform(Command("ExtendGraph", request, (), lambda _, sent=definitions: self.pending.sent(sent)))
        while self._effects:
            self._send_next_effect()

    def with_room(self, call: Callable[[], Result]) -> Result:
        """What the call returns. When the server has no room for it, what can be is released, and it is called again.

        The second time that happens, what is left of reference cycles is released too.
        """
        for collect in (lambda: None, gc.collect):
            try:
                return call()
            except ResourceExhaustedError:
                collect()
                self._bury()
                self._bury_dormant(len(self._dormant))
                if not self._release() and collect is gc.collect:
                    raise
        return call()

    def _is_dead(self, id: int) -> bool:
        return id in self._dead or id in self._dormant

    def _prune(self) -> None:
        """Drops the definitions and the writes that nobody needs."""
        needed = {id for effect in self._effects for id in effect.ids}
        dropped = self.pending.prune(self._is_dead, needed)
        kept: deque[Effect] = deque()
        for effect in self._effects:
            if isinstance(effect, Write) and effect.leaf in self._dead and effect.leaf not in needed:
                self._upload_bytes -= effect.data.nbytes
            else:
                kept.append(effect)
        self._effects = kept
        self._dead.difference_update(dropped)
        for id in dropped:
            self._dormant_bytes -= self._dormant.pop(id, 0)
        self._forget(dropped)

    def _bury_dormant(self, count: int) -> None:
        ids = list(itertools.islice(self._dormant, count))
        for id in ids:
            nbytes = self._dormant.pop(id)
            self._dormant_bytes -= nbytes
            self.died(id, nbytes)
        self._forget(ids)

    def _release(self) -> bool:
        """Releases the dead ids that nothing waiting refers to. Returns whether there were any."""
        needed = {id for effect in self._effects for id in effect.ids} | self.pending.inputs()
        needed.update(effect.leaf for effect in self._effects if isinstance(effect, Write))
        if self._unacknowledged is not None:
            needed.update(self._unacknowledged.ids)
        first = self.pending.first_id()
        ids = [id for id in self._dead if id not in needed and (first is None or id < first)]
        if not ids:
            return False
        self._dead.difference_update(ids)
        self._dead_bytes = 0
        request = graph_pb2.ReleaseValuesRequest(session=self._session, request_id=new_request_id(), values=sorted(ids))
        Command("ReleaseValues", request).send(self._channel)
        return True

    def _send_next_effect(self) -> None:
        effect = self._effects.popleft()
        if isinstance(effect, Write):
            writes = {effect.leaf: effect}
            while self._effects and isinstance(following := self._effects[0], Write) and following.leaf not in writes:
                writes[following.leaf] = following
                self._effects.popleft()
            self._upload_bytes -= sum(write.data.nbytes for write in writes.values())
            command = write_command(self._session, list(writes.values()))
        else:
            command = effect.command(self._session)
        if command is None:
            return
        try:
            self._perform(command)
        except UNKNOWN_OUTCOME:
            raise
        except GradwireError as error:
            if not isinstance(effect, Freeze):
                raise
            self._effects.extendleft(reversed(effect.one_by_one(error)))

    def _perform(self, command: Command) -> None:
        """Sends a command. While its outcome is unknown it is kept, to be sent again before all else."""
        self._unacknowledged = command
        try:
            response = self.with_room(lambda: command.send(self._channel))
        except UNKNOWN_OUTCOME:
            raise
        except GradwireError:
            self._unacknowledged = None
            raise
        self._unacknowledged = None
        command.done(response)
