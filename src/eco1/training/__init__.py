"""One loop for every world model: optimiser, schedules, EMA targets, checkpoints and exact resume."""
