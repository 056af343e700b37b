"""Measures Muster beside Alertmanager, on the same machine in the same run: figures are ratios."""
