"""Species that a model was not made for."""

import pytest
import torch
from five_senses import model, only, perceived_clip

from eco1.core.errors import ConfigError
from eco1.models.multimodal.answering import perceived
from eco1.models.multimodal.strangers import acquainted


def same(one: torch.Tensor, other: torch.Tensor) -> None:
    """Kernels of some CPUs round by where numbers lie in memory."""
    torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-5)


def test_of_those_it_knew_it_says_what_it_said():
    one, clip = model(), perceived_clip()
    wider = acquainted(one, ["runner", "jumper"], [(0.0, 1.0, 2.0), (1.0, 1.0, 1.0)])
    assert wider.config.species_names == ("walker", "stroller", "runner", "jumper")
    same(wider.embed_clip(clip), one.embed_clip(clip))
    seen, other = perceived(one, clip), perceived(wider, clip)
    same(one.prefix_of(seen).vectors, wider.prefix_of(other).vectors)
    same(one.prefix_of(seen).bias, wider.prefix_of(other).bias)
    assert not wider.training


def test_a_stranger_is_its_traits_without_a_name():
    one, clip = model(), only(perceived_clip())
    wider = acquainted(one, ["twin", "other"], [one.config.species_traits[0], (3.0, 3.0, 3.0)])

    def latents_of(species: int, which=wider) -> torch.Tensor:
        clip.observation.species[:] = species
        return perceived(which, clip).latents["motion"].value

    assert not torch.allclose(latents_of(2), latents_of(0), atol=1e-3)  # the twin's name is not known
    assert not torch.allclose(latents_of(2), latents_of(3), atol=1e-3)  # its traits are
    with torch.no_grad():
        for encoders in (one.encoders, wider.encoders):
            encoders["motion"].species.weight[1] = encoders["motion"].species.weight[0]  # as if withheld
    same(latents_of(2), latents_of(0))
    same(latents_of(2), latents_of(0, one))


def test_routers_do_not_lean_for_a_stranger():
    one, clip = model(), only(perceived_clip())
    clip.observation.species[:] = 2
    wider = acquainted(one, ["runner"], [(0.0, 0.0, 0.0)])
    prefix = wider.prefix_of(perceived(wider, clip))
    assert prefix.animals is not None
    behaviours = wider.prefix.leaning.behavior[perceived(wider, clip).inputs.motion.behavior[:, -1, -1]]
    assert torch.equal(prefix.bias[:, prefix.animals : prefix.animals + 5], behaviours)


def test_a_model_without_traits_meets_strangers_too():
    bare = model(species_traits=(), species_expert_bias=(), behavior_expert=())
    wider = acquainted(bare, ["runner"])
    assert wider.config.species_traits == ()
    same(wider.embed_clip(perceived_clip()), bare.embed_clip(perceived_clip()))


def test_what_makes_no_sense_is_said():
    with pytest.raises(ConfigError, match="knows walker already"):
        acquainted(model(), ["walker"], [(0.0, 0.0, 0.0)])
    with pytest.raises(ConfigError, match="knows species by 3 traits"):
        acquainted(model(), ["runner"], [(0.0, 0.0)])
    with pytest.raises(ConfigError, match="knows species by 3 traits"):
        acquainted(model(), ["runner", "jumper"], [(0.0, 0.0, 0.0)])
