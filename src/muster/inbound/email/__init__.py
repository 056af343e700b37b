"""Mail as alerts: what monitors send to people, read for what it says."""
