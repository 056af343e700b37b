"""The HTTP edge: routes with permissions, one transaction a request, problem details, pages and live streams."""
