"""The built-in inbox: pages without any provider, to try Muster out."""
