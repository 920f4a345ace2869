"""Names of the numbers in an animal's egocentric view, whoever computes them.

Numbers that range over orders of magnitude are compressed: distances d (body lengths) by log(1 + d), signed rates and
heights x by asinh(x). An animal's own speeds, accelerations and turns are those in the medium that carries it: a fish
that stands in the current swims.
"""

_OFFSETS = ("water", "shelter", "forage", "barrier")
#: What an animal's own body and its surroundings are like, body frame. Kin are all living animals of its kind, those
#: within ten body lengths above all (``kin_near`` of them, compressed like a distance); the herd is all of them alike.
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
    "kin_near",
    "nearest_kin_ahead",
    "nearest_kin_left",
    "nearest_kin_log_distance",
    "nearest_kin_heading_cos",
    "nearest_kin_heading_sin",
    "nearest_kin_forward_speed",
    "nearest_kin_left_speed",
    "herd_ahead",
    "herd_left",
    "herd_log_distance",
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
#: Kin at this distance (body lengths) counts half for where its kind is and heads.
KIN_REACH = 10.0
#: Keeps directions finite where two animals share a place.
CLOSEST_BODY_LENGTHS = 1e-3
