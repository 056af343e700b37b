"""`muster import`: moving here from another tool, tried first and then done, all of it or nothing."""
