"""The messages and stubs of gradwire.v1, generated from proto/ by `make proto`. Do not edit."""
