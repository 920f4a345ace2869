"""The panel beside the live viewer: pause, speed, who is driven by what, and all about the clicked animal."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import numpy as np

from eco1.catalog.loader import load_species
from eco1.core.records import DRIVES

BUILT_IN, MODEL = "built-in", "model"
_SPEEDS = ("0.25", "0.5", "1", "2", "4", "8")
_LEGEND = (
    '<span style="color:#9b5de5">&#9473;&#9473;</span> imagined next 3 s &nbsp; '
    '<span style="color:#f28c28">&#9473;&#9473;</span> what then happens'
)


class PlayPanel:
    """Widgets of one viser server. The player reads ``paused``, ``speed`` and ``following``."""

    def __init__(
        self,
        server: Any,
        species: Sequence[str],
        *,
        has_model: bool,
        driven: set[str],
        on_driver: Callable[[str, bool], None],
    ) -> None:
        self._gui = gui = server.gui
        self._clock = gui.add_markdown("")
        self._pause = gui.add_checkbox("Pause", False)
        self._speed = gui.add_dropdown("Speed", _SPEEDS, initial_value="1")
        self._animal = gui.add_folder("Animal", visible=False)
        with self._animal:
            self._about = gui.add_html("")
            self._follow = gui.add_checkbox("Follow with the camera", False)
            close = gui.add_button("Close")

        @close.on_click
        def _(event: object) -> None:
            self.close()

        with gui.add_folder("Who decides", expand_by_default=has_model):
            if not has_model:
                gui.add_markdown(
                    "All animals follow their built-in drives. For learned ones: `eco1 play --model zoo-nano`"
                )
            for name in species:
                self._driver_menu(gui, name, has_model, name in driven, on_driver)
        self.closed = False

    def offer_crowns(self, on_change: Callable[[bool], None]) -> None:
        """Let crowns be hidden, which are in the way of looking into a forest."""
        shown = self._gui.add_checkbox("Leaves", False)
        on_change(False)

        @shown.on_update
        def _(event: object) -> None:
            on_change(bool(shown.value))

    @property
    def paused(self) -> bool:
        """Whether the world stands still."""
        return bool(self._pause.value)

    @property
    def speed(self) -> float:
        """Simulated seconds per second."""
        return float(self._speed.value)

    @property
    def following(self) -> bool:
        """Whether the camera goes along with the clicked animal."""
        return bool(self._follow.value)

    def show_clock(self, time_s: float, daylight: float, alive: int) -> None:
        """Show the world's time, light and number of animals."""
        light = "night" if daylight < 0.1 else "dusk or dawn" if daylight < 0.4 else "day"
        self._set(
            self._clock,
            f"{int(time_s) // 60}:{int(time_s) % 60:02d} &nbsp; {light} &nbsp; {alive} animals",
        )

    def show_animal(
        self,
        species: str,
        behavior: str,
        speed_mps: float,
        drives: np.ndarray,
        experts: tuple[Sequence[str], np.ndarray] | None,
        *,
        driver: str,
        imagined: bool,
    ) -> None:
        """Open the animal's folder, or bring it up to date."""
        self._set(
            self._about, animal_html(species, behavior, speed_mps, drives, experts, driver=driver, imagined=imagined)
        )
        if not self._animal.visible:
            self._animal.visible = True
        self.closed = False

    def close(self) -> None:
        """Close the animal's folder."""
        self._animal.visible, self.closed = False, True

    def _driver_menu(
        self, gui: Any, name: str, has_model: bool, driven: bool, on_driver: Callable[[str, bool], None]
    ) -> None:
        options = (BUILT_IN, MODEL) if has_model else (BUILT_IN,)
        menu = gui.add_dropdown(
            load_species(name).common_name, options, initial_value=MODEL if driven else BUILT_IN, disabled=not has_model
        )

        @menu.on_update
        def _(event: object) -> None:
            on_driver(name, menu.value == MODEL)

    def _set(self, widget: Any, content: str) -> None:
        if widget.content != content:
            widget.content = content


def animal_html(
    species: str,
    behavior: str,
    speed_mps: float,
    drives: np.ndarray,
    experts: tuple[Sequence[str], np.ndarray] | None,
    *,
    driver: str,
    imagined: bool,
) -> str:
    """Return the folder's content. All text is escaped."""
    latin = load_species(species).scientific_name
    title = load_species(species).common_name
    parts = [
        '<div style="padding:0.4em 0.9em;font-size:0.85em;line-height:1.45">',
        f'<div style="font-size:1.35em;font-weight:700">{escape(title)}</div><i>{escape(latin)}</i>',
        f'<div style="margin:0.4em 0"><b>{escape(behavior.replace("_", " "))}</b> at {speed_mps:.1f} m/s, '
        f"driven by: {escape(driver)}</div>",
        _bars("Drives", DRIVES, drives, "#e07a3f"),
    ]
    if experts is not None:
        parts.append(_bars("Experts that fire", experts[0], experts[1], "#9b5de5"))
    else:
        parts.append('<div style="opacity:0.65;margin-top:0.4em">No model watches: no experts, nothing imagined.</div>')
    parts.append(
        f'<div style="margin-top:0.5em">{_LEGEND if imagined else "Orange: its last ten seconds."}</div></div>'
    )
    return "".join(parts)


def _bars(title: str, names: Sequence[str], values: np.ndarray, color: str) -> str:
    rows = [f'<div style="margin-top:0.5em;font-weight:600">{escape(title)}</div>']
    for name, value in zip(names, values, strict=True):
        share = float(np.clip(value, 0, 1))
        rows.append(
            '<div style="display:flex;align-items:center;gap:0.5em">'
            f'<span style="width:7em">{escape(str(name))}</span>'
            '<span style="flex:1;height:0.6em;border-radius:0.3em;background:rgba(128,128,128,0.25)">'
            f'<span style="display:block;width:{share * 100:.0f}%;height:100%;border-radius:0.3em;background:{color}">'
            "</span></span>"
            f'<span style="width:2.5em;text-align:right">{share:.2f}</span></div>'
        )
    return "".join(rows)
