"""What must hold between the sections of a plan, and between the plan and the world."""
