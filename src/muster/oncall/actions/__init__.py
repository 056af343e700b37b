"""What people do with schedules: each change with its permission, its event and its version."""
