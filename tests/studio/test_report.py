import json
import re
from html.parser import HTMLParser

import pytest

from eco1.core.errors import Eco1Error
from eco1.studio.report import render_report
from eco1.studio.report_reading import measures

pytest.importorskip("matplotlib")
VOID = {"meta", "br", "img", "link", "input"}


class Checker(HTMLParser):
    """Complains about tags that do not match and collects whatever would be loaded."""

    def __init__(self):
        super().__init__()
        self.open, self.loaded, self.ids = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        self._collect(dict(attrs))

    def handle_startendtag(self, tag, attrs):
        self._collect(dict(attrs))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def _collect(self, attrs):
        self.loaded += [attrs[key] for key in ("src", "href", "xlink:href") if key in attrs]
        self.ids += [attrs["id"]] if "id" in attrs else []


def interval(mean):
    return {"mean": mean, "low": mean * 0.9, "high": mean * 1.1}


def evaluation():
    scores = {
        name: {"ade_m": interval(value), "fde_m": 2 * value, "ade_body_lengths": value}
        for name, value in {"still": 1.2, "ridge": 0.5, "model": 0.35, "model min6": 0.28}.items()
    }
    below = {"model": interval(0.3), "model min6": interval(0.44)}
    horizon = {"horizon_s": 1.0, "scores": scores, "best_baseline": "ridge", "below_best": below}
    families = {"families": ["hunting", "grazing"], "counts": [[8, 2], [1, 9]]}
    probe = lambda x: {"r2": {"hunger": x, "fear": x}, "fearful_auc": x, "intent_accuracy": x}  # noqa: E731
    loop = lambda x: {"two_sample": {"accuracy": x}, "gaps": {"speed": {"wasserstein": x}}}  # noqa: E731
    return {
        "source": "runs/<script>alert(1)</script>",
        "train_episodes": 3,
        "motion": {"horizons": [horizon]},
        "social": None,
        "anticipation": {
            "scores": {"markov": {"top1": 0.4}, "model": {"top1": 0.6, "recall_at_5": None, "families": families}}
        },
        "probes": {"scores": {"latent": probe(0.6), "raw input": probe(0.2)}},
        "realism": {"scores": {"model": loop(0.7), "ridge": loop(0.9)}},
        "skipped": {"social": "no <b>neighbours</b>"},
    }


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "metrics.jsonl"
    lines = [
        {"split": s, "step": k, "total": 5.0 - k / 10, "motion": 3.0}
        for k in range(0, 30, 10)
        for s in ("train", "held_out")
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines) + '\n{"split": "tr', encoding="utf-8")
    return path


def test_a_report_is_well_formed_and_loads_nothing_from_elsewhere(tmp_path, log):
    film = tmp_path / "film.mp4"
    film.write_bytes(b"\0" * 1000)
    path = render_report(tmp_path / "out" / "report.html", evaluation(), training_log=log, film=film, facts={"seed": 3})
    text = path.read_text(encoding="utf-8")
    checker = Checker()
    checker.feed(text)
    assert checker.open == []
    assert all(link.startswith(("data:", "#")) for link in checker.loaded)
    assert "@import" not in text
    assert "<script" not in text
    assert len(checker.ids) == len(set(checker.ids))
    for reference in re.findall(r"url\(#([^)]+)\)", text):
        assert reference in checker.ids
    assert text.count("<svg") == 7
    assert "prefers-color-scheme:dark" in text


def test_all_text_is_escaped(tmp_path):
    text = render_report(tmp_path / "r.html", evaluation(), title="<i>run</i> & co").read_text(encoding="utf-8")
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "no &lt;b&gt;neighbours" in text
    assert "<i>run" not in text


def test_measures_are_judged_against_their_targets():
    rows = {row.what: row for row in measures(evaluation())}
    assert rows["Motion 1 s ahead: ADE"].met is True
    assert rows["Motion 1 s ahead: minADE of 6"].met is True
    assert rows["Closed loop: a classifier tells it from recordings (0.5: it cannot)"].met is False
    assert rows["Naming the next behaviour one second ahead"].baseline == "markov: 40.0%"
    assert rows["Hidden fear read from the latent"].met is True


def test_nothing_measured_still_makes_a_page(tmp_path):
    text = render_report(tmp_path / "r.html", {}).read_text(encoding="utf-8")
    assert "Nothing was measured" in text


def test_missing_film_and_damaged_log_are_named(tmp_path, log):
    with pytest.raises(Eco1Error, match="eco1 film"):
        render_report(tmp_path / "r.html", {}, film=tmp_path / "none.mp4")
    log.write_text('{"step": 1}\nnonsense\n{"step": 2}\n', encoding="utf-8")
    with pytest.raises(Eco1Error, match="line 2"):
        render_report(tmp_path / "r.html", {}, training_log=log)
