"""The gradwire server: sessions, their commands, and the gRPC service."""
