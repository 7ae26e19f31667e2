"""Random input in bulk: `./run fuzz`."""
