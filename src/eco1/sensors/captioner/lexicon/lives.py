"""Being born, being killed, dying."""

from eco1.sensors.captioner.lexicon.phrase import Phrase, ways

PHRASES: dict[str, tuple[Phrase, ...]] = {
    "kill": (
        *ways("", "<kill> {whom}", "<catch> and <kill> {whom}", "<bring> {whom} down", "<seize> and <kill> {whom}"),
        *ways("water", "<catch> and <kill> {whom}", "<seize> {whom}", "<kill> {whom}"),
        *ways("many", "<kill> {whom} together", "<bring> {whom} down together", "<catch> and <kill> {whom}"),
    ),
    "kill_passive": (
        *ways("", "<be> killed by {whom}", "<be> caught and killed by {whom}", "<fall> victim to {whom}"),
    ),
    "death": (
        *ways("", "<die>, with no hunter near", "<die> without having been attacked", "<die>, untouched by any hunter"),
        *ways("outcome:hunger", "<die> of hunger", "<starve> to death"),
        *ways("outcome:thirst", "<die> of thirst"),
    ),
    "birth": (
        *ways("", "<be> born"),
        *ways("whom", "<be> born beside {its} mother", "<be> born, close to {its} mother",
              "<be> born right next to {its} mother",
              "<come> into the world at {its} mother's side"),
        *ways("hatches", "<hatch>", "<come> out of {its} {egg}"),
        *ways("hatches whom", "<hatch> beside {its} mother", "<hatch>, close to {its} mother",
              "<come> out of {its} {egg} beside {its} mother"),
        *ways("company:colony", "<join> the colony"),
        *ways("company:colony hatches", "<join> the colony", "<add> to the colony", "<emerge> and <join> the colony"),
    ),
}  # fmt: skip
