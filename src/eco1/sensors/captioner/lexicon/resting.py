"""Keeping still: rest, sleep, watchfulness, hiding, nests."""

from eco1.sensors.captioner.lexicon.phrase import Phrase, ways

PHRASES: dict[str, tuple[Phrase, ...]] = {
    "vigilant": (
        *ways("", "<keep> a lookout", "<look> around", "<pause> to look around", "<scan> {its} surroundings"),
        *ways("land", "<stand> with {its} {head} up and <look> around", "<raise> {its} {head} to look around",
              "<pause> and <scan> {its} surroundings", "<keep> a lookout", "<stop> and <look> about"),
        *ways("water", "<pause> and <look> around", "<hover> on the alert", "<keep> watch",
              "<stop> to take in {its} surroundings"),
        *ways("trees", "<look> around from the branches", "<pause> on a branch to look around", "<keep> a lookout",
              "<stop> climbing and <look> about"),
        *ways("perched", "<keep> watch from {its} perch", "<look> around from {its} perch", "<sit> and <watch>"),
        *ways("whom", "<watch> {whom}", "<keep> an eye on {whom}", "<look> warily towards {whom}",
              "<follow> {whom} with {its} eyes"),
        *ways("whom land", "<stand> with {its} {head} up and <watch> {whom}", "<watch> {whom}", "<stare> at {whom}",
              "<keep> an eye on {whom}", "<raise> {its} {head} and <look> towards {whom}"),
        *(
            phrase
            for element in ("land", "trees", "perched")
            for phrase in ways(f"insect {element}", "<pause>", "<stop> for a moment", "<keep> still for a moment")
        ),
        *ways("person land", "<look> around", "<stop> and <look> about", "<stand> and <watch> what goes on",
              "<pause> for a moment"),
    ),
    "rest": (
        *ways("", "<rest>", "<take> a rest", "<idle>", "<keep> still, resting"),
        *ways("perched", "<rest> on {its} perch", "<take> a rest"),
    ),
    "sleep": (*ways("", "<sleep>", "<be> asleep", "<sleep> with {its} eyes closed"),),
    "perch": (
        *ways("", "<sit> on a perch", "<perch>", "<sit> quietly, awake"),
        *ways("forest", "<perch> on a branch", "<sit> on a branch", "<sit> quietly in the branches"),
    ),
    "shelter": (
        *ways("", "<seek> shelter", "<keep> close to cover", "<stay> near shelter"),
        *ways("land", "<retreat> to shelter", "<make> for shelter", "<stay> close to cover", "<head> for cover"),
        *ways("water", "<keep> close to shelter", "<withdraw> to shelter", "<stay> near {its} hiding place"),
        *ways("whom", "<take> cover from {whom}", "<hide> from {whom}", "<seek> shelter from {whom}"),
    ),
    "camouflage": (
        *ways("", "<freeze>, hard to make out", "<keep> quite still and <blend> into the background"),
        *ways("whom", "<freeze>, hidden by {its} camouflage from {whom}",
              "<keep> quite still to escape the eyes of {whom}",
              "<blend> into the background to escape the notice of {whom}"),
    ),
    "den": (
        *ways("", "<stay> in {its} den", "<keep> to {its} den, out of the cold", names_place=True),
        *ways("plan:bee", "<stay> in {its} hive", "<keep> to {its} hive", names_place=True),
    ),
    "brood": (
        *ways("", "<sit> on {its} nest", "<brood> at the nest", "<keep> {its} nest warm", names_place=True),
    ),
    "stay": (*ways("", "<stay> in place", "<keep> still", "<linger>"),),
}  # fmt: skip
