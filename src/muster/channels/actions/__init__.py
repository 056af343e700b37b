"""What chats and browsers bring about: answers, links between people and their chats, keys, changed messages."""
