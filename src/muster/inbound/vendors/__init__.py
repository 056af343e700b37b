"""One file for each vendor's wire format; `catalogue` names them all."""
