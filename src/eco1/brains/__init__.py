"""Models, and the baselines they have to beat, living in bodies: memory, bounds and the loop that drives a world."""
