"""Grazing, browsing, picking, straining, drinking, begging: all food but meat."""

from eco1.sensors.captioner.lexicon.phrase import Phrase, ways

PHRASES: dict[str, tuple[Phrase, ...]] = {
    "graze": (
        *ways("", "<graze>", "<feed> on low plants", "<crop> the plants"),
        *ways("plain", "<graze>", "<crop> the grass", "<graze>, step by step", "<feed> on the grass", "<pull> at the grass"),
        *ways("ice", "<graze>", "<crop> the low plants", "<feed> on tundra plants", "<nibble> at the low plants"),
        *ways("sea", "<graze> on algae", "<feed> on algae", "<crop> the growth of the reef"),
        *ways("sea plan:fish", "<scrape> algae from the reef", "<graze> on algae", "<nibble> at the algae"),
        *ways("city", "<nibble> at weeds and crumbs", "<feed> on greens and crumbs", "<graze>"),
        *ways("city plan:pigeon", "<peck> at seeds and crumbs", "<pick> seeds from the ground", "<peck> at the ground"),
        *ways("city plan:songbird", "<peck> at seeds and crumbs", "<pick> seeds from the ground", "<hop> along, pecking at seeds"),
    ),
    "browse": (
        *ways("", "<browse>", "<feed> on leaves", "<pick> leaves", "<nibble> leaves and twigs"),
        *ways("plain", "<browse> on leaves", "<pull> leaves from the branches", "<strip> leaves from a tree",
              "<feed> on twigs and leaves"),
        *ways("ice", "<browse> on low shrubs", "<nibble> leaves and twigs", "<pick> leaves off the shrubs"),
        *ways("forest", "<eat> leaves", "<pick> leaves", "<feed> on leaves", "<munch> leaves"),
        *ways("forest plan:ant", "<cut> pieces from leaves", "<work> {its} way along the edges of leaves, cutting"),
    ),
    "forage": (
        *ways("", "<look> for food", "<move> on in search of food", "<look> for a better place to feed",
              "<set> out to find more food"),
        *ways("land", "<walk> on in search of food", "<wander> off to find better food", "<move> on to feed elsewhere",
              "<look> for a better place to feed", "<search> for food, walking {way}"),
        *ways("water", "<swim> on in search of food", "<move> {way} to feed elsewhere", "<search> the water for food",
              "<look> for a better place to feed"),
        *ways("air", "<fly> {way} in search of food", "<look> for food on the wing"),
        *ways("trees", "<move> through the branches in search of food", "<search> the branches for food"),
        *ways("land plan:ant", "<walk> {way} in search of leaves", "<set> out for fresh leaves"),
        *ways("trees plan:ant", "<walk> along the branches in search of leaves", "<set> out for fresh leaves"),
    ),
    "pick": (
        *ways("", "<pick> at food", "<feed>, bit by bit", "<take> one morsel after another"),
        *ways("takes:fruit", "<eat> fruit", "<pick> fruit, one by one", "<feed> on fruit", "<pluck> fruit"),
        *ways("takes:nectar", "<sip> nectar", "<visit> flowers for nectar", "<feed> on nectar", "<drink> from flower after flower"),
        *ways("takes:refuse", "<pick> at scraps", "<feed> on scraps", "<go> through the refuse for scraps",
              "<pull> scraps from the refuse"),
        *ways("takes:fruit person", "<have> a bite to eat", "<stop> to eat", "<eat> a snack"),
    ),
    "arrive_food": (
        *ways("", "<arrive> at a source of food and <begin> to pick at it", "<find> food and <begin> to eat"),
        *ways("takes:fruit", "<reach> fruit and <begin> to eat", "<find> fruit and <start> to feed",
              "<come> upon fruit and <begin> to pick it"),
        *ways("takes:nectar", "<settle> at a flower and <begin> to drink", "<reach> the flowers and <begin> to sip nectar",
              "<find> flowers and <start> to take nectar"),
        *ways("takes:refuse", "<come> to some refuse and <begin> to pick at it", "<find> scraps and <begin> to eat",
              "<reach> a heap of refuse and <start> going through it"),
        *ways("takes:fruit person", "<stop> for a bite to eat"),
    ),
    "filter": (
        *ways("", "<strain> plankton from the water", "<feed> on plankton", "<take> plankton from the water"),
        *ways("plan:ray", "<strain> plankton from the water", "<glide> on, straining plankton from the water",
              "<swim> through a cloud of plankton and <feed>", "<feed> on plankton"),
        *ways("plan:fish", "<feed> on drifting plankton", "<pick> plankton out of the water", "<snap> at passing plankton"),
    ),
    "drink": (
        *ways("", "<drink>", "<stop> to drink", "<take> a drink"),
        *ways("land", "<drink>", "<bend> down to drink", "<stand> and <drink>", "<take> a long drink"),
        *ways("trees", "<drink>", "<take> a drink"),
    ),
    "go_to_water": (
        *ways("", "<head> for water", "<make> {its} way to the water", "<set> off to drink", "<go> in search of water"),
        *ways("land", "<walk> straight towards water", "<make> {its} way to the water", "<head> {way} to drink",
              "<set> off for the water"),
        *ways("air", "<fly> {way} to find water", "<make> {its} way to the water"),
    ),
    "arrive_water": (
        *ways("", "<reach> the water and <begin> to drink", "<arrive> at the water and <start> drinking",
              "<come> to the water and <drink>", "<get> to the water at last and <drink>"),
    ),
    "carry": (
        *ways("", "<carry> food home", "<take> food straight home", "<set> off for home with food"),
        *ways("plan:bee", "<fly> home with nectar", "<carry> nectar back to the hive", "<head> back to the hive, laden with nectar"),
        *ways("plan:ant", "<carry> a piece of leaf home", "<haul> a piece of leaf back to the nest", "<take> a cut leaf straight home"),
    ),
    "beg": (
        *ways("", "<beg> for food", "<come> close and <wait> for food"),
        *ways("whom", "<beg> for food from {whom}", "<come> up to {whom} and <wait> for food",
              "<hang> about {whom}, hoping for food"),
    ),
    "give_food": (
        *ways("", "<hand> out food", "<drop> some food"),
        *ways("whom", "<give> food to {whom}", "<drop> some food for {whom}", "<feed> {whom}", "<hold> out food to {whom}"),
    ),
}  # fmt: skip
