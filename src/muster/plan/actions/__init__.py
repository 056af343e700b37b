"""What can be done with plans; each action checks its permission and works in one transaction."""
