"""Eco-1 proper: encoders of several senses and a decoder that reads what they see, hear and feel."""
