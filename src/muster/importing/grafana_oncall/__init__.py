"""Exports of Grafana OnCall: answers of its HTTP API, and Terraform resources of its provider."""
