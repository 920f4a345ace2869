"""How much there is to see in what each animal does: what the film's director goes by."""

import numpy as np
from jaxtyping import Float

from eco1.core.records import Observation

# What a viewer wants to see, by eye: 1 is an animal walking along.
_APPEAL = {
    "chase": 6.0, "strike": 7.0, "flee": 3.2, "stalk": 4.0, "ambush": 2.2, "prowl": 1.6, "eat_meat": 3.0,
    "scavenge": 2.0, "drink": 3.0, "go_to_water": 1.6, "graze": 1.5, "browse": 1.8, "forage": 1.2, "migrate": 2.0,
    "regroup": 1.5, "play": 3.0, "court": 2.6, "mate": 2.0, "tend_young": 2.6, "challenge": 3.2, "patrol": 1.5,
    "school": 2.0, "climb": 1.8, "swing": 3.2, "fly": 2.0, "perch": 1.2, "camouflage": 1.5, "wait_at_hole": 3.0,
    "swoop": 5.5, "herd_prey": 4.5, "pick": 1.8, "filter": 2.4, "carry": 2.2, "recruit": 3.0, "follow_trail": 2.0,
    "share": 2.8, "den": 0.6, "brood": 1.8, "surface": 2.2, "beg": 2.8, "give_food": 3.0, "shoo": 2.6,
    "soar": 1.6, "vigilant": 1.1, "explore": 1.2, "scent_mark": 1.2, "shelter": 0.8, "rest": 0.7, "sleep": 0.5,
}  # fmt: skip
_COMPANY_M = 28.0


def appeal(behavior_names: tuple[str, ...]) -> Float[np.ndarray, " c"]:
    """Return the appeal of each behaviour; the extra last entry (index -1) is for unknown ones."""
    return np.array([_APPEAL.get(name, 1.0) for name in behavior_names] + [1.0])


def interest(
    observation: Observation, behavior_names: tuple[str, ...], height_m: Float[np.ndarray, " s"],
    length_m: Float[np.ndarray, " s"],
) -> Float[np.ndarray, "t n"]:  # fmt: skip
    """Return how much there is to see of each animal at each step (T, N); rows without an animal get 0.

    Appeal of the behaviour, raised by company within 28 m and by size, lowered for animals seen only as a dot and for
    young ones less than half as long as an adult of their kind (``length_m``), of which there is little to see.
    """
    shown = appeal(behavior_names)[observation.behavior]
    xy = observation.position_m[..., :2].astype(float)
    near = np.linalg.norm(xy[:, :, None] - xy[:, None], axis=-1) < _COMPANY_M
    company = (near & observation.alive[:, None, :]).sum(-1) - 1
    size = np.clip(height_m[np.clip(observation.species, 0, None)] / 1.2, 0.3, 1.3)
    adult_m = length_m[np.clip(observation.species, 0, None)]
    grown = np.minimum(1.0, 2.0 * observation.body_length_m / adult_m)
    return np.where(observation.alive, shown * (1 + 0.22 * np.minimum(company, 8)) * np.sqrt(size) * grown, 0.0)
