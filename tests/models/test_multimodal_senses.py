"""What each sense perceives, from what, and what it cannot know."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from five_senses import FOLLOWED, config, model, only, perceived_clip

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.core.senses import SensedClip, Senses
from eco1.models.multimodal import SENSES, MultimodalModel
from eco1.models.multimodal.answering import perceived
from eco1.models.multimodal.inputs import tokens_of
from eco1.models.multimodal.words import SAY

#: Tokens of a moment: patches of 8 x 8, four by four of a spectrogram, groups, animals, pieces of words.
TOKENS = {"video": 4, "audio": 16, "points": 4, "motion": 5}


def test_each_encoder_gives_latents_of_every_moment():
    one = model()
    seen = one.perceive(one.inputs_of(perceived_clip()))
    for sense, tokens in TOKENS.items():
        assert seen.latents[sense].value.shape == (4, 4, tokens, 32)
        assert seen.latents[sense].real.all()
        assert seen.summaries[sense].shape == (4, 4, 2, 32)
    words = seen.latents["text"]
    assert words.value.shape[:2] == (4, 1)
    assert words.value.shape[2] <= one.config.words
    assert one.embed_clip(perceived_clip()).shape == (4, 4 * 4 * 2 + 2, 32)


def test_encoders_may_differ_in_width():
    one = model(encoders=((48, 1, 2), (32, 2, 2), (16, 1, 2), (24, 1, 2), (16, 1, 1)))
    seen = one.perceive(one.inputs_of(perceived_clip()))
    assert {part.value.shape[-1] for part in seen.latents.values()} == {32}
    assert [one.encoders[sense].width for sense in SENSES] == [48, 32, 16, 24, 16]


def test_who_is_followed_and_where_is_known_by_name():
    inputs = model().inputs_of(perceived_clip())
    assert inputs.subject.tolist() == [FOLLOWED] * 4
    assert inputs.environment.tolist() == [1, 2, 0, 1]  # nobody knows the moon
    blind = model().inputs_of(only(perceived_clip(), "audio"))
    assert blind.subject.tolist() == [-1] * 4


def later(clip: SensedClip, begin: int) -> SensedClip:
    """The same clip up to a frame; after it everybody is elsewhere and everything looks and sounds otherwise."""
    other = perceived_clip(7)
    lead = np.s_[:, begin:]

    def mixed(one: np.ndarray, two: np.ndarray) -> np.ndarray:
        found = one.copy()
        found[lead] = two[lead]
        return found

    seen = {name: mixed(value, getattr(other.observation, name)) for name, value in vars(clip.observation).items()}
    senses = {
        kind: {
            name: type(record)(
                **{f: mixed(v, getattr(getattr(other.senses, kind)[name], f)) for f, v in vars(record).items()}
            )
            for name, record in getattr(clip.senses, kind).items()
        }
        for kind in ("video", "audio", "points")
    }
    return replace(clip, observation=type(clip.observation)(**seen), senses=Senses(**senses))


@pytest.mark.parametrize("moments", [1, 2, 3])
def test_an_encoder_given_the_first_moments_knows_nothing_of_later_ones(moments):
    one, clip = model(), only(perceived_clip(), "video", "audio", "points")
    changed = later(clip, moments * one.config.frames_of_moment)
    seen, other, whole, whole_other = (
        one.perceive(one.inputs_of(each), count) for count in (moments, 4) for each in (clip, changed)
    )
    for sense in TOKENS:
        assert torch.equal(seen.latents[sense].value, other.latents[sense].value), sense
        assert torch.equal(seen.summaries[sense], other.summaries[sense]), sense
        assert not torch.allclose(whole.latents[sense].value, whole_other.latents[sense].value, atol=1e-3), sense
    assert torch.equal(one.prefix_of(seen).vectors, one.prefix_of(other).vectors)


def test_what_a_sense_hears_of_a_clip_is_its_own():
    one, clip = model(), perceived_clip()
    seen, heard = one.perceive(one.inputs_of(clip)), one.perceive(one.inputs_of(only(clip, "audio")))
    assert torch.equal(seen.latents["audio"].value, heard.latents["audio"].value)
    half = one.perceive(one.inputs_of(replace(clip, senses=clip.senses[:2], **_first_two(clip))))
    assert torch.allclose(half.latents["video"].value, seen.latents["video"].value[:2], atol=1e-5)


def _first_two(clip: SensedClip) -> dict:
    return {
        "observation": clip.observation[:2], "dt_s": clip.dt_s[:2], "said": clip.said[:2], "biome": clip.biome[:2]
    }  # fmt: skip


def test_a_row_without_an_animal_changes_nothing_for_the_others():
    one, clip = model(), only(perceived_clip())
    clip.observation.alive[:, :, 4] = False
    other = perceived_clip(9).observation
    moved = replace(clip.observation, **{name: getattr(clip.observation, name).copy() for name in ("species",)})
    moved.species[:, :, 4] = 1 - moved.species[:, :, 4]
    moved.position_m[:, :, 4] = other.position_m[:, :, 0] + 50.0
    seen, without = (one.perceive(one.inputs_of(each)) for each in (clip, replace(clip, observation=moved)))
    assert not seen.latents["motion"].real[:, :, 4].any()
    assert torch.equal(seen.latents["motion"].value[:, :, :4], without.latents["motion"].value[:, :, :4])
    assert torch.equal(seen.summaries["motion"], without.summaries["motion"])
    prefix = one.prefix_of(seen)
    assert prefix.animals == 1
    assert torch.equal(prefix.vectors[:, 1:5], one.prefix_of(without).vectors[:, 1:5])
    nobody = prefix.vectors[:, 5]
    assert torch.allclose(nobody, nobody[:1].expand_as(nobody))


def test_the_topic_is_the_mean_of_the_animals_spoken_of_and_said_with_the_first_word():
    one, clip = model(), only(perceived_clip())
    prefix = one.prefix_of(one.perceive(one.inputs_of(clip)))
    nobody, marks = torch.zeros(2, 5, dtype=torch.bool), torch.zeros(2, 5, dtype=torch.bool)
    marks[0, [0, 2]] = True
    which = torch.tensor([3, 1])
    topics = prefix.topics(which, marks)
    assert torch.allclose(topics[0], (prefix.vectors[3, 1] + prefix.vectors[3, 3]) / 2, atol=1e-6)
    assert not topics[1].any()
    tokens = torch.full((2, 3), SAY)
    off = one.spoken(prefix, tokens, which, marks) - one.spoken(prefix, tokens, which, nobody)
    assert off.any(-1).nonzero().tolist() == [[0, prefix.vectors.shape[1]]]
    assert torch.allclose(off[0, prefix.vectors.shape[1]], topics[0], atol=1e-6)


def test_the_prefix_tells_moments_apart():
    one, clip = model(), only(perceived_clip())
    seen = one.perceive(one.inputs_of(clip))
    latents = seen.latents["motion"]
    turned = replace(seen, latents={"motion": latents.replaced(latents.value.flip(1))})
    assert not torch.allclose(one.prefix_of(seen).vectors[:, 1:], one.prefix_of(turned).vectors[:, 1:], atol=1e-3)


def test_a_cloud_of_too_few_points_tells_nothing():
    one, clip = model(), perceived_clip()
    clip.senses.points["camera"].position_m[1, :4] = np.nan
    seen = one.perceive(one.inputs_of(clip))
    assert seen.latents["points"].real.all(-1).tolist()[1] == [False, False, True, True]
    assert (seen.summaries["points"][1, :2] == 0).all()
    assert seen.summaries["points"].isfinite().all()


@pytest.mark.parametrize("sense", SENSES)
def test_any_single_sense_alone_is_enough_to_learn_from(sense):
    torch.manual_seed(0)
    one, clip = MultimodalModel(config(senses=(sense,))), only(perceived_clip(), sense)
    found = one.loss(clip, torch.Generator().manual_seed(0))
    total = torch.stack([one.term_weights[name] * term for name, term in found.terms.items()]).sum()
    total.backward()
    assert found.terms["zjepa"] > 0
    assert found.terms["alignment"] == 0  # nothing to be near to
    assert all(p.grad.isfinite().all() for p in one.parameters() if p.grad is not None)
    assert one.eval().embed_senses(clip)[sense].norm(dim=-1).numpy() == pytest.approx(np.ones(4), abs=1e-5)


def test_fewer_tokens_are_some_of_them_in_order_each_with_its_place():
    one = model()
    whole = tokens_of(one.inputs_of(perceived_clip()), one.encoders, ("audio",))["audio"]
    half = whole.fewer(0.5, torch.Generator().manual_seed(0))
    assert half.value.shape == (4, 4, 8, 32)
    assert half.real.all()
    which = (half.position[:, :, :, None] == whole.position[:, :, None]).all(-1).int().argmax(-1)
    assert (which.diff(dim=-1) > 0).all()
    assert torch.equal(half.value, torch.take_along_dim(whole.value, which[..., None], dim=2))
    assert (which != which[:1, :1]).any(), "every clip and moment has a choice of its own"


def test_who_learns_alignment_alone_sees_half_and_is_judged_by_all():
    one, clip = MultimodalModel(config(species_dropout=0.0)), perceived_clip()
    one.term_weights = {name: float(name == "alignment") for name in one.term_weights}
    drawn = [one.loss(clip, torch.Generator().manual_seed(seed)).terms["alignment"].item() for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]
    one.eval()
    whole = one.alignment(one.perceive(one.inputs_of(clip)).summaries)
    assert one.loss(clip, torch.Generator().manual_seed(0)).terms["alignment"] == whole


def test_absent_senses_are_said():
    one, clip = model(), only(perceived_clip(), "audio")
    assert set(one.embed_senses(clip)) == {"audio", "motion"}
    with pytest.raises(ConfigError, match="none of the model's senses: video"):
        one.embed_senses(clip, ("video",))
    with pytest.raises(ConfigError, match="The clips have no points; they have audio, motion"):
        perceived(one, clip, ("audio", "points"))
    assert set(perceived(one, perceived_clip()).latents) == {"video", "audio", "points", "motion"}
    with pytest.raises(ConfigError, match="none of the model's senses: video, points"):
        model(senses=("video", "points")).inputs_of(clip)


def _renamed(clip: SensedClip, kind: str) -> SensedClip:
    record = next(iter(getattr(clip.senses, kind).values()))
    return replace(clip, senses=replace(clip.senses, **{kind: {"herd": record}}))


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("video", r"Unknown camera 'follow'. Allowed: herd"),
        ("audio", "Unknown microphone 'camera'"),
        ("points", "Unknown lidar"),
    ],
)
def test_another_instrument_than_the_models_is_refused(kind, says):
    with pytest.raises(UnknownNameError, match=says):
        model().inputs_of(_renamed(perceived_clip(), kind))


def test_what_cannot_be_perceived_is_said():
    one, clip = model(), perceived_clip()
    with pytest.raises(ConfigError, match="clips of 8 frames; this one has 6"):
        one.loss(perceived_clip(frames=6), None)
    with pytest.raises(ConfigError, match=r"8 frames of 32 x 32 pixels; the clip has 8 of 16 x 16.*--camera-px 32"):
        model(pixels=32).inputs_of(clip)
    heard = clip.senses.audio["camera"].samples.astype(np.float32)
    heard[2, 3, 0, 100] = np.nan
    broken = replace(clip.senses, audio={"camera": replace(clip.senses.audio["camera"], samples=heard)})
    with pytest.raises(ConfigError, match=r"Microphone 'camera' has samples that are no numbers"):
        one.inputs_of(replace(clip, senses=broken))
    demanding = model(groups=50)
    inputs = demanding.inputs_of(clip)
    with pytest.raises(ConfigError, match="A cloud has 40 beams; the model needs 50"):
        demanding.perceive(inputs)


def test_longer_clips_are_perceived_up_to_where_the_model_looks():
    one, long = model(), perceived_clip(frames=12)
    camera = long.senses.video["follow"]
    camera.eye_m[:, 8:] = long.observation.position_m[:, 8:, 0] - np.float32([10, 0, 0])  # follows another one then
    long.observation.alive[:, 8:, FOLLOWED] = False
    assert one.inputs_of(long).subject.tolist() == [FOLLOWED] * 4
    short = replace(long, observation=long.observation[:, :8], senses=long.senses[:, :8])
    assert torch.equal(one.embed_clip(long), one.embed_clip(short))
