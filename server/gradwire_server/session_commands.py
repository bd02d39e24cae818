"""Commands on sessions themselves, and the list of operators: none waits for a session's turn, save where said."""

from importlib.metadata import version

from gradwire.v1 import operator_pb2, session_pb2
from gradwire_engine.errors import InvalidArgumentError
from gradwire_engine.graph import Operator
from gradwire_server.messages import operator_to
from gradwire_server.outcomes import Outcomes, key_of
from gradwire_server.registry import Registry
from gradwire_server.session import Session, required
from gradwire_server.settings import Settings


class SessionCommands:
    """See GradwireService in the contract for each."""

    def __init__(self, settings: Settings) -> None:
        self.registry = Registry(settings)
        self._created = Outcomes(settings.remembered_requests)
        self._version = version("gradwire")

    def create(self, request: session_pb2.CreateSessionRequest) -> session_pb2.CreateSessionResponse:
        key = key_of(request)
        known = self._created.recall(key)
        if isinstance(known, session_pb2.CreateSessionResponse):
            return known
        try:
            ttl = request.ttl.ToTimedelta() if request.HasField("ttl") else None
        except (OverflowError, ValueError):
            raise InvalidArgumentError("ttl is out of range", "FIELD_INVALID", field="ttl") from None
        session = self.registry.create(ttl)
        response = session_pb2.CreateSessionResponse(
            session=session.describe(), ids=session.join(), server_version=self._version
        )
        self._created.remember(key, response)
        return response

    def join(self, request: session_pb2.JoinSessionRequest) -> session_pb2.JoinSessionResponse:
        """In the session's turn."""
        session = self.registry.find(request.session)
        key = key_of(request)
        ids = session.outcomes.recall(key)
        if not isinstance(ids, session_pb2.IdRange):
            ids = session.join()
            session.outcomes.remember(key, ids)
        session.renew()
        return session_pb2.JoinSessionResponse(session=session.describe(), ids=ids, server_version=self._version)

    def get(self, request: session_pb2.GetSessionRequest) -> session_pb2.GetSessionResponse:
        return session_pb2.GetSessionResponse(session=self.registry.find(request.session).describe())

    def list(self, request: session_pb2.ListSessionsRequest) -> session_pb2.ListSessionsResponse:
        sessions, token = self.registry.page(request.page_size, request.page_token)
        return session_pb2.ListSessionsResponse(
            sessions=[session.describe(with_name=False) for session in sessions], next_page_token=token
        )

    def delete(self, request: session_pb2.DeleteSessionRequest) -> session_pb2.DeleteSessionResponse:
        """In the session's turn."""
        required(request.session, "session")
        if not self.registry.was_deleted(request.session):
            self.registry.delete(self.registry.find(request.session))
        return session_pb2.DeleteSessionResponse()

    def keep_alive(self, request: session_pb2.KeepAliveRequest) -> session_pb2.KeepAliveResponse:
        session: Session = self.registry.find(request.session)
        session.renew()
        response = session_pb2.KeepAliveResponse()
        response.expire_time.FromNanoseconds(int(session.expire_time * 1e9))
        return response

    def operators(self, request: operator_pb2.ListOperatorsRequest) -> operator_pb2.ListOperatorsResponse:
        return operator_pb2.ListOperatorsResponse(
            operators=[operator_to(Operator.registry[name]) for name in sorted(Operator.registry)]
        )
