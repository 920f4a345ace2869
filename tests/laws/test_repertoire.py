"""Each behaviour of the ethogram is seen in the biomes that it belongs to."""

from collections import Counter

import pytest

from eco1.sim.ecosystem import Ecosystem

MINUTES, SEEDS = 5, (1, 2)
EVERYWHERE = {"rest", "sleep", "vigilant", "flee", "forage", "prowl", "explore", "play", "court", "mate", "tend_young"}
REPERTOIRE = {
    "savanna": {
        *("stalk", "ambush", "chase", "strike", "scavenge", "eat_meat", "graze", "browse", "go_to_water", "drink"),
        *("regroup", "shelter", "patrol", "scent_mark", "challenge", "migrate", "soar"),
    },
    "reef": {"school", "camouflage", "filter", "surface", "graze", "shelter", "chase", "strike", "herd_prey", "patrol"},
    "canopy": {
        *("swing", "climb", "fly", "perch", "pick", "browse", "swoop", "ambush", "camouflage", "carry", "recruit"),
        *("follow_trail", "brood"),
    },
    "tundra": {"wait_at_hole", "surface", "swoop", "stalk", "chase", "strike", "graze", "migrate", "shelter", "brood"},
    "urban": {
        *("fly", "pick", "scavenge", "carry", "recruit", "follow_trail", "beg", "give_food", "shoo", "den", "shelter"),
        *("share", "patrol", "migrate"),
    },
}


@pytest.mark.parametrize("biome", REPERTOIRE)
def test_what_the_biome_is_known_for_is_seen_there(biome):
    seen = Counter()
    for seed in SEEDS:
        world = Ecosystem(biome, worlds=8, animals=64)
        state = world.reset(seed)
        for step in range(MINUTES * 600):
            state = world.step(state)
            if step % 5 == 0:
                now = world.observe(state)
                seen.update(now.behavior[now.alive].tolist())
    names = {world.behavior_names[index] for index in seen}
    assert names >= EVERYWHERE | REPERTOIRE[biome], sorted((EVERYWHERE | REPERTOIRE[biome]) - names)
