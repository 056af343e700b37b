"""SMPP 3.4: text messages straight to an operator's or a reseller's message centre, or to one on one's own premises."""
