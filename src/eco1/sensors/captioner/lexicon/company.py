"""What animals do with their own kind: young, mates, rivals, playmates, those they lead to food."""

from eco1.sensors.captioner.lexicon.phrase import Phrase, ways

PHRASES: dict[str, tuple[Phrase, ...]] = {
    "regroup": (
        *ways("", "<hurry> back to {kin}", "<move> {way} to rejoin {kin}", "<try> to catch up with {kin}",
              "<close> the gap to {kin}"),
        *ways("air", "<fly> {way} to rejoin {kin}", "<try> to catch up with {kin} on the wing"),
        *ways("water", "<swim> {way} to rejoin {kin}", "<try> to catch up with {kin}"),
    ),
    "tend_young": (
        *ways("", "<look> after {its} young", "<keep> close to {its} young", "<tend> {its} young",
              "<stay> with {its} young"),
    ),
    "challenge": (
        *ways("", "<threaten> a rival", "<challenge> a rival", "<drive> off an intruder of {its} own kind"),
        *ways("whom", "<challenge> {whom}", "<threaten> {whom}", "<confront> {whom}",
              "<drive> {whom} away"),
    ),
    "court": (
        *ways("", "<display> to a possible mate", "<court> a mate"),
        *ways("whom", "<court> {whom}", "<follow> {whom} and <display>", "<try> to win over {whom}"),
    ),
    "mate": (
        *ways("", "<mate>"),
        *ways("whom", "<mate> with {whom}", "<couple> with {whom}"),
        *ways("many", "<mate>", "<come> together and <mate>"),
        *ways("many whom", "<mate>", "<come> together and <mate>"),
    ),
    "play": (
        *ways("", "<play>", "<romp> about"),
        *ways("person", "<play>"),
        *ways("one whom person", "<play> with {whom}", "<fool> about with {whom}"),
        *ways("many person whom", "<play> together", "<fool> about together"),
        *ways("one whom", "<play> with {whom}", "<romp> about with {whom}"),
        *ways("many", "<play> together", "<romp> about together", "<play> with each other"),
        *ways("many whom", "<play> together", "<romp> about together", "<play> with each other"),
    ),
    "share": (
        *ways("", "<share> food with another", "<bring> food to another"),
        *ways("whom", "<bring> food to {whom}", "<share> food with {whom}", "<pass> food to {whom}"),
    ),
    "recruit": (
        *ways("", "<call> others to food", "<let> the others know of a find of food"),
        *ways("whom", "<show> {whom} the way to food", "<send> {whom} off to a find of food"),
        *ways("plan:bee", "<dance> to show the others where there is nectar", "<dance>, telling of a find of nectar"),
        *ways("plan:ant", "<lay> a scent trail for the others", "<mark> the way to fresh leaves with scent"),
        *ways("plan:bee whom", "<dance> and so <lead> {whom} to the nectar",
              "<dance> and so <send> {whom} off to the nectar"),
        *ways("plan:ant whom", "<lay> a scent trail for {whom}", "<put> {whom} on the trail to fresh leaves"),
    ),
    "follow_trail": (
        *ways("", "<go> straight to food that another has found", "<head> for food that another has shown"),
        *ways("plan:bee", "<fly> straight to flowers that another has found",
              "<set> off for flowers that others have told of",
              "<head> for a find of nectar"),
        *ways("plan:ant", "<follow> a scent trail to food", "<walk> along a trail of scent towards food"),
    ),
    "school": (
        *ways("", "<swim> with the school", "<keep> {its} place in the school"),
        *ways("many", "<swim> along together, evenly spaced", "<keep> together, all heading {way}",
              "<swim> {way} in close company", "<school>, heading {way}"),
    ),
    "move_together": (
        *ways("", "<move> as one", "<move> {way} as one", "<head> {way} together", "<travel> {way} side by side"),
        *ways("air", "<fly> {way} together", "<head> {way} as one"),
        *ways("water", "<swim> {way} as one", "<head> {way} together", "<turn> and <swim> {way} together"),
        *ways("trees", "<make> {its} way {way} through the trees", "<move> {way} together through the branches"),
    ),
}  # fmt: skip
