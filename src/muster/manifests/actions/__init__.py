"""How a document of manifests is brought about."""
