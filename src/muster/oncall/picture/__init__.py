"""Coverage as pages draw it: lanes of bars, days for a phone, the period that is shown."""
