"""Where routers lean before they have looked."""

import pytest
import torch
from five_senses import config, model, only, perceived_clip

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.models.multimodal import EXPERTS, MultimodalModel
from eco1.models.multimodal.answering import perceived
from eco1.models.multimodal.leaning import Leaning
from eco1.models.nn.qwen3 import RouterBias

HUNTING, GRAZING, FLOCKING = (EXPERTS.index(name) for name in ("hunting", "grazing", "flocking"))


def chosen(one: MultimodalModel, strength: float, expert: int) -> float:
    """Which share of the animals' tokens of the first species goes to an expert in all layers."""
    clip = only(perceived_clip())
    seen = perceived(one, clip)
    prefix = one.prefix_of(seen)
    bias = one.router_bias(prefix, 0)
    assert bias is not None
    assert prefix.animals is not None
    scaled = RouterBias(bias=bias.bias * strength)
    read = one.language.read(prefix.vectors, router_bias=scaled)
    rows = torch.from_numpy(clip.observation.species[:, -1] == 0)
    shares = []
    for sent in read.routing:
        assert sent is not None
        choice = sent.choice.view(*prefix.vectors.shape[:2], -1)[:, prefix.animals : prefix.animals + 5]
        shares.append((choice[rows] == expert).any(-1).float().mean())
    return float(torch.stack(shares).mean())


def test_at_first_routers_lean_as_the_catalog_says():
    leaning = Leaning(config())
    species = torch.tensor([[0, 1, 2]])
    behavior, environment = torch.tensor([[0, 0, 2]]), torch.tensor([1])
    found = leaning.of_animals(species, behavior, environment)[0]
    assert found[0].tolist() == [0.0] * 8  # nobody knows it
    assert found[1].tolist() == [2.0, *[0.0] * 7]
    assert found[2].tolist() == [0.0, 1.0 + 1.0, *[0.0] * 6]  # its own, and its behaviour's family
    assert leaning.of_places(environment).tolist() == [[0.0] * 8]


def test_a_species_can_be_made_to_lean_elsewhere():
    leaning = Leaning(config())
    leaning.override("stroller", {"hunting": 2.0, "flocking": 1.5})
    found = leaning.species.detach()
    assert found[2, HUNTING] == 2.0
    assert found[2, FLOCKING] == 1.5
    assert found[2].count_nonzero() == 2
    assert found[1].tolist() == [2.0, *[0.0] * 7]
    with pytest.raises(UnknownNameError, match=r"Unknown species 'strollr'. Did you mean 'stroller'"):
        leaning.override("strollr", {})
    with pytest.raises(UnknownNameError, match=r"Unknown expert 'huntin'. Did you mean 'hunting'"):
        leaning.override("stroller", {"huntin": 1.0})
    with pytest.raises(ConfigError, match="4 experts; only 8 have names"):
        Leaning(config(experts=4)).override("stroller", {"hunting": 1.0})


def test_a_bias_moves_tokens_to_its_expert():
    one = model()
    shares = [chosen(one, strength, HUNTING) for strength in (-20.0, 0.0, 20.0)]
    assert shares[0] == 0.0
    assert shares[1] < 0.9
    assert shares[2] == 1.0
    one.prefix.leaning.override("walker", {"flocking": 30.0})
    assert chosen(one, 1.0, FLOCKING) == 1.0


def test_tokens_of_places_words_and_the_self_do_not_lean_by_species():
    one = model()
    prefix = one.prefix_of(perceived(one, perceived_clip()))
    bias = one.router_bias(prefix, 3)
    assert bias is not None
    assert prefix.animals is not None
    animals = bias.bias[:, prefix.animals : prefix.animals + 5]
    assert (animals[..., HUNTING] >= 2.0).any()
    rest = torch.cat([bias.bias[:, : prefix.animals], bias.bias[:, prefix.animals + 5 :]], 1)
    assert rest.shape[1] == prefix.vectors.shape[1] - 5 + 3
    assert (rest == 0).all()


def test_what_is_unknown_stays_without_bias_while_others_learn():
    torch.manual_seed(0)
    one = MultimodalModel(config())
    optimizer = torch.optim.AdamW(one.parameters(), 1e-2)
    before = one.prefix.leaning.species.detach().clone()
    for step in range(3):
        found = one.loss(only(perceived_clip(step)), torch.Generator().manual_seed(step))
        optimizer.zero_grad()
        torch.stack(list(found.terms.values())).sum().backward()
        optimizer.step()
    after = one.prefix.leaning.species.detach()
    assert (after[0] == 0).all()
    assert (after[1:] != before[1:]).any(-1).all()


@pytest.mark.parametrize("changes", [{"routing_bias": False}, {"experts": 0}])
def test_a_model_may_go_without(changes):
    one = model(**changes)
    assert one.prefix.leaning is None
    prefix = one.prefix_of(perceived(one, perceived_clip()))
    bias = one.router_bias(prefix, 2)
    assert bias is None if "experts" in changes else bool((bias.bias == 0).all())
    assert one.loss(perceived_clip(), torch.Generator().manual_seed(0)).terms["language"].isfinite()
