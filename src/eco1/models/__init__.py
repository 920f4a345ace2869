"""World models, one folder each, strangers to each other."""
