"""E-mail: the message that goes out, the address that its answer goes to, and the mail that comes back."""
