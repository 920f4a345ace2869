"""A self-contained HTML report of a run: nothing in it is loaded from elsewhere."""

import base64
import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from eco1.core.errors import Eco1Error
from eco1.core.files import write_result
from eco1.studio import report_plots as plots
from eco1.studio.report_reading import Measure, measures, number, part, scores

_STYLE = """
:root{color-scheme:light dark;--ink:#23211e;--paper:#faf7f1;--card:#fff;--line:#e4ddd0;--quiet:#77706472;
--accent:#c8622b}
@media (prefers-color-scheme:dark){:root{--ink:#e9e4da;--paper:#171614;--card:#201e1b;--line:#38342e;
--accent:#e88a52}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main{max-width:62rem;margin:0 auto;padding:2.5rem 1.25rem 5rem}h1{font-size:2.1rem;margin:0 0 .3rem}
h2{font-size:1.25rem;margin:2.6rem 0 .8rem;border-bottom:1px solid var(--line);padding-bottom:.3rem}
p{margin:.4rem 0}.quiet{opacity:.7}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem;margin:.8rem 0;
overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;padding:.45rem .7rem;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600}td.n{text-align:right;font-variant-numeric:tabular-nums}.yes{color:#3d8b4f;font-weight:600}
.no{color:#c0392b;font-weight:600}video,img{width:100%;border-radius:10px;display:block;background:#000}
.two{display:grid;gap:.8rem;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr))}
code{background:var(--line);padding:.1em .35em;border-radius:4px}svg{max-width:100%;height:auto}
"""


def render_report(
    path: str | Path,
    evaluation: Mapping[str, Any],
    *,
    title: str = "Eco-1 run",
    training_log: str | Path | None = None,
    film: str | Path | None = None,
    facts: Mapping[str, object] | None = None,
) -> Path:
    """Write an HTML page about a run and return its path.

    Args:
        path: where the page goes; its folder is made when missing.
        evaluation: what ``EvaluationReport.to_json`` holds, as plain data; parts may be missing.
        title: heading.
        training_log: ``metrics.jsonl`` of the training run.
        film: an MP4; put into the page when small, else linked by its relative path.
        facts: anything else worth a line (seeds, sizes, times).

    Raises:
        Eco1Error: when the training log or the film cannot be read, or the page cannot be written.
        MissingExtraError: without matplotlib.
    """
    target = Path(path)
    log = [] if training_log is None else _read_log(Path(training_log))
    sections = [
        _section("Film", "" if film is None else _film(Path(film))),
        _section("Measures", _measure_table(measures(evaluation))),
        _section("Motion", _card(plots.motion_bars(evaluation))),
        _section("Anticipation", _anticipation(evaluation)),
        _section("Hidden needs, read from the latent", _card(plots.probe_bars(evaluation))),
        _section("Closed loop", _closed_loop(evaluation)),
        _section("Training", _card(plots.loss_curves(log))),
        _section("Left out", _pairs(part(evaluation, "skipped"))),
        _section("About this run", _pairs({**_basics(evaluation), **(facts or {})})),
    ]
    page = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width,initial-scale=1"><title>{escape(title)}</title><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{''.join(sections)}</main></body></html>\n"
    )
    return write_result(target, page)


def _section(title: str, content: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{content}</section>" if content else ""


def _card(content: str) -> str:
    return f'<div class="card">{content}</div>' if content else ""


def _film(film: Path) -> str:
    try:
        data = film.read_bytes()
    except OSError as error:
        raise Eco1Error(
            f"The film {film} cannot be read: {error.strerror}. Make one: eco1 film --out {film}"
        ) from error
    source = "data:video/mp4;base64," + base64.b64encode(data).decode()
    return f'<video controls muted loop playsinline src="{source}"></video>'


def _measure_table(rows: Sequence[Measure]) -> str:
    if not rows:
        return '<p class="quiet">Nothing was measured.</p>'
    marks = {True: '<span class="yes">yes</span>', False: '<span class="no">not yet</span>', None: ""}
    body = "".join(
        f"<tr><td>{escape(r.what)}</td><td><b>{escape(r.value)}</b></td><td>{escape(r.baseline)}</td><td>{escape(r.target)}</td>"
        f"<td>{marks[r.met]}</td></tr>"
        for r in rows
    )
    head = "<tr><th>What</th><th>Model</th><th>Best baseline</th><th>Target</th><th>Met</th></tr>"
    return _card(f"<table><thead>{head}</thead><tbody>{body}</tbody></table>")


def _anticipation(evaluation: Mapping[str, Any]) -> str:
    every = scores(evaluation, "anticipation")
    top = {name: value for name in every if (value := number(every, name, "top1")) is not None}
    bars = _card(plots.score_bars(top, "next behaviour named right (top-1)", "top1"))
    confusion = _card(plots.family_confusion(evaluation))
    return f'<div class="two">{bars}{confusion}</div>' if bars or confusion else ""


def _closed_loop(evaluation: Mapping[str, Any]) -> str:
    every = scores(evaluation, "realism")
    told = {name: value for name in every if (value := number(every, name, "two_sample", "accuracy")) is not None}
    title = "told from recordings by a classifier (0.5: cannot)"
    return _card(plots.gap_bars(evaluation)) + _card(plots.score_bars(told, title, "two-sample", line=0.5))


def _basics(evaluation: Mapping[str, Any]) -> dict[str, object]:
    keys = ("source", "train_episodes", "test_episodes", "dt_s", "history_s")
    return {key.replace("_", " "): evaluation[key] for key in keys if key in evaluation}


def _pairs(values: Any) -> str:
    if not isinstance(values, Mapping) or not values:
        return ""
    rows = "".join(f"<tr><th>{escape(str(k))}</th><td>{escape(str(v))}</td></tr>" for k, v in values.items())
    return _card(f"<table><tbody>{rows}</tbody></table>")


def _read_log(path: Path) -> list[dict[str, Any]]:
    """Read the lines that are whole: the last one may have been cut off by a kill."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise Eco1Error(f"The training log {path} cannot be read: {error.strerror}.") from error
    parsed: list[dict[str, Any]] = []
    for number_of, line in enumerate(lines, start=1):
        try:
            parsed.append(json.loads(line))
        except json.JSONDecodeError as error:
            if number_of < len(lines):
                raise Eco1Error(f"The training log {path} is damaged in line {number_of}: {error.msg}.") from error
    return parsed
