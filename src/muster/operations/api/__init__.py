"""How a node is, for probes, for Prometheus and for whoever finds a hole."""
