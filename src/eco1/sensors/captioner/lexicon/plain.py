"""One plain way to name each behaviour, whoever shows it: for questions and for what animals mostly did."""

PLAIN = {
    "prowl": "<search> for prey", "stalk": "<stalk> prey", "ambush": "<lie> in ambush", "chase": "<chase> prey",
    "strike": "<strike> at prey", "scavenge": "<make> for a carcass", "eat_meat": "<feed> on other animals",
    "graze": "<graze>", "browse": "<eat> leaves", "forage": "<look> for food", "drink": "<drink>",
    "regroup": "<hurry> back to {its} group", "flee": "<flee>", "vigilant": "<keep> a lookout", "rest": "<rest>",
    "sleep": "<sleep>", "shelter": "<seek> shelter", "tend_young": "<look> after {its} young",
    "patrol": "<patrol> {its} territory", "scent_mark": "<mark> {its} territory", "challenge": "<challenge> a rival",
    "court": "<court> a mate", "mate": "<mate>", "migrate": "<travel> steadily", "go_to_water": "<head> for water",
    "soar": "<soar>", "play": "<play>", "explore": "<explore> new ground", "school": "<swim> with {its} school",
    "climb": "<climb>", "swing": "<swing> through the crowns", "fly": "<fly> to another place", "perch": "<perch>",
    "camouflage": "<freeze> to escape notice", "wait_at_hole": "<wait> at a hole in the ice",
    "swoop": "<swoop> at prey", "herd_prey": "<drive> prey together", "pick": "<pick> at food",
    "filter": "<feed> on plankton", "carry": "<carry> food home", "recruit": "<lead> others to food",
    "follow_trail": "<go> to food that another has shown", "share": "<share> food", "den": "<stay> in {its} den",
    "brood": "<sit> on {its} nest", "surface": "<come> up to breathe", "beg": "<beg> for food",
    "give_food": "<hand> out food", "shoo": "<drive> an animal away", "move": "<move> about", "stay": "<keep> still",
}  # fmt: skip


def plainly(behavior: str) -> str:
    """Return how a behaviour is called, without a subject: "seek shelter"; its own name where there is no other."""
    words = PLAIN.get(behavior, behavior).replace("_", " ")
    return words.translate(str.maketrans("", "", "<>{}"))
