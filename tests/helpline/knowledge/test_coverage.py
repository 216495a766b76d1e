"""The medicines, herbs and foods that people take every day are never silently dropped."""

import csv
from pathlib import Path

import pytest

from helpline.knowledge import Knowledge, Recogniser

LIST = Path(__file__).parent / "everyday_names.csv"
CARRIERS = (
    "can i take {} with {other}",
    "I take {other} and {} every day",
    "does {} interact with {other}",
    "why is {other} affected by {}",
)


def listed() -> list[tuple[str, str]]:
    """The 300 most prescribed medicines in the US, what is sold over the counter, vitamins, herbs and foods."""
    with LIST.open(encoding="utf-8", newline="") as table:
        return [(row["name"], row["substance"]) for row in csv.DictReader(table)]


EVERYDAY = listed()


def test_the_list_is_long_and_holds_no_name_twice() -> None:
    assert len({name for name, _ in EVERYDAY}) == len(EVERYDAY) >= 1900
    assert len({substance for _, substance in EVERYDAY}) >= 900


@pytest.mark.parametrize("carrier", CARRIERS)
def test_everyday_names_are_heard(recogniser: Recogniser, carrier: str) -> None:
    missed = []
    for name, substance in EVERYDAY:
        other, known = ("lisinopril", "lisinopril") if substance == "warfarin" else ("warfarin", "warfarin")
        heard = recogniser.hear(carrier.format(name, other=other))
        found = [mention.candidates for mention in heard.mentions if mention.certain and mention.candidates != (known,)]
        if found != [(substance,)] or len(heard.mentions) != 2 or heard.unknown or heard.vague or heard.negated:
            missed.append((name, substance, found, heard.unknown))
    assert not missed


# Said with no other word about drugs; what is asked back stands after a bar.
STREET = {
    "my friend stole my weed": "cannabis",
    "got my subs today": "buprenorphine/naloxone",
    "the weed isn't helping": "cannabis",
    "shooting bth daily": "heroin",
    "been clean off dope 3 months": "heroin",
    "he smokes crack": "crack cocaine",
    "my son is on suboxone and smokes weed": "buprenorphine/naloxone; cannabis",
    "my son is addicted to coke": "cocaine",
    "he is on crack": "crack cocaine",
    "relapsed on ice last night": "methamphetamine",
    "xanax bars and percs": "alprazolam; oxycodone/acetaminophen",
    "suboxone strips and xanax": "buprenorphine/naloxone; alprazolam",
    "i took 2 tabs of xanax": "alprazolam",
    "did a line of meth": "methamphetamine",
    "kpin and apap": "clonazepam; acetaminophen",
    "bup and clonaz": "buprenorphine; clonazepam",
    "hydromorph and temaz": "hydromorphone; temazepam",
    "gabas and pregab": "gabapentin; pregabalin",
    "m30 and xan": "counterfeit pressed pill; alprazolam",
    "my husband is drunk": "alcohol",
    "my dad is an alcoholic": "alcohol",
    "can i drink cranberry juice with warfarin": "cranberry; warfarin",
    "drinking soy milk with levothyroxine": "soy milk; levothyroxine",
    "can i drink it when i am on accutane": "isotretinoin",
    "can i drink juice with xanax": "alprazolam | fruit juice; methadone",
    "gummies with zoloft": "sertraline | cannabidiol; cannabis; melatonin; vitamin",
    "nasal spray with adderall": "amphetamine/dextroamphetamine | fluticasone; naloxone; oxymetazoline",
    "steroids and lexapro": "escitalopram | anabolic steroid; corticosteroid",
    "downers with xanax": "alprazolam | barbiturate; benzodiazepine; opioid",
    "horse tranquilizer": " | ketamine; xylazine",
    "took a blue pill": " | counterfeit pressed pill; sildenafil",
}


@pytest.mark.parametrize(("text", "expected"), STREET.items(), ids=list(STREET))
def test_street_names_are_heard(recogniser: Recogniser, text: str, expected: str) -> None:
    mentions = recogniser.hear(text).mentions
    sure, asked = (
        "; ".join("; ".join(sorted(m.candidates)) for m in mentions if m.certain is c) for c in (True, False)
    )
    assert (f"{sure} | {asked}" if asked else sure) == expected


def test_words_that_mean_two_drugs_are_asked_back(knowledge: Knowledge) -> None:
    assert sum(len(meant) > 1 for meant in knowledge.names.spoken.values()) >= 100


OTHER_TALK = """
what's a good recipe for chicken soup with rice
how do i bake bread with honey and butter
best pizza in town
i ate pizza and ice cream last night
what should i cook for dinner tonight, salmon or steak
how many eggs in a cake
drink plenty of water during the game
i like coffee in the morning
who won the super bowl
the coach made three subs in the second half
that movie was dope
dope beat on that track
new dope playlist
have you seen breaking bad
i watched pineapple express and trainspotting
the hangover is my favorite movie
play some blues music
miles davis played the blues
i love the rolling stones
queen song another one bites the dust
white horse by taylor swift
purple rain is a great song
purple haze by jimi hendrix
cocktail party ideas
how do i weed the garden
best weed killer for my lawn
pull weeds every saturday
we ordered subs for lunch
a tuna sub and chips
the ice on the road melted
ice skating with my kids
spice up the chicken with pepper
pot roast recipe in a crock pot
the pot of soup boiled over
lean beef burger
speed limit on the highway
blow out the candles
nba finals score
how tall is the eiffel tower
the strips in the newspaper are funny
football game tonight with wings and nuts
my cat molly is sick
my joints hurt when it rains
joint pain in my knees
what is the capital of france
crack an egg into the pan
crack the code
acid rain in the city
my tram was late
dr diaz called
cigar shop
how do i keep tabs on him
close the browser tabs
gummy bears are yummy
candy crush level
the green tea latte recipe
can you recommend a wine for salmon
the apple watch is nice
fish tank cleaning
beyonce song drunk in love
dune popcorn bucket
snow white movie
white girl problems
who sang cocaine blues
bars near me
which bars are open late
i want to learn chalk art
my dog ate chocolate
i am nuts about soccer
in the game he got a hit
the patch notes for fortnite
the pill box hat
skiing in fresh powder
cherry cookies with butter
my horse ran fast
happy hour margaritas
i hit a pothole
the rush hour traffic
minecraft redstone and diamonds
coke float recipe
mountain dew or sprite
ginger cat names
rosemary and thyme chicken
what goes with basil and tomato
how do i make kombucha
star wars clone troopers
thunder vs lakers score
bob marley songs
reggae music
i smoked a brisket
smoked salmon bagel
smoking gun
shooting hoops
we shot a film
he shoots he scores
that joke was lit
the band was lit
pink floyd comfortably numb
harry potter and the goblet of fire
who is lebron
fed the horses carrots
shot of espresso
take me to the movies
on the line
baking soda volcano
gas prices
how many calories in an avocado
""".strip().splitlines()


@pytest.mark.parametrize("text", OTHER_TALK)
def test_no_drug_is_heard_in_other_talk(recogniser: Recogniser, text: str) -> None:
    heard = recogniser.hear(text)
    assert not heard.mentions and not heard.unknown
