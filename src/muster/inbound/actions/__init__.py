"""What is done about senders themselves: signatures, confirmations of subscriptions."""
