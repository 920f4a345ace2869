"""What the objectives of a model of five senses teach."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from five_senses import config, model, only, perceived_clip, said

from eco1.core.records import Clip
from eco1.core.senses import Description
from eco1.models.multimodal import MultimodalModel, objectives
from eco1.models.multimodal.alignment import Alignment
from eco1.models.multimodal.lessons import lay_out
from eco1.models.multimodal.perception import kept
from eco1.models.multimodal.telling import Told, draw_tasks
from eco1.models.multimodal.words import END, SAY
from eco1.models.multimodal.zjepa import Answer, disagreement


def test_one_batch_can_be_learned_by_heart_without_collapse():
    torch.manual_seed(0)
    one, clip = MultimodalModel(config()), perceived_clip()
    optimizer = torch.optim.AdamW(one.parameters(), 4e-3)
    losses = []
    for step in range(100):
        found = one.loss(clip, torch.Generator().manual_seed(step % 4))
        assert found.terms.keys() == one.term_weights.keys()
        total = torch.stack([one.term_weights[name] * term for name, term in found.terms.items()]).sum()
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        one.update_target(0.99)
        losses.append({name: term.item() for name, term in {**found.terms, **found.monitors}.items()})
    first, last = ({name: np.mean([s[name] for s in part]) for name in losses[0]} for part in (losses[:4], losses[-4:]))
    assert last["zjepa"] < 0.65 * first["zjepa"]
    assert last["language"] < 0.3 * first["language"]
    assert last["alignment"] < 0.25 * first["alignment"]
    assert last["behavior"] < 0.8 * first["behavior"]
    for sense in ("video", "audio", "points", "motion"):
        assert last[f"zjepa_{sense}"] < first[f"zjepa_{sense}"]
        assert last[f"rank_{sense}"] > 0.7 * first[f"rank_{sense}"], sense
    with torch.no_grad():
        slow = one._slow_latents(one.inputs_of(clip))
    for sense, part in slow.items():
        assert part.value[part.real].std(0).mean() > 0.2, sense


def test_targets_move_by_the_slow_average_only():
    one = model().train()
    before = {name: p.clone() for name, p in one.targets.named_parameters()}
    one.loss(perceived_clip(), torch.Generator().manual_seed(0)).terms["zjepa"].backward()
    assert all(p.grad is None and not p.requires_grad for p in one.targets.parameters())
    assert all(torch.equal(p, before[name]) for name, p in one.targets.named_parameters())
    with torch.no_grad():
        for parameter in one.encoders.parameters():
            parameter += 1.0
    one.update_target(0.9)
    for name, parameter in one.targets.named_parameters():
        assert torch.allclose(parameter, before[name] + 0.1, atol=1e-5), name


def test_only_what_is_real_and_not_known_yet_counts_in_zjepa():
    answer = Answer(
        guess=torch.zeros(1, 5, 2),
        truth=torch.tensor([[1.0, 2.0, 3.0, 4.0, 9.0]])[..., None].expand(1, 5, 2),
        real=torch.tensor([[True, True, False, True, True]]),
    )
    assert disagreement({"video": answer}, {})["video"] == pytest.approx((1 + 2 + 4 + 9) / 4)
    assert disagreement({"video": answer}, {"video": 2})["video"] == pytest.approx((4 + 9) / 2)
    assert disagreement({"video": answer}, {"audio": 2})["video"] == pytest.approx((1 + 2 + 4 + 9) / 4)
    nothing = replace(answer, real=torch.zeros(1, 5, dtype=torch.bool))
    assert disagreement({"video": nothing}, {})["video"] == 0


def test_what_is_to_be_foreseen_depends_on_what_is_over():
    """The prediction of later moments changes with earlier ones, and never with the later ones themselves."""
    one, clip = model(), perceived_clip()
    other = perceived_clip(5)
    targets = one._slow_latents(one.inputs_of(clip))
    context = [one.perceive(one.inputs_of(each), 2) for each in (clip, other)]
    here, there = (one.foresight(seen.summaries, seen.latents, targets, None) for seen in context)
    assert all(answer.guess.shape[1] == (1 if sense == "text" else 4) for sense, answer in here.items())
    assert not torch.allclose(here["video"].guess, there["video"].guess, atol=1e-3)
    shuffled = {sense: part.replaced(part.value.flip(0)) for sense, part in targets.items()}
    again = one.foresight(context[0].summaries, context[0].latents, shuffled, None)
    assert torch.equal(again["video"].guess, here["video"].guess)
    assert not torch.equal(again["video"].truth, here["video"].truth)


def test_alignment_is_low_only_when_the_same_clips_are_near_each_other():
    torch.manual_seed(0)
    align = Alignment(config())
    with torch.no_grad():
        for head in align.heads.values():
            head.weight.copy_(align.heads["video"].weight)
            head.bias.zero_()
    summaries = torch.randn(6, 4, 2, 32)
    same = align({"video": summaries, "audio": summaries})
    crossed = align({"video": summaries, "audio": summaries.flip(0)})
    assert same < 0.2 < 2.0 < crossed
    assert align({"video": summaries}) == 0
    assert align({"video": summaries[:1], "audio": summaries[:1]}) == 0
    assert align.embedded("video", summaries).detach().norm(dim=-1).numpy() == pytest.approx(np.ones(6), abs=1e-5)


def test_each_pair_of_senses_has_a_temperature_of_its_own():
    torch.manual_seed(0)
    align = Alignment(config())
    loud = align.pairs.index(("video", "audio"))
    align({sense: torch.randn(6, 4, 2, 32) for sense in ("audio", "video")}).backward()
    assert align.log_scale.grad is not None
    assert torch.equal(align.log_scale.grad.nonzero().flatten(), torch.tensor([loud]))


def test_the_language_loss_counts_answers_only():
    one, clip = model(), perceived_clip(asked=True)
    tasks = [[replace(task, wrong=()) for task in draw_tasks(each, one.words, None)] for each in clip.said]
    seen = one.perceive(one.inputs_of(clip))

    def loss_of(tasks: list[list[Told]]) -> torch.Tensor:
        lessons = lay_out(tasks, 5, one.device)
        return objectives.language(one, one.read(seen, lessons))[0]

    lessons = lay_out(tasks, 5, one.device)
    reading = one.read(seen, lessons)
    log_p = one.language.logits(reading.read.latent).log_softmax(-1)
    begin = reading.prefix.vectors.shape[1] - 1
    by_hand = [
        log_p[row, begin + len(task.prompt) + step, token]
        for row, (task,) in enumerate(tasks)
        for step, token in enumerate(task.answer)
    ]
    assert loss_of(tasks).item() == pytest.approx(-torch.stack(by_hand).mean().item(), rel=1e-5)
    other = [[replace(task, prompt=task.prompt[:1] + task.prompt[:0:-1])] for (task,) in tasks]
    assert loss_of(other).item() != pytest.approx(loss_of(tasks).item(), abs=1e-6)  # given, not learned
    assert loss_of([[replace(task, answer=())] for (task,) in other]) == 0


def test_many_texts_teach_what_each_teaches_alone():
    one, clip = model(), only(perceived_clip(), "text")
    seen = one.perceive(one.inputs_of(clip))
    texts = [Told(prompt=(SAY,), answer=(7 + k, 8, END), rows=(k,)) for k in range(3)]
    together = lay_out([texts] * 4, 5, one.device)
    alone = [lay_out([[text]] * 4, 5, one.device) for text in texts]
    losses = [objectives.language(one, one.read(seen, each))[0].item() for each in (together, *alone)]
    assert losses[0] == pytest.approx(np.mean(losses[1:]), rel=1e-4)


def test_questions_are_asked_of_whole_clips_and_nothing_follows_them_but_earlier_moments_tell_what_comes_next():
    one = model()
    found = one.loss(perceived_clip(asked=True), torch.Generator().manual_seed(0))
    found.terms["behavior"].backward()
    assert one.action.seen_behavior.weight.grad.any()
    assert one.action.behavior.weight.grad is None
    assert "begun_rightly" not in found.monitors
    assert found.terms["language"] > 0


def test_without_words_or_senses_terms_are_zero_and_animals_still_learned_of():
    one, clip = model(), perceived_clip()
    plain = Clip(observation=clip.observation, dt_s=clip.dt_s)
    found = one.loss(plain, torch.Generator().manual_seed(0))
    assert (found.terms["language"], found.terms["alignment"]) == (0, 0)
    assert found.terms["behavior"] > 0
    silent = one.loss(replace(clip, said=(Description(),) * 4), torch.Generator().manual_seed(0))
    assert silent.terms["language"] == 0


def test_the_loss_depends_on_the_generator_alone():
    one, clip = model(), perceived_clip()
    terms = [one.loss(clip, torch.Generator().manual_seed(seed)).terms for seed in (1, 1, 2)]
    assert all(torch.equal(terms[0][name], terms[1][name]) for name in terms[0])
    assert not torch.equal(terms[0]["zjepa"], terms[2]["zjepa"])


def test_withheld_motion_is_still_learned_to_tell_what_comes_next():
    one = model(senses=("motion", "text"), sense_dropout=1.0)
    one.loss(only(perceived_clip(), "text"), torch.Generator().manual_seed(0)).terms["behavior"].backward()
    assert one.encoders["motion"].enter.weight.grad.any()


def test_later_moments_of_motion_change_nothing_of_earlier_ones():
    one, clip = model(), perceived_clip()
    later = one.perceive(one.inputs_of(clip)).latents["motion"].value
    until = one.perceive(one.inputs_of(clip), 2).latents["motion"].value
    torch.testing.assert_close(later[:, :2], until, atol=1e-5, rtol=0)


def test_withheld_senses_never_leave_a_model_without_any_unless_all_are():
    left = {kept(("video", "audio", "text"), 0.999, torch.Generator().manual_seed(seed)) for seed in range(20)}
    assert left == {("video",), ("audio",)}
    assert kept(("video", "audio", "text"), 0.0, None) == ("video", "audio")
    assert kept(("text",), 0.999, None) == ("text",)
    assert kept(("video", "audio"), 1.0, None) == ()


def test_an_animal_that_a_sentence_speaks_of_is_its_topic():
    one = model()
    lessons = one.lessons_of(only(perceived_clip(), "text"), None)
    assert said(0).captions[0].rows == (0, 4)
    assert lessons.marks[0].tolist() == [True, False, False, False, True]
