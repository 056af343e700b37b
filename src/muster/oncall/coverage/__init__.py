"""Who is on call at each instant, and why: the one evaluator."""
