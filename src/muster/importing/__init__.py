"""Moving here from other tools: pure readers of their exports, and what becomes of each object in Muster (R72)."""
