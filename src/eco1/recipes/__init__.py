"""Whole runs as functions: the only room that combines all others. The command line calls nothing else."""
