"""Words in and out: a tokenizer, captions, and how likely answers are."""

import json
from dataclasses import replace
from itertools import combinations

import pytest
import torch
from five_senses import TEXTS, VOCABULARY, config, model, only, perceived_clip, tokenizer

from eco1.core.errors import ConfigError
from eco1.core.senses import Caption, Description
from eco1.models.multimodal import MultimodalModel
from eco1.models.multimodal.answering import answer, caption, perceived, score_choices
from eco1.models.multimodal.naming import shown_by
from eco1.models.multimodal.telling import draw_tasks, question, sentence_about
from eco1.models.multimodal.words import ASK, END, MARKS, PAD, SAY, TELL, Words, learn_tokenizer, padded
from eco1.models.nn.qwen3 import RouterBias, generate, prefill


@pytest.fixture(name="words")
def _words():
    return Words(tokenizer(), VOCABULARY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Two strollers walk to the north.",
        "  two  spaces\t\n",
        "Löwin – 30 m",
        "<say>",
        "a<end>b < c > d",
        "🦁 狮子",
    ],
)
def test_any_text_comes_back_as_it_was(words, text):
    assert words.decode(words.encode(text)) == text


def test_marks_in_a_text_are_letters(words):
    for mark in MARKS:
        assert min(words.encode(f"x{mark}y")) >= len(MARKS)
    assert words.decode([SAY, *words.encode("lion"), END]) == "lion"
    assert words.decode([VOCABULARY + 7]) == ""


def test_what_is_often_read_takes_few_tokens(words):
    assert len(words.encode(TEXTS[1])) < len(TEXTS[1]) / 2
    assert tokenizer() == learn_tokenizer(TEXTS, VOCABULARY)


def test_a_tokenizer_that_does_not_fit_is_refused():
    with pytest.raises(ConfigError, match="A vocabulary of 260 cannot hold 256 bytes and 5 marks"):
        learn_tokenizer(TEXTS, 260)
    with pytest.raises(ConfigError, match=r"knows \d+ pieces, the model 262: it belongs to another model"):
        Words(tokenizer(), 262)
    with pytest.raises(ConfigError, match="cannot be read"):
        MultimodalModel(config(tokenizer="{"))
    other = json.loads(tokenizer())
    other["added_tokens"] = [{**mark, "content": mark["content"].upper()} for mark in other["added_tokens"]]
    other["model"]["vocab"] = {
        piece.upper() if piece in MARKS else piece: i for piece, i in other["model"]["vocab"].items()
    }
    with pytest.raises(ConfigError, match=r"has the marks <pad>, .* they must be 0 to 4"):
        Words(json.dumps(other), VOCABULARY)


def test_rows_are_padded_and_cut():
    tokens, real = padded([[5, 6, 7], [], [8]], 2, torch.device("cpu"))
    assert tokens.tolist() == [[5, 6], [0, 0], [8, 0]]
    assert real.tolist() == [[True, True], [False, False], [True, False]]
    assert padded([[], []], 9, torch.device("cpu"))[0].shape == (2, 1)


def test_the_sentence_about_whom_the_camera_follows_is_the_one_that_holds_longest():
    def told(start_s: float, end_s: float, rows: tuple[int, ...], text: str, kind: str = "event") -> Caption:
        return Caption(kind=kind, start_s=start_s, end_s=end_s, rows=rows, text=text)

    said = Description(
        captions=(
            told(-9, 0.2, (3,), "late"),
            told(0.1, 5, (3, 4), "now"),
            told(0, 5, (1,), "other"),
            told(0, 9, (), "all", "summary"),
        )
    )
    assert sentence_about(said, 3, 0.8) == "now"
    assert sentence_about(said, 1, 0.8) == "other"
    assert sentence_about(said, 2, 0.8) == "other"  # nothing is said of it: of anybody
    assert sentence_about(Description(captions=said.captions[3:]), 3, 0.8) == ""


def test_questions_come_before_captions(words):
    clip = perceived_clip()
    asked = perceived_clip(asked=True).said[0]
    (task,) = draw_tasks(replace(asked, captions=clip.said[0].captions), words, None)
    assert task.prompt == (ASK, *words.encode(TEXTS[2]), TELL)
    assert task.answer == (*words.encode("Two"), END)
    assert task.wrong == ((*words.encode("One"), END),)
    (task,) = draw_tasks(clip.said[1], words, None)
    assert (task.prompt, task.rows) == ((SAY,), (1, 4))
    assert words.decode(task.answer) == TEXTS[1]
    assert draw_tasks(Description(), words, None) == []


def test_at_first_choices_score_by_the_likelihoods_of_their_tokens():
    one = model()
    clip = only(perceived_clip(), "video", "audio", "points")
    seen = perceived(one, clip)
    asked = ["How many?", "Who walks to the north?", "", "How many strollers walk?"]
    choices = [("One", "Two"), ("A walker", "Two strollers", "x"), ("One",), ("Two", "One")]
    found = score_choices(one, seen, asked, choices)
    assert [len(each) for each in found] == [2, 3, 1, 2]
    with torch.no_grad():
        prefix = one.prefix_of(seen)
        for row, (text, offered) in enumerate(zip(asked, choices, strict=True)):
            for choice, value in zip(offered, found[row], strict=True):
                prompt, spoken = question(text, one.words), [*one.words.encode(choice), END]
                tokens = torch.tensor([[*prompt, *spoken]])
                vectors = one.spoken(prefix, tokens, torch.tensor([row]), torch.zeros(1, 5, dtype=torch.bool))
                bias = one.router_bias(prefix, tokens.shape[1])
                bias = type(bias)(bias=bias.bias[row : row + 1])
                latent = one.language.read(vectors, router_bias=bias).latent
                log_p = one.language.logits(latent[0, -len(spoken) - 1 : -1]).log_softmax(-1)
                assert value.item() == pytest.approx(sum(log_p[k, t].item() for k, t in enumerate(spoken)), abs=1e-4)


def test_writing_with_a_router_bias_is_reading_everything_again():
    one = model()
    prefix = one.prefix_of(perceived(one, perceived_clip()))
    torch.manual_seed(1)
    with torch.no_grad():
        vectors = torch.cat([prefix.vectors, one.language.embedding(torch.full((4, 1), SAY))], 1) * 5.0
        bias = torch.randn(*vectors.shape[:2], 8) * 5.0
        logits = prefill(one.language, vectors, one.language.new_cache(), chunk=3, bias=bias)
        assert torch.allclose(logits, _next(one, vectors, bias), atol=1e-5)
        assert not torch.allclose(logits, one.language(vectors)[:, -1], atol=1e-3)
        written = torch.stack(list(generate(one.language, vectors, 6, bias=bias)), 1)
        for step in range(6):
            assert torch.equal(_next(one, vectors, bias).argmax(-1), written[:, step])
            vectors = torch.cat([vectors, one.language.embedding(written[:, step : step + 1])], 1)
            bias = torch.cat([bias, bias[:, -1:]], 1)  # words drawn lean as the last of the prompt does


def _next(one: MultimodalModel, vectors: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    return one.language.logits(one.language.read(vectors, router_bias=RouterBias(bias=bias)).latent[:, -1])


def test_a_model_that_learned_a_batch_by_heart_tells_and_answers_it():
    torch.manual_seed(0)
    one = MultimodalModel(config(sense_dropout=0.0))
    optimizer = torch.optim.AdamW(one.parameters(), 3e-3)
    slower = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, 400)  # at a steady rate it comes and goes
    told, asked = (only(perceived_clip(asked=each), "text", "video") for each in (False, True))
    said = tuple(
        Description(questions=(replace(each.questions[0], answer=("One", "Two")[row % 2]),))
        for row, each in enumerate(asked.said)
    )
    asked = replace(asked, said=said)
    for step in range(400):
        found = one.loss((told, asked)[step % 2], torch.Generator().manual_seed(step))
        optimizer.zero_grad()
        found.terms["language"].backward()
        optimizer.step()
        slower.step()
    one.eval()
    seen = perceived(one, told)
    marks = torch.zeros(4, 5, dtype=torch.bool)
    for row in range(4):
        marks[row, [row, 4]] = True
    assert caption(one, seen, marks) == [TEXTS[row % 2] for row in range(4)]
    questions = [TEXTS[2]] * 4
    assert answer(one, perceived(one, asked), questions) == ["One", "Two", "One", "Two"]
    scores = score_choices(one, perceived(one, asked), questions, [("One", "Two")] * 4)
    assert [int(each.argmax()) for each in scores] == [0, 1, 0, 1]


def test_animals_are_called_what_sentences_call_them_and_when_they_did_something_matters():
    words = {"species_words": ("walker", "stroller"), "behavior_words": ("stands still", "walk")}
    one = model(**words)
    naming, embedding = one.prefix.naming, one.language.embedding
    assert naming.species[1].tolist() == [*one.words.encode(" walker"), PAD]
    motion = one.inputs_of(perceived_clip()).motion
    assert motion is not None
    still = shown_by(replace(motion, behavior=torch.ones_like(motion.behavior)), 4)
    early, late = (still.deeds.clone() for _ in range(2))
    early[:, :2], late[:, -2:] = 2, 2
    told = [naming(replace(still, deeds=deeds), 4, embedding) for deeds in (still.deeds, early, late)]
    assert all((one - other).abs().amax(-1).min() > 1e-4 for one, other in combinations(told, 2))
