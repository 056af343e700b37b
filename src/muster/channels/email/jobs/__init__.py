"""The background half of e-mail: looking into the mailbox, sending answers."""
