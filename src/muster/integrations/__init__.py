"""The outside world: inbound formats and outbound channels."""
