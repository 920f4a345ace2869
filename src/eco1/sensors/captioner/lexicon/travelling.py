"""Going somewhere: flight, journeys, borders, play grounds, the surface."""

from eco1.sensors.captioner.lexicon.phrase import Phrase, ways

PHRASES: dict[str, tuple[Phrase, ...]] = {
    "flee": (
        *ways("", "<flee>", "<take> flight", "<bolt>", "<make> off at speed"),
        *ways("whom", "<flee> from {whom}", "<take> flight from {whom}", "<bolt> away from {whom}",
              "<make> off to escape {whom}"),
        *ways("whom land", "<run> from {whom}", "<flee> from {whom}", "<dash> away from {whom}",
              "<bolt> away from {whom}"),
        *ways("whom water", "<dart> away from {whom}", "<flee> from {whom}", "<swim> off to escape {whom}"),
        *ways("whom air", "<fly> up to escape {whom}", "<take> wing to get away from {whom}",
              "<flee> on the wing from {whom}"),
        *ways("whom trees", "<scramble> away from {whom}", "<flee> through the branches from {whom}",
              "<climb> out of reach of {whom}"),
    ),
    "alarm": (
        *ways("", "<take> flight all at once", "<scatter>", "<flee> as one"),
        *ways("whom", "<scatter> before {whom}", "<flee> from {whom}, one after another", "<take> flight from {whom}",
              "<make> off in a hurry at the approach of {whom}"),
    ),
    "escape": (*ways("", "<get> away from {whom}", "<escape> {whom}", "<shake> off {whom}", "<give> {whom} the slip"),),
    "patrol": (
        *ways("", "<patrol> {its} territory", "<go> along the border of {its} territory",
              "<make> the rounds of {its} territory"),
        *ways("land", "<patrol> {its} territory", "<walk> the border of {its} territory",
              "<make> the rounds of {its} territory",
              "<go> on patrol, heading {way}"),
        *ways("water", "<patrol> {its} territory", "<swim> along the border of {its} territory",
              "<cruise> {way} along the edge of {its} territory"),
    ),
    "scent_mark": (
        *ways("", "<mark> {its} territory", "<stop> to mark {its} territory", "<leave> a mark for rivals to find"),
        *ways("home:land", "<stop> to leave a scent mark", "<mark> {its} territory with scent",
              "<leave> {its} scent for rivals to find"),
    ),
    "migrate": (
        *ways("", "<travel> steadily", "<travel> steadily {way}", "<keep> moving {way}",
              "<head> {way} without a pause", "<be> on the move, heading {way}"),
        *ways("land", "<walk> steadily {way}", "<travel> {way} at a steady pace", "<trek> {way}",
              "<be> on the move, heading {way}"),
        *ways("air", "<fly> steadily {way}", "<travel> {way} on the wing"),
        *ways("person land", "<stroll> {way}", "<walk> on {way}", "<walk> along", "<go> {its} way, heading {way}"),
    ),
    "soar": (*ways("", "<soar>", "<circle> on outstretched wings", "<glide> in wide circles", "<soar> {way}"),),
    "explore": (
        *ways("", "<explore>", "<look> over new ground", "<wander> about, stopping to look"),
        *ways("land", "<explore> new ground", "<wander> {way}, stopping to look",
              "<have> a look around, wandering {way}"),
        *ways("water", "<explore> new water", "<swim> about, stopping to look", "<explore>, swimming {way}"),
        *ways("air", "<explore> on the wing", "<fly> about over new ground"),
        *ways("trees", "<explore> the branches", "<climb> about, stopping to look"),
    ),
    "climb": (
        *ways("", "<climb> on {its} way to food", "<climb> along"),
        *ways("trees", "<climb> along the branches", "<make> {its} way through the branches",
              "<clamber> {way} through the trees"),
        *ways("trees up", "<climb> higher", "<climb> up through the branches"),
        *ways("trees down", "<climb> down", "<climb> to lower branches"),
    ),
    "swing": (
        *ways("", "<swing> from branch to branch", "<swing> hand over hand through the crowns",
              "<travel> {way}, hand over hand",
              "<swing> and <leap> {way} through the crowns", names_place=True),
    ),
    "fly": (
        *ways("", "<fly> to another place", "<fly> {way}", "<be> on the wing, heading {way}", "<fly> off {way}"),
        *ways("plan:butterfly", "<flutter> {way}", "<flutter> on to another place", "<fly> {way}"),
        *ways("forest", "<fly> {way} to another tree", "<fly> {way} over the crowns", "<fly> {way}",
              "<be> on the wing, heading {way}"),
    ),
    "surface": (*ways("", "<come> up to breathe", "<rise> for a breath of air", "<surface> to breathe",
              "<swim> up for air"),),
    "shoo": (
        *ways("", "<drive> an animal away", "<shoo> an animal away"),
        *ways("whom", "<shoo> {whom} away", "<drive> {whom} off", "<chase> {whom} away"),
    ),
    "move": (*ways("", "<move> about", "<move> {way}", "<head> {way}",
              "<be> on the move, heading {way}"), *ways("water", "<swim> about", "<swim> {way}")),
}  # fmt: skip
