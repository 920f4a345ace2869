"""Baselines, metrics and benchmarks, in reality or in dreams: models and baselines are judged alike."""
