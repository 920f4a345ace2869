"""How bodies of every plan move: where each part of each animal is, from what anyone could see of it."""
