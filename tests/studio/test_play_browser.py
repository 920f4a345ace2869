"""The live viewer in a real browser: learned animals move, and a mouse click on one opens its panel."""

import io
import os
import time

import numpy as np
import pytest

from eco1.recipes.live import load_brain
from eco1.recipes.play import insight
from eco1.recipes.shipped import BEST
from eco1.sim.ecosystem import Ecosystem
from eco1.studio.camera import Camera
from eco1.studio.living import LivingWorld
from eco1.studio.play import Player

pytest.importorskip("viser")
sync_api = pytest.importorskip("playwright.sync_api")

CHROMIUM = "/usr/bin/chromium"
ANIMALS = 24
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not os.path.exists(CHROMIUM), reason=f"Chromium is not installed at {CHROMIUM}"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
FLAGS = [
    "--headless", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-quic",
    "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def player():
    brain = load_brain(BEST)
    world = LivingWorld(Ecosystem(worlds=1, animals=ANIMALS), brain, insight(brain), seed=5, burn_in_s=20)
    player = Player(world, seed=5, port=0)
    player.start()
    yield player
    player.stop()


@pytest.fixture(scope="module")
def page(player):
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1000, "height": 640})
        page.goto(f"http://localhost:{player.port}")
        page.wait_for_selector("canvas", timeout=180_000)
        page.locator("text=animals >> visible=true").first.wait_for(timeout=180_000)
        wait_until(lambda: len(picture(page)) and picture(page)[40:600, :600].std() > 12, "the savanna is drawn")
        yield page
        browser.close()


def wait_until(condition, what, seconds=90):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.4)
    pytest.fail(f"waited {seconds} s in vain until {what}")


def picture(page):
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB")).astype(int)


def on_screen(player):
    """Where each animal is on the page, from the browser's own camera."""
    client = next(iter(player._server.get_clients().values()))
    camera = Camera(
        eye_m=np.array(client.camera.position, np.float32),
        target_m=np.array(client.camera.look_at, np.float32),
        field_of_view_rad=float(client.camera.fov),
    )
    moment = player.moment
    tall = player._heights[moment.species] * moment.scale
    middle = moment.position_m + np.stack([0 * tall, 0 * tall, 0.6 * tall], 1)
    return camera.project(middle.astype(np.float32), 1000, 640), moment.shown


def test_animals_move_on_the_page(player, page):
    before, places = picture(page)[:, :640], player.moment.position_m.copy()
    wait_until(lambda: np.abs(player.moment.position_m - places).max() > 0.5, "animals have walked")
    wait_until(lambda: (np.abs(picture(page)[:, :640] - before).max(-1) > 24).sum() > 60, "the page shows it")
    assert player.error is None


def test_a_click_on_an_animal_opens_its_panel(player, page):
    page.get_by_label("Pause").first.check(force=True)
    wait_until(lambda: player._panel.paused, "the world is paused")
    seen, shown = on_screen(player)
    inside = shown & (seen[:, 2] > 0) & (seen[:, 0] > 30) & (seen[:, 0] < 620) & (seen[:, 1] > 170) & (seen[:, 1] < 600)
    assert inside.any(), "no animal in view"
    row = int(np.where(inside, seen[:, 2], np.inf).argmin())
    page.mouse.click(float(seen[row, 0]), float(seen[row, 1]))
    wait_until(lambda: player.selected is not None, "the click has arrived")
    species = player.world.simulator.species_names[int(player.world.after.species[player.selected])]
    from eco1.catalog.loader import load_species

    page.get_by_text(load_species(species).scientific_name).first.wait_for(timeout=30_000)
    for words in ("hunger", "Experts that fire", "imagined next 3 s", "what then happens"):
        page.get_by_text(words).first.wait_for(timeout=30_000)
    assert player.error is None
