"""The Qwen3 decoder: reading, remembering, writing on."""

from typing import Any

import pytest
import torch
from qwen3_models import EXPERTS, SIZES, VOCABULARY, WIDTH, tiny, words

from eco1.core.errors import ConfigError
from eco1.models.nn.qwen3 import Cache, Qwen3, Qwen3Config, Sampling, generate, prefill
from eco1.models.nn.rope import rotation_at

KINDS: dict[str, dict[str, Any]] = {
    "dense": {},
    "tied and biased": {"tied": True, "attention_bias": True},
    "sparse": EXPERTS,
    "mixed": EXPERTS | {"layers": 3, "dense_layers": (0,)},
}


@pytest.fixture(params=KINDS.values(), ids=KINDS)
def model(request: pytest.FixtureRequest) -> Qwen3:
    return tiny(**request.param)


@torch.no_grad()
def test_a_token_sees_what_came_before_it_and_nothing_else(model: Qwen3):
    tokens = words(2, 9)
    changed = tokens.clone()
    changed[:, 5] = (tokens[:, 5] + 1) % VOCABULARY
    before, after = model(tokens), model(changed)
    torch.testing.assert_close(before[:, :5], after[:, :5], atol=1e-5, rtol=1e-4)
    assert ((before - after)[:, 5:].abs().amax(-1) > 1e-4).all()


@torch.no_grad()
def test_reading_token_by_token_equals_reading_at_once(model: Qwen3):
    tokens, cache = words(2, 11), model.new_cache(room=2)
    steps = torch.cat([model(token, cache) for token in tokens.split(1, dim=1)], 1)
    torch.testing.assert_close(steps, model(tokens), atol=1e-5, rtol=1e-4)
    assert cache.length == 11


@pytest.mark.parametrize("chunk", [1, 4, 11, 99])
@torch.no_grad()
def test_reading_in_pieces_equals_reading_at_once(model: Qwen3, chunk: int):
    tokens, cache = words(2, 11), model.new_cache()
    last = prefill(model, tokens, cache, chunk)
    torch.testing.assert_close(last, model(tokens)[:, -1], atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_vectors_stand_in_for_tokens(model: Qwen3):
    prefix, tokens = torch.randn(2, 3, WIDTH), words(2, 5)
    whole = model(torch.cat([prefix, model.embedding(tokens)], 1))
    cache = model.new_cache()
    torch.testing.assert_close(model(prefix, cache), whole[:, :3], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(model(tokens, cache), whole[:, 3:], atol=1e-5, rtol=1e-4)
    assert torch.equal(model(model.embedding(tokens)), model(tokens))


@torch.no_grad()
def test_continuations_share_a_prefix(model: Qwen3):
    prefix, cache = words(2, 7), model.new_cache(room=8)
    model(prefix, cache)
    branch = cache.branched(3)
    endings = words(6, 5, seed=1)
    whole = model(torch.cat([prefix.repeat_interleave(3, 0), endings], 1))[:, 7:]
    pieces = [model(piece, branch) for piece in endings.split([1, 3, 1], dim=1)]
    torch.testing.assert_close(torch.cat(pieces, 1), whole, atol=1e-5, rtol=1e-4)
    further = model(endings[:2], cache)  # the cache it came from goes its own way
    torch.testing.assert_close(further, model(torch.cat([prefix, endings[:2]], 1))[:, 7:], atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_branches_branch_again():
    model = tiny(**EXPERTS)
    first, second, third = words(1, 4), words(2, 3, seed=1), words(4, 2, seed=2)
    trunk = model.new_cache()
    model(first, trunk)
    limb = trunk.branched(2)
    model(second, limb)
    twig = limb.branched(2)
    whole = torch.cat([first.expand(4, -1), second.repeat_interleave(2, 0), third], 1)
    torch.testing.assert_close(model(third, twig), model(whole)[:, 7:], atol=1e-5, rtol=1e-4)
    assert (trunk.length, limb.length, twig.length) == (4, 7, 9)


@torch.no_grad()
def test_a_cache_moves_only_to_double_and_a_branch_never():
    model, cache = tiny(), Cache(2, room=4)
    places: list[int] = []
    for token in words(1, 17).split(1, dim=1):
        model(token, cache)
        places.append(cache.layers[0].stretches()[0].key.data_ptr())
    assert len(set(places)) == 4, "4, 8, 16 and 32 tokens"
    shared = cache.branched(100).layers[0].stretches()[0]
    assert shared.key.data_ptr() == places[-1]


def test_routing_is_told_layer_by_layer():
    model = tiny(**KINDS["mixed"])
    read = model.read(words(2, 4))
    dense, *sparse = read.routing
    assert dense is None
    for routing in sparse:
        assert routing is not None
        assert routing.choice.shape == (8, 2)
        torch.testing.assert_close(routing.weights().sum(-1), torch.ones(8))


def test_weights_of_the_chosen_may_be_left_as_they_fall():
    read = tiny(**EXPERTS, norm_chosen=False).read(words(1, 6))
    assert read.routing[0] is not None
    total = read.routing[0].weight.sum(-1)
    torch.testing.assert_close(total, read.routing[0].logits.softmax(-1).topk(2).values.sum(-1))
    assert (total < 0.99).any()


def test_every_parameter_learns(model: Qwen3):
    torch.nn.functional.cross_entropy(model(words(4, 20)).flatten(0, 1), words(4, 20, seed=1).flatten()).backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().sum() > 0, name


@torch.no_grad()
def test_greedy_writing_takes_the_likeliest(model: Qwen3):
    text = words(2, 5)
    for token in generate(model, words(2, 5), 8):
        assert torch.equal(token, model(text)[:, -1].argmax(-1))
        text = torch.cat([text, token[:, None]], 1)
    assert text.shape == (2, 13)


def test_writing_goes_on_from_a_cache():
    model, prompt = tiny(**EXPERTS), words(1, 9)
    cache = model.new_cache()
    prefill(model, prompt[:, :6], cache)
    written = torch.stack(list(generate(model, prompt[:, 6:].expand(3, -1), 5, cache=cache.branched(3))))
    plain = torch.stack(list(generate(model, prompt, 5)))
    assert torch.equal(written, plain.expand(5, 3))


def test_writing_stops_when_all_have_ended():
    model, prompt = tiny(), words(3, 5)
    free = torch.stack(list(generate(model, prompt, 30)), 1)
    first = [int(free[0, 4]), int(free[1, 2]), int(free[2, 7])]
    written = torch.stack(list(generate(model, prompt, 30, stop=first)), 1)
    ends = [next(i for i, token in enumerate(row.tolist()) if token in first) for row in free]
    assert written.shape[1] == max(ends) + 1
    for row, reference, end in zip(written, free, ends, strict=True):
        assert torch.equal(row[: end + 1], reference[: end + 1])
        assert (row[end:] == row[end]).all()


def test_a_limit_of_nothing_writes_nothing():
    assert list(generate(tiny(), words(1, 3), 0)) == []


def test_draws_follow_the_probabilities_and_the_nucleus():
    logits = torch.tensor([0.5, 0.3, 0.15, 0.05]).log().expand(20_000, -1)
    stream = torch.Generator().manual_seed(0)
    for sampling, expected in {
        Sampling(temperature=1.0): [0.5, 0.3, 0.15, 0.05],
        Sampling(temperature=1.0, top_p=0.8): [0.625, 0.375, 0.0, 0.0],
        Sampling(temperature=1.0, top_p=0.81): [0.526, 0.316, 0.158, 0.0],
        Sampling(temperature=1.0, top_p=0.01): [1.0, 0.0, 0.0, 0.0],
        Sampling(temperature=0.5): [0.685, 0.247, 0.062, 0.007],
        Sampling(): [1.0, 0.0, 0.0, 0.0],
    }.items():
        share = sampling.draw(logits, stream).bincount(minlength=4) / 20_000
        torch.testing.assert_close(share, torch.tensor(expected), atol=0.015, rtol=0)


def test_the_same_stream_writes_the_same():
    model, sampling = tiny(**EXPERTS), Sampling(temperature=1.5, top_p=0.9)

    def text(seed: int) -> torch.Tensor:
        stream = torch.Generator().manual_seed(seed)
        return torch.stack(list(generate(model, words(2, 4), 12, sampling=sampling, generator=stream)))

    assert torch.equal(text(1), text(1))
    assert not torch.equal(text(1), text(2))


def test_bfloat16_stays_near_float32():
    model, tokens = tiny(**EXPERTS), words(2, 16)
    exact = model(tokens)
    near = model.to(torch.bfloat16)(tokens)
    assert near.dtype == torch.bfloat16
    assert (near.float() - exact).norm() < 0.1 * exact.norm()


def test_a_model_refuses_what_it_cannot_read():
    model = tiny(longest=8)
    with pytest.raises(ConfigError, match="9 tokens long; this model can tell 8 apart"):
        model(words(1, 9))
    cache = model.new_cache()
    with torch.no_grad():
        model(words(2, 6), cache)
        with pytest.raises(ConfigError, match="9 tokens long"):
            model(words(2, 3), cache)
        with pytest.raises(ConfigError, match=r"holds 2 sequences; 3 came\. branched\(3\)"):
            model(words(3, 1), cache)
    model.embedding.requires_grad_(False)  # the rest still learns
    with pytest.raises(ConfigError, match="no gradients"):
        model(words(2, 1), cache)
    assert cache.length == 6


def test_a_prompt_a_draw_and_a_cache_are_checked():
    with pytest.raises(ConfigError, match="got 0 and 512"):
        list(generate(tiny(), words(1, 0), 3))
    with pytest.raises(ConfigError, match=r"temperature is -1"):
        Sampling(temperature=-1)
    with pytest.raises(ConfigError, match=r"top_p is 0"):
        Sampling(top_p=0)
    with pytest.raises(ConfigError, match="0 sequences cannot be branched 2 times"):
        Cache(1).branched(2)
    with pytest.raises(ConfigError, match="room for at least 1"):
        Cache(1, room=0)


@pytest.mark.parametrize("kind", ["dense", "sparse"])
def test_bfloat16_learns_as_float32_does(kind: str):
    """On a CPU attention and experts take other ways there."""
    gradients: list[torch.Tensor] = []
    for dtype in (torch.float32, torch.bfloat16):
        model = tiny(**KINDS[kind], width=16, head_dim=8).to(dtype)
        loss = torch.nn.functional.cross_entropy(model(words(6, 40)).flatten(0, 1).float(), words(6, 40, 1).flatten())
        loss.backward()
        grad = model.blocks[0].attention.qkv.weight.grad
        assert grad is not None
        gradients.append(grad.float())
    assert (gradients[0] - gradients[1]).norm() < 0.15 * gradients[0].norm()


@torch.no_grad()
def test_before_it_has_learned_anything_heads_look_for_likeness_and_take_it_over():
    torch.manual_seed(0)
    attention = Qwen3(Qwen3Config(**SIZES | {"width": 64, "heads": 4, "head_dim": 16})).blocks[0].attention
    x = torch.randn(1, 200, 64)
    query, key, value = attention.project(x, rotation_at(torch.zeros(200, dtype=torch.long), 16, 1e6))
    likeness = query @ key.repeat_interleave(2, 1).mT / 16**0.5
    of_itself = likeness.diagonal(dim1=-2, dim2=-1)
    assert of_itself.mean() > 2.0 > 3 * likeness.mean().abs()
    assert (query[:, 0] - query[:, 1]).abs().mean() > 0.2, "heads of a group differ"
    kept = attention.out(value.repeat_interleave(2, 1).transpose(1, 2).flatten(2))
    assert torch.cosine_similarity(kept, x, dim=-1).mean() > 0.4
