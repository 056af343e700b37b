"""Any other vendor, or a gateway on one's own premises, that takes an HTTP request: described in MUSTER_GATEWAYS."""
