"""Hunting, scavenging and eating meat."""

from eco1.sensors.captioner.lexicon.phrase import Phrase, ways

PHRASES: dict[str, tuple[Phrase, ...]] = {
    "prowl": (
        *ways("", "<search> for prey", "<look> out for prey", "<be> on the lookout for prey", "<hunt> for prey"),
        *ways("land", "<prowl> in search of prey", "<walk> about on the lookout for prey", "<roam> in search of a meal",
              "<search> the ground ahead for prey", "<be> on the prowl"),
        *ways("water", "<cruise> in search of prey", "<swim> along on the lookout for prey", "<hunt> for prey",
              "<search> the water for prey"),
        *ways("air", "<fly> about in search of prey", "<search> for prey on the wing"),
        *ways("trees", "<search> the branches for prey", "<move> through the branches in search of prey"),
        *ways("perched", "<look> out for prey from {its} perch", "<scan> the surroundings for prey"),
    ),
    "stalk": (
        *ways("", "<stalk> {its} prey", "<close> in slowly on {its} prey"),
        *ways("whom", "<stalk> {whom}", "<creep> up on {whom}", "<close> in slowly on {whom}",
              "<approach> {whom} warily", "<edge> closer to {whom}"),
    ),
    "ambush": (
        *ways("", "<lie> in ambush", "<wait> motionless for prey", "<keep> still and <wait> for prey"),
        *ways("whom", "<lie> in ambush for {whom}", "<wait> motionless for {whom} to come closer",
              "<keep> still, <watch> {whom} and <wait>"),
    ),
    "chase": (
        *ways("", "<give> chase", "<run> after {its} prey"),
        *ways("whom", "<chase> {whom}", "<pursue> {whom}", "<give> chase to {whom}"),
        *ways("whom land", "<chase> {whom}", "<run> after {whom}", "<race> after {whom}", "<pursue> {whom}"),
        *ways("whom water", "<chase> {whom}", "<dart> after {whom}", "<pursue> {whom} through the water"),
        *ways("whom air", "<chase> {whom} through the air", "<fly> after {whom}", "<pursue> {whom} on the wing"),
        *ways("whom trees", "<chase> {whom} through the branches", "<climb> after {whom}", "<pursue> {whom}"),
    ),
    "swoop": (
        *ways("", "<swoop> down", "<dive> at {its} prey"),
        *ways("whom", "<swoop> down on {whom}", "<dive> at {whom}", "<swoop> at {whom}", "<plunge> towards {whom}"),
    ),
    "strike": (
        *ways("", "<strike>", "<lunge> at {its} prey"),
        *ways("whom", "<strike> at {whom}", "<lunge> at {whom}", "<make> a grab for {whom}", "<attack> {whom}"),
    ),
    "herd_prey": (
        *ways("", "<circle> {its} prey and <drive> it together", "<drive> {its} prey together"),
        *ways("whom", "<circle> the {whoms}, driving them closer together", "<herd> the {whoms} into a tighter group"),
    ),
    "wait_at_hole": (
        *ways("", "<lie> in wait at a breathing hole", "<wait> motionless beside a hole in the ice",
              "<keep> watch over a hole in the ice", "<lie> still by a breathing hole, facing the water",
              names_place=True),
    ),
    "scavenge": (
        *ways("", "<set> off towards a carcass", "<make> straight for a carcass", "<head> for a carcass"),
        *ways("whom", "<head> straight for {whom}", "<make> for {whom}", "<set> off towards {whom}",
              "<be> drawn to {whom}"),
        *ways("whom air", "<fly> straight towards {whom}", "<come> down towards {whom}"),
        *ways("whom water", "<swim> straight towards {whom}", "<make> for {whom}"),
    ),
    "eat_meat": (
        *ways("", "<eat>", "<feed>", "<feed> on meat"),
        *ways("eats:invertebrates", "<catch> and <swallow> small prey", "<feed> on small prey", "<snap> up small prey"),
        *ways("eats:invertebrates land", "<dig> out small prey and <swallow> it", "<dig> for small prey",
              "<search> the ground and <snap> up small prey", "<feed> on small creatures from the ground"),
        *ways("eats:invertebrates water", "<pick> small animals off the bottom", "<snap> up small prey",
              "<feed> on small animals of the sea bed", "<nose> about and <swallow> small prey"),
        *ways("eats:invertebrates trees", "<snap> up insects", "<pick> insects from the leaves"),
        *ways("eats:invertebrates perched", "<snap> up insects", "<catch> and <swallow> small prey"),
        *ways("whom meal carcass", "<feed> on {whom}", "<eat> from {whom}", "<pick> at {whom}",
              "<make> a meal of {whom}"),
    ),
    "arrive_carcass": (
        *ways("", "<reach> {whom} and <begin> to eat", "<arrive> at {whom} and <start> feeding",
              "<come> to {whom} and <begin> to feed"),
        *ways("air", "<land> beside {whom} and <begin> to eat"),
    ),
}  # fmt: skip
