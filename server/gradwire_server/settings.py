"""The server's configuration."""

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, PositiveInt
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


def _seconds(given: object) -> object:
    """A number in the environment is a string, and means seconds.

    >>> _seconds("600"), _seconds("0:10:00")
    (600.0, '0:10:00')
    """
    return float(given) if isinstance(given, str) and given.replace(".", "", 1).isdecimal() else given


Seconds = Annotated[timedelta, BeforeValidator(_seconds)]
"""Seconds, or a duration such as 0:10:00 or PT10M."""

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30


class Settings(BaseSettings):
    """What can be set, by keyword, by GRADWIRE_… in the environment, or in gradwire.toml; the first of these wins.

    >>> Settings(port=50051).listen
    '127.0.0.1:50051'
    """

    model_config = SettingsConfigDict(env_prefix="GRADWIRE_", toml_file="gradwire.toml", extra="forbid")

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=50051, ge=0, le=65535, description="Port to listen on; 0 picks a free one.")
    endpoint: str = Field(default="", description="HOST:PORT told to clients; empty means the one they used.")
    workers: PositiveInt = Field(default=4, description="Commands that are computed at a time.")
    threads: PositiveInt | None = Field(
        default=None, description="Threads that share a large step; by default as many as processors."
    )
    sessions: PositiveInt = Field(default=1000, description="Sessions at a time.")
    values: PositiveInt = Field(default=2_000_000, description="Values that a session's graph may hold.")
    tensor_bytes: PositiveInt = Field(default=2 * GIB, description="Bytes of one tensor.")
    session_bytes: PositiveInt = Field(default=4 * GIB, description="Bytes of a session.")
    message_bytes: PositiveInt = Field(default=16 * MIB, description="Bytes of one message received.")
    chunk_bytes: PositiveInt = Field(default=MIB, description="Bytes of data in one chunk sent.")
    remembered_requests: PositiveInt = Field(
        default=1000, description="Commands remembered by request_id in a session."
    )
    ttl: Seconds = Field(default=timedelta(minutes=10), description="Lease of a session that doesn't ask for one.")
    max_ttl: Seconds = Field(default=timedelta(days=1), description="Longest lease that may be asked for.")
    grace: Seconds = Field(default=timedelta(seconds=10), description="Time for running commands to finish at a stop.")

    @property
    def listen(self) -> str:
        return f"{self.host}:{self.port}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
