"""Exports of PagerDuty: answers of its REST API as they are, one file or many, and what exporters make of them."""
