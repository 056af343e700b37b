"""Taking mail in: by SMTP or out of a mailbox, and doing what it says."""
