"""The server's sessions: made, found by name, listed, expired, and remembered for a while when they are gone."""

from collections import OrderedDict
from datetime import timedelta

from gradwire_engine.errors import InvalidArgumentError, ResourceExhaustedError
from gradwire_server.session import NotFoundError, Session
from gradwire_server.settings import Settings

REMEMBERED_GONE = 10_000
"""How many sessions that are gone are remembered, to say what became of them."""

PAGE_SIZE, MAX_PAGE_SIZE = 100, 1000


class Registry:
    """All sessions of a server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._sessions: dict[str, Session] = {}
        self._gone: OrderedDict[str, str] = OrderedDict()

    def create(self, ttl: timedelta | None) -> Session:
        """A new session. Raises ResourceExhaustedError when there are as many as there may be."""
        self.expire()
        ttl = self.settings.ttl if ttl is None else ttl
        if not timedelta(0) < ttl <= self.settings.max_ttl:
            raise InvalidArgumentError(
                f"ttl must be above 0 and at most {self.settings.max_ttl}, not {ttl}", "FIELD_INVALID", field="ttl"
            )
        if len(self._sessions) >= self.settings.sessions:
            raise ResourceExhaustedError(
                f"the server already holds {len(self._sessions)} sessions, the most that it may; try again later",
                limit="sessions",
                allowed=self.settings.sessions,
                requested=len(self._sessions) + 1,
            )
        session = Session(self.settings, ttl)
        self._sessions[session.name] = session
        return session

    def find(self, name: str, field: str = "session") -> Session:
        """The session of this name. Raises NotFoundError, which says so if it has expired or was deleted."""
        if not name:
            raise InvalidArgumentError(f"{field} is required", "FIELD_REQUIRED", field=field)
        session = self._sessions.get(name)
        if session is not None and session.expired:
            self._remove(session, "SESSION_EXPIRED")
            session = None
        if session is None:
            reason = self._gone.get(name, "SESSION_NOT_FOUND")
            what = {"SESSION_EXPIRED": "has expired", "SESSION_DELETED": "was deleted"}.get(reason, "doesn't exist")
            raise NotFoundError(f"the session {what}; create a new one", reason, field=field)
        return session

    def delete(self, session: Session) -> None:
        self._remove(session, "SESSION_DELETED")

    def was_deleted(self, name: str) -> bool:
        return self._gone.get(name) == "SESSION_DELETED"

    def expire(self) -> None:
        """Frees the sessions whose lease has run out."""
        for session in [s for s in self._sessions.values() if s.expired]:
            self._remove(session, "SESSION_EXPIRED")

    def page(self, size: int, token: str) -> tuple[list[Session], str]:
        """Sessions from the oldest on, and the token of the next page or nothing."""
        self.expire()
        if size < 0 or (token and not (token.isdecimal() and len(token) < 20)):
            field = "page_size" if size < 0 else "page_token"
            raise InvalidArgumentError(f"{field} is invalid", "FIELD_INVALID", field=field)
        after, size = int(token or 0), min(size or PAGE_SIZE, MAX_PAGE_SIZE)
        found = [session for session in self._sessions.values() if session.number > after]
        page = found[:size]
        return page, str(page[-1].number) if len(page) < len(found) else ""

    def _remove(self, session: Session, reason: str) -> None:
        if self._sessions.pop(session.name, None) is not None:
            session.gone = NotFoundError("the session is gone", reason, field="session")
            session.free()
            self._gone[session.name] = reason
            while len(self._gone) > REMEMBERED_GONE:
                self._gone.popitem(last=False)
