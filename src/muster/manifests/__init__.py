"""`muster apply`: the whole organisation as text, brought about at once or not at all."""
