"""Under which headings the formats are listed."""

CLOUDS = "Clouds"
HOSTS = "Hosts and networks"
MONITORING = "Metrics, errors and logs"
UPTIME = "Uptime checks"
DELIVERY = "Code and delivery"
PAGERS = "Other pagers"
