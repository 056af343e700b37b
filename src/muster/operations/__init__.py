"""What an operator looks at and turns: the doctor, keys, figures, how this node stands."""
