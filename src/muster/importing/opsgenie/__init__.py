"""Exports of Opsgenie: answers of its REST API, what exporters make of them, and resources written as YAML."""
