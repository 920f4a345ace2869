"""One run on many processes: clips shared out, weights sharded, experts dealt, matrices divided."""
