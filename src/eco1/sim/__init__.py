"""The ecosystem: batched worlds of animals, one file per law."""
