"""Azure Monitor: the common alert schema, the older schemas before it, and alerts as AlertsManagement returns them."""
