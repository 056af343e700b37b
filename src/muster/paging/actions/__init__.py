"""Starting, advancing, stopping and explaining pages; sending what they ask for."""
