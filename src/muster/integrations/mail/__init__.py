"""Answers by e-mail: the address that a page's answer goes to, the mail that comes there, and the mail that goes back."""
