"""Choosing: which activity is worth most to one animal now, given what its group does."""

from eco1.sim import behaviors as b
from eco1.sim import draws
from eco1.sim.compiled import compiled, inlined
from eco1.sim.fields import F32, I32, col, layer, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.carry_on import is_left_behind
from eco1.sim.kernels.errands import best_errand
from eco1.sim.kernels.mates import courts
from eco1.sim.kernels.meals import draw_meal, is_among_leaves, is_at_patch, is_varied, patch_layer, takes, travel
from eco1.sim.kernels.media import above_floor
from eco1.sim.kernels.places import (
    SAME_TREE_M,
    at,
    distance_to,
    forage_of,
    is_better,
    nearest_carcass,
    next_tree,
    seeks_trees,
)
from eco1.sim.laws import choice, hunting, vegetation

_LED_AFTER_S = 0.8  # a change of the leader is noticed after this long
_PLAYMATE_LENGTHS = 20.0
_STRAYED_LENGTHS = 7.0
_UNDER_TREE_M = 7.0
_HEAVY_KG = 900.0
_PERCHED_M = 1.5
_AGAIN = 0.25  # taken off activities that are not repeated at once


@inlined
def group_activity(f: F32, k: I32, t: F32, i: int) -> int:
    """Return what the leader of its group is up to, -1 when it leads itself or cannot see the leader."""
    leader, s = k[col.LEADER, i], k[col.SPECIES, i]
    if leader == i or k[col.STATUS, leader] != col.ALIVE or f[col.CLOCK, leader] < _LED_AFTER_S:
        return -1
    if distance_to(f, k, i, f[col.X, leader], f[col.Y, leader]) > t[s, trait.ATTRACT_RANGE]:
        return -1
    return int(b.ACTIVITY_OF[k[col.BEHAVIOR, leader]])


@inlined
def _better(best: float, chosen: int, worth: float, behavior: int):
    return (worth, behavior) if worth > best else (best, chosen)


@inlined
def _shared(activity: int, group: int, conform: float, now: int):
    """Return the bonus for joining the group in an activity and for going on with it."""
    bonus = conform if activity == group else 0.0
    return bonus + (choice.HYSTERESIS if b.ACTIVITY_OF[now] == activity else 0.0)


@inlined
def _alertness(t: F32, c: Conditions, s: int):
    return choice.alertness(int(t[s, trait.PATTERN]), c.daylight, c.hour)


@compiled
def _best_basic(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int, group: int, conform: float):
    """Return (worth, behaviour) of the best among rest, sleep, shelter, feeding and drinking."""
    s, now = k[col.SPECIES, i], k[col.BEHAVIOR, i]
    hunger, thirst = f[col.DRIVES + b.HUNGER, i], f[col.DRIVES + b.THIRST, i]
    fatigue, fear = f[col.DRIVES + b.FATIGUE, i], f[col.DRIVES + b.FEAR, i]
    awake = _alertness(t, c, s)
    best, chosen = choice.rest(fatigue, c.heat, fear) + _shared(b.RESTING, group, conform, now), b.REST
    worth = choice.sleep(fatigue, awake, fear) + _shared(b.SLEEPING, group, conform, now)
    best, chosen = _better(best, chosen, worth, b.SLEEP)
    if now != b.REST and now != b.SHELTER and now != b.SLEEP:
        worth = choice.shelter(int(t[s, trait.PATTERN]), t[s, trait.DENS], awake, c.heat, c.daylight, c.rain)
        best, chosen = _better(best, chosen, worth + _shared(b.SHELTERING, group, conform, now), b.SHELTER)
    if int(t[s, trait.FOOD]) & ~(trait.FLESH | trait.CARRION):
        worth = choice.feed(hunger, awake) + _shared(b.FEEDING, group, conform, now)
        best, chosen = _better(best, chosen, worth, b.FORAGE)
    if thirst > 0.3:
        x, y = f[col.X, i], f[col.Y, i]
        shore = distance_to(f, k, i, at(g, layer.SHORE_X, x, y), at(g, layer.SHORE_Y, x, y))
        worth = choice.drink(thirst, shore) + _shared(b.WATERING, group, conform, now)
        best, chosen = _better(best, chosen, worth, b.GO_TO_WATER)
    return best, chosen


@compiled
def _best_meat(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int, group: int, conform: float, u: float):
    """Return (worth, behaviour) of the best among hunting, scavenging and soaring."""
    s, now, hunger = k[col.SPECIES, i], k[col.BEHAVIOR, i], f[col.DRIVES + b.HUNGER, i]
    best, chosen = -1.0, b.REST
    food = int(t[s, trait.FOOD])
    if not food & (trait.FLESH | trait.CARRION):
        return best, chosen
    fit = f[col.STAMINA, i] > 0.6 and f[col.MASS, i] > 0.6 * t[s, trait.MASS]
    gathers = food & ~(trait.FLESH | trait.CARRION) != 0
    if food & trait.FLESH and hunger > 0.3 and fit and (not gathers or u < choice.GATHERERS_HUNT):
        worth = choice.hunt(hunger, _alertness(t, c, s)) + _shared(b.HUNTING, group, conform, now)
        best, chosen = _better(best, chosen, worth, b.PROWL)
    if hunger > 0.12 and nearest_carcass(f, k, t, g, c, i)[0] >= 0:
        worth = choice.scavenge(hunger) + _shared(b.MEAT, group, conform, now)
        best, chosen = _better(best, chosen, worth, b.SCAVENGE)
    if t[s, trait.SOARS] == 1:
        worth = choice.soar(hunger, c.daylight) + 0.5 * _shared(b.ROAMING, group, conform, now)
        best, chosen = _better(best, chosen, worth - (0.12 if now == b.SOAR else 0.0), b.SOAR)
    return best, chosen


@compiled
def _best_company(f: F32, k: I32, t: F32, c: Conditions, i: int):
    """Return (worth, behaviour) of the best among exploring, play, company, young and mates."""
    s, now, other, young = k[col.SPECIES, i], k[col.BEHAVIOR, i], k[col.KIN_ROW, i], k[col.YOUNG, i]
    curiosity, desire = f[col.DRIVES + b.CURIOSITY, i], f[col.DRIVES + b.REPRODUCTIVE, i]
    calm = (1 - f[col.DRIVES + b.FEAR, i]) * _alertness(t, c, s)
    grown = f[col.MASS, i] > 0.9 * t[s, trait.MASS]
    best, chosen = choice.explore(curiosity, calm) - (_AGAIN if now == b.EXPLORE else 0.0), b.EXPLORE
    if (
        other >= 0
        and f[col.KIN_D2, i] < (_PLAYMATE_LENGTHS * t[s, trait.LENGTH]) ** 2
        and t[s, trait.LIFT] != trait.AIR
    ):
        worth = choice.play(curiosity, calm, grown) - (_AGAIN if now == b.PLAY else 0.0)
        best, chosen = _better(best, chosen, worth - (0.15 if grown and t[s, trait.MASS] > _HEAVY_KG else 0.0), b.PLAY)
    if is_left_behind(f, k, t, i):
        best, chosen = _better(best, chosen, choice.regroup(f[col.DRIVES + b.SOCIAL, i]), b.REGROUP)
    if young >= 0 and now != b.TEND_YOUNG:
        apart = distance_to(f, k, i, f[col.X, young], f[col.Y, young])
        worth = choice.tend(apart > _STRAYED_LENGTHS * t[s, trait.LENGTH])
        best, chosen = _better(best, chosen, worth, b.TEND_YOUNG)
    if k[col.MATE, i] >= 0 and now != b.MATE and courts(f, k, t, i):
        best, chosen = _better(best, chosen, 0.8 * desire, b.COURT)
    return best, chosen


@compiled
def _best_journey(
    f: F32, k: I32, t: F32, veg: F32, g: Ground, c: Conditions, i: int, group: int, conform: float
):  # fmt: skip
    """Return (worth, behaviour) of the better of patrolling a territory and migrating with the herd."""
    s, now = k[col.SPECIES, i], k[col.BEHAVIOR, i]
    calm = (1 - f[col.DRIVES + b.FEAR, i]) * _alertness(t, c, s)
    best, chosen = -1.0, b.REST
    if t[s, trait.TERRITORIAL] == 1 and f[col.MASS, i] > 0.9 * t[s, trait.MASS]:
        desire, aggression = f[col.DRIVES + b.REPRODUCTIVE, i], f[col.PERSONALITY + b.AGGRESSION, i]
        worth = choice.patrol(desire, aggression, calm) + 0.5 * _shared(b.TERRITORY, group, conform, now)
        best, chosen = _better(best, chosen, worth, b.PATROL)
    herds = t[s, trait.ALIGN_WEIGHT] >= 0.4 and t[s, trait.SOARS] == 0 and t[s, trait.LIFT] != trait.WATER
    if herds and not int(t[s, trait.FOOD]) & (trait.FLESH | trait.INSECTS):
        worth = _shared(b.ROAMING, group, conform, now)
        if k[col.LEADER, i] == i:
            here, there, _, _ = forage_of(f, k, t, veg, g, i)
            worth += choice.migrate(f[col.DRIVES + b.CURIOSITY, i], max(here, there), calm)
            worth -= _AGAIN if now == b.MIGRATE else 0.0
        best, chosen = _better(best, chosen, worth, b.MIGRATE)
    return best, chosen


@compiled
def _how_to_feed(f: F32, k: I32, t: F32, veg: F32, g: Ground, i: int):
    """Return FORAGE, or the feeding itself where the animal stands on good ground or under a tree."""
    s, now, x, y = k[col.SPECIES, i], k[col.BEHAVIOR, i], f[col.X, i], f[col.Y, i]
    food = int(t[s, trait.FOOD])
    if food & trait.LEAVES and now != b.BROWSE:
        tree_x, tree_y = at(g, layer.TREE_X, x, y), at(g, layer.TREE_Y, x, y)
        if distance_to(f, k, i, tree_x, tree_y) < _UNDER_TREE_M:
            return b.BROWSE
    if food & trait.GRASS and not (seeks_trees(t, s) and now == b.GRAZE):
        here, there, _, _ = forage_of(f, k, t, veg, g, i)
        return b.FORAGE if is_better(here, there) else b.GRAZE
    if food & trait.INSECTS:
        if food & (trait.FLESH | trait.CARRION):
            k[col.MEAL, i] = trait.INSECTS  # so that it digs rather than looks for a carcass
        return b.FORAGE
    tree_x, tree_y = next_tree(f, k, g, i)
    return b.FORAGE if distance_to(f, k, i, tree_x, tree_y) > SAME_TREE_M else b.BROWSE


@compiled
def _varied_meal(f: F32, k: I32, t: F32, veg: F32, g: Ground, c: Conditions, i: int, u: float):
    """Choose one of several foods, and return how to get to it or, where it is, how it is taken."""
    meal = draw_meal(t, k[col.SPECIES, i], u)
    k[col.MEAL, i] = meal
    if meal == trait.GRASS:
        here, there, _, _ = vegetation.best_forage(veg, g, f[col.X, i], f[col.Y, i])
        return b.FORAGE if is_better(here, there) else b.GRAZE
    if meal == trait.PLANKTON:
        return b.FILTER
    if meal == trait.INSECTS:
        return b.FORAGE
    again = k[col.BEHAVIOR, i] == takes(k, i) and not is_among_leaves(f, k, t, g, i)
    if is_at_patch(f, k, t, g, c, i) and not again:
        return takes(k, i)
    first = patch_layer(c, meal)
    x, y = f[col.X, i], f[col.Y, i]
    return travel(f, k, t, g, i, distance_to(f, k, i, at(g, first, x, y), at(g, first + 1, x, y)))


@compiled
def choose(f: F32, k: I32, t: F32, veg: F32, g: Ground, c: Conditions, i: int):
    """Return the behaviour that is worth most; a little noise breaks ties."""
    s, group = k[col.SPECIES, i], group_activity(f, k, t, i)
    conform = choice.conformity(f[col.PERSONALITY + b.SOCIABILITY, i], t[s, trait.ALIGN_WEIGHT])
    u0, u1, u2, u3 = draws.draw(k, c, i, draws.CHOICE)
    best, chosen = _best_basic(f, k, t, g, c, i, group, conform)
    best += choice.NOISE * u0
    worth, behavior = _best_meat(f, k, t, g, c, i, group, conform, u3)
    best, chosen = _better(best, chosen, worth + choice.NOISE * u1, behavior)
    worth, behavior = _best_company(f, k, t, c, i)
    best, chosen = _better(best, chosen, worth + choice.NOISE * u2, behavior)
    worth, behavior = _best_journey(f, k, t, veg, g, c, i, group, conform)
    best, chosen = _better(best, chosen, worth + choice.NOISE * u3, behavior)
    worth, behavior = best_errand(f, k, t, c, i, _alertness(t, c, s), u0)
    best, chosen = _better(best, chosen, worth, behavior)
    k[col.MEAL, i] = 0
    if chosen == b.FORAGE:
        if is_varied(t, s):
            return _varied_meal(f, k, t, veg, g, c, i, u1)
        return _how_to_feed(f, k, t, veg, g, i)
    if chosen == b.PROWL and t[s, trait.STYLE] == hunting.SIT_AND_WAIT and u1 < hunting.WAITS_SHARE:
        k[col.NEXT_TARGET, i] = -1
        return b.AMBUSH
    if (chosen == b.REST or chosen == b.SLEEP) and t[s, trait.SOARS] == 1 and f[col.WISH_HEIGHT, i] > 1.0:
        return b.SHELTER  # a bird on the wing has to land first
    if chosen == b.REST and t[s, trait.LIFT] != trait.WATER and above_floor(f, k, t, g, i) > _PERCHED_M:
        return b.PERCH
    return chosen
