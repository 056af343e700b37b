"""How messages leave: one adapter a module, each a `Channel`; `registry.build_channels` puts them together."""
