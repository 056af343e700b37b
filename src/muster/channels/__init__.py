"""How messages reach people and answers come back: one folder a channel."""
