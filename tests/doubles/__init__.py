"""Stand-ins for other people's services: real servers on loopback ports that keep what they were sent."""
