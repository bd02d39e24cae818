"""`python -m gradwire_server --host HOST --port PORT …`: a server with the settings given."""

from gradwire_server.main import main
from gradwire_server.settings import Settings

if __name__ == "__main__":
    main(Settings(_cli_parse_args=True))  # pyright: ignore[reportCallIssue]
