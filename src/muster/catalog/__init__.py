"""Workloads, components and their dependencies; blast radius."""
