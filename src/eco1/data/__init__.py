"""Episodes on disk: recorder, reader, clips for training, splits, and importers of real tracks."""
