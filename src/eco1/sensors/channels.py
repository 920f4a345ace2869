"""Names of the numbers in an animal's egocentric view, whoever computes them.

Numbers that range over orders of magnitude are compressed: distances d (body lengths) by log(1 + d), signed rates and
heights x by asinh(x). An animal's own speeds, accelerations and turns are those in the medium that carries it: a fish
that stands in the current swims.
"""

_OFFSETS = ("water", "shelter", "forage", "barrier")
#: What an animal's own body and its surroundings are like, body frame.
OWN = (
    "speed",
    "forward_speed",
    "left_speed",
    "climb_speed",
    "forward_acceleration",
    "left_acceleration",
    "climb_acceleration",
    "turn_rate",
    "has_past",
    "log_behavior_age",
    "log_body_length",
    *(f"{name}_{part}" for name in (*_OFFSETS, "kin") for part in ("ahead", "left", "log_distance", "present")),
    "kin_heading_cos",
    "kin_heading_sin",
    "slope_ahead",
    "slope_left",
    "current_ahead",
    "current_left",
    "vegetation",
    "cover",
    "daylight",
    "height",
    "headroom",
)
#: The part of ``OWN`` that tells of what is around the animal: where things are, where its kind is and heads.
CUES = slice(OWN.index("water_ahead"), len(OWN))
#: What one neighbour is like, seen from the animal.
NEIGHBOUR = (
    "ahead",
    "left",
    "up",
    "log_distance",
    "relative_forward_speed",
    "relative_left_speed",
    "relative_climb_speed",
    "closing_speed",
    "speed",
    "heading_cos",
    "heading_sin",
    "log_relative_size",
    "same_species",
    "carcass",
    "log_behavior_age",
)
#: Keeps directions finite where two animals share a place.
CLOSEST_BODY_LENGTHS = 1e-3
