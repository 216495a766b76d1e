"""Which substances a message names, and above all which it does not."""

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpline.knowledge import Heard, Knowledge, Recogniser
from helpline.knowledge.names import spell
from tests.pace import fastest

PERC, SUB, ADDY, NORCO = (
    "oxycodone/acetaminophen", "buprenorphine/naloxone", "amphetamine/dextroamphetamine", "hydrocodone/acetaminophen",
)  # fmt: skip

# message -> the substances acted on, then (after a bar) the ones asked back about
HEARD = {
    # The seed questions.
    "can i mix xanax and percocet": f"alprazolam; {PERC}",
    "Can I take a Xanax with my perc 10?": f"alprazolam; {PERC}",
    "zanax and percs": f"alprazolam; {PERC}",
    "benzos with opioids?": "benzodiazepine; opioid",
    "is it ok to drink on klonopin": "alcohol; clonazepam",
    "what about with beer": "alcohol",
    "xanax": "alprazolam",
    "can i mix xanax and flurbzol": "alprazolam",
    "hello": "",
    "how deep is the ocean": "",
    # Numbers are strengths, not drugs.
    "xanax 2mg": "alprazolam",
    "xanax2mg with perc10": f"alprazolam; {PERC}",
    "2 10mg percocet and a valium": f"{PERC}; diazepam",
    "perc 30s": "counterfeit pressed pill",
    "perc 10s": PERC,
    "tylenol 3 and ambien": "acetaminophen/codeine; zolpidem",
    "oxy 30 and klonopin 1mg": "oxycodone; clonazepam",
    # Brands, generics, products.
    "Suboxone with Ativan": f"{SUB}; lorazepam",
    "norco and soma": f"{NORCO}; carisoprodol",
    "vicodin or norco": f"{NORCO}; {NORCO}",
    "oxycodone/acetaminophen and vodka": f"{PERC}; alcohol",
    "oxycodone and acetaminophen": "oxycodone; acetaminophen",
    "oxycodone + acetaminophen": "oxycodone; acetaminophen",
    "tylenol pm after wine": "acetaminophen/diphenhydramine; alcohol",
    "nyquil and xanax": "acetaminophen/dextromethorphan/doxylamine; alprazolam",
    "adderall, vyvanse, ritalin": f"{ADDY}; lisdexamfetamine; methylphenidate",
    "gabapentin plus tramadol": "gabapentin; tramadol",
    "my st. john's wort and zoloft": "St. John's wort; sertraline",
    "narcan": "naloxone",
    "naltrexone and alcohol": "naltrexone; alcohol",
    "MS Contin": "morphine",
    "soma compound with codeine": "carisoprodol/aspirin/codeine",
    # Written as it sounds, cut short, a syllable swallowed, the spaces lost.
    "xanacks and perkaset": f"alprazolam; {PERC}",
    "can i take klonazepam with fenobarbital": "clonazepam; phenobarbital",
    "hydromorphs and oxycod": "hydromorphone; oxycodone",
    "tramol with cyclobenzap": "tramadol; cyclobenzaprine",
    "dexmethorphan": "dextromethorphan",
    "clonaz and beer": "clonazepam; alcohol",
    "xanaxandweed": "alprazolam; cannabis",
    "percocetwithbeer": f"{PERC}; alcohol",
    "tylenolpm": "acetaminophen/diphenhydramine",
    "oxy codone and xan's": "oxycodone; alprazolam",
    # Foods beside a drug of which only the name is unsure, foods taken as medicines, and drinks that are no alcohol.
    "coffee while taking methadrone": "caffeine | mephedrone; methadone",
    "can i take iron and calcium together": "iron; calcium",
    "can i drink soy milk on accutane": "soy milk; isotretinoin",
    "i have accutane, can i drink it with soy milk": "isotretinoin; soy milk",
    # Classes.
    "sleeping pills and wine": "sleeping pill; alcohol",
    "painkillers and alcohol": "opioid; alcohol",
    "my blood pressure meds and viagra": "blood pressure medicine; sildenafil",
    "blood thinner with advil": "blood thinner; ibuprofen",
    "muscle relaxers and beer": "muscle relaxer; alcohol",
    "antidepressants with molly": "antidepressant; MDMA",
    "can i take my anxiety meds with painkillers": "benzodiazepine; opioid",
    # Street names that are everyday words, in talk of drugs.
    "i took a few bars and some ice": "alprazolam; methamphetamine",
    "can i mix coke and speed": "cocaine; amphetamine",
    "mixing weed with xanax": "cannabis; alprazolam",
    "snorted some blow": "cocaine",
    "he smoked crack": "crack cocaine",
    "popped two blues": "counterfeit pressed pill",
    "took acid and molly": "LSD; MDMA",
    "i smoke weed every night": "cannabis",
    "weed": "cannabis",
    "beer": "alcohol",
    "and ice?": "methamphetamine",
    "what about coke": "cocaine",
    "with weed": "cannabis",
    "xanax and lean": "alprazolam; codeine/promethazine",
    "is lean worse than percs": f"codeine/promethazine; {PERC}",
    "spice and xanax": "synthetic cannabinoid; alprazolam",
    "got high on ice": "methamphetamine",
    "molly and k": "MDMA; ketamine",
    "xanax with g": "alprazolam; GHB",
    "can i mix k and g": "ketamine; GHB",
    "heroin and x": "heroin; MDMA",
    "coffee with adderall": f"caffeine; {ADDY}",
    "can i take adderall and drink coffee": f"{ADDY}; caffeine",
    "strips and xanax": f"{SUB}; alprazolam",
    "percs and shots": f"{PERC}; alcohol",
    # Alcohol counts wherever mixing or taking is asked about.
    "can i drink while taking lexapro": "alcohol; escitalopram",
    "is it ok to have wine with ambien": "alcohol; zolpidem",
    "drinking on oxys": "alcohol; oxycodone",
    "can i take my valium if im drunk": "diazepam; alcohol",
    "i drank and took a xanax": "alcohol; alprazolam",
    "beers and benzos": "alcohol; benzodiazepine",
    "can you mix beer and edibles": "alcohol; cannabis",
    "a few drinks and a klonopin": "alcohol; clonazepam",
    "tequila": "alcohol",
    "i had a glass of wine on my pain meds": "alcohol; opioid",
    # Mixes that have a name of their own.
    "whats a speedball": "speedball",
    "speedballs": "speedball",
    "tranq dope": "tranq dope",
    "vodka red bull": "four loko",
    # Plurals, possessives, quotes, letters drawn out, spaces that slipped.
    "xanaxes": "alprazolam",
    "percocet’s effect on xanax": f"{PERC}; alprazolam",
    "my dad's oxycontins": "oxycodone",
    "‘Xanax’ and “Percocet”": f"alprazolam; {PERC}",
    "xanaxxx": "alprazolam",
    "XANAX!!! PERCOCET???": f"alprazolam; {PERC}",
    "per cocet": PERC,
    "sub oxone and kratom": f"{SUB}; kratom",
    "xanax,percocet": f"alprazolam; {PERC}",
    "xanax/percocet": f"alprazolam; {PERC}",
    "xanax&percocet": f"alprazolam; {PERC}",
    "Xa\u200bnax": "alprazolam",
    "ｐercocet": PERC,
    "xánax": "alprazolam",
    # Slips of the keyboard.
    "zanex and percocete": f"alprazolam; {PERC}",
    "percoset and xanex": f"{PERC}; alprazolam",
    "auboxone": SUB,
    "alprazolm": "alprazolam",
    "oxycodne": "oxycodone",
    "hydrocodne": "hydrocodone",
    "clonazapam": "clonazepam",
    "gabapentn": "gabapentin",
    "methodone": "methadone",
    "fentynal": "fentanyl",
    "suboxne and vailum": f"{SUB}; diazepam",
    "lorezapam": "lorazepam",
    "adderal and alchohol": f"{ADDY}; alcohol",
    "busprione": "buspirone",
    "axnax": "alprazolam",
    "trazadone": "trazodone",
    "seroqual": "quetiapine",
    "amitryptiline": "amitriptyline",
    # Asked back: several meanings, or two drugs are about as near.
    "narco and xanax": f"alprazolam | {NORCO}; naloxone",
    "tramdol": "tramadol",
    "klonidine": " | clonazepam; clonidine",
    "the patch with xanax": "alprazolam | buprenorphine; clonidine; fentanyl; nicotine",
    "dex": " | dextroamphetamine; dextromethorphan; medetomidine",
    "zaza and gabapentin": "gabapentin | cannabis; tianeptine",
    "use ice": " | methamphetamine",
    # An unclassified substance is still known by name.
    "amoxicillin with xanax": "amoxicillin; alprazolam",
    "doxycycline": "doxycycline",
}


def understood(heard: Heard) -> str:
    acted = "; ".join(mention.candidates[0] for mention in heard.mentions if mention.certain)
    asked = "; ".join("; ".join(sorted(mention.candidates)) for mention in heard.mentions if not mention.certain)
    return f"{acted} | {asked}" if asked else acted


@pytest.mark.parametrize(("text", "expected"), HEARD.items(), ids=list(HEARD))
def test_heard(recogniser: Recogniser, text: str, expected: str) -> None:
    assert understood(recogniser.hear(text)) == expected


SILENT = """
how deep is the ocean
hello there
good morning
i need help
who are you
can we chat
please leave me alone
you have the ability to help
the concert was great
she is a heroine in that movie
morphing into something else
his heroic effort
i was herein named
our valued customer
what concerns you
i have no concern
the lyrics of that song
a native speaker
my values matter
turn the volume down
the mobile app
my resort holiday
i am ambitious
new norman castle
verse and chorus
the senate voted
reflex and lyrical
niagara falls
my talent show
back to normal
let me activate it
a contrary opinion
the marina bay
ice cream is great
the ice is melting
hockey on ice
put an ice pack on it
coke or pepsi
diet coke please
the bars close at two
candy bars for sale
behind bars
a school bus came
the horse ran
snow is falling
it is snowing
the grass is green
i baked a cheese cake
christmas trees
he hit rock bottom
i like rock music
fly a kite at the line
wait in line
my internet speed
high speed train
on the bottom line
crystal clear
a joint account
joint pain
a pot of tea
flower pot
my cat is on the roof
the blues band
feeling the blues
brown hair
a glass of water
drink water
i drink more water now
soft drinks for kids
a powder room
baby powder
i am done
im done with this
are you done
the test strips
acid reflux
stomach acid
amino acid
lean on me
lean back
spice up your life
pumpkin spice latte
blow up a balloon
blow your nose
the monkey bars
a monster movie
wax candles
my cousin charlie called
mandy is my sister
gina and tina came by
benny left
cody plays ball
thom yorke
dimitri called
adam and eve
my friend took a picture
i took the bus to work
take a break
take a walk with me
take care of yourself
i took my kids to school
took my dog to the vet
do you take insurance
how long does it take
use the door
mix the paint
mix the batter with flour
mixing business and pleasure
e
k
x
l
ok
k thanks
vitamins are expensive today
plan x
see you at 4
m or f
is it the same
the same thing
same here
ok same
line dancing
read between the lines
he drew a line
what is the weather
tell me a joke
what time is it
book a flight to paris
order a pizza
my granola was good
allergy season is here
i keep my wafers in the jar
the mobster whispered
doritos and dip
the dog food is gone
buttons on a shirt
a squirrel in the trees
oranges and pandas
hippies and yuppies
resistors and diodes
""".strip().splitlines()


@pytest.mark.parametrize("text", SILENT)
def test_no_drug_is_heard_in(recogniser: Recogniser, text: str) -> None:
    assert not [mention for mention in recogniser.hear(text).mentions if mention.certain]


UNKNOWN = {
    "can i mix xanax and flurbzol": "flurbzol",
    "can i take zorbamine with percocet": "zorbamine",
    "mix flurbzol and zorbamine": "flurbzol zorbamine",
    "is flurbzol with xanax bad": "flurbzol",
    "xanax & flurbzol": "flurbzol",
    "xanax + flurbzol": "flurbzol",
    "what about with flurbzol": "flurbzol",
    "with flurbzol": "flurbzol",
    "i took flurbzol": "flurbzol",
    "can i take my flurbzol on xanax": "flurbzol",
    "flurbzol or zorbamine with beer": "flurbzol zorbamine",
    "mix 2 flurbzol and a perc": "flurbzol",
    "mixing antibiotics and xanax": "",  # vague, not unknown
    "Xanax and FLURBZOL?": "flurbzol",
    # Ordinary words are never unknown drugs.
    "mix xanax and work": "",
    "mix xanax and driving": "",
    "can i take xanax and go swimming": "",
    "xanax with breakfast": "",
    "xanax and my husband's mother": "",
    "i took a picture": "",
    "im done with xanax": "",
    "xanax with food": "",
    "can i take percocet before surgery": "",
    "should i take xanax with water": "",
    "xanax and anxiety": "",
    "taking xanax and crying": "",
    "hello": "",
    "how deep is the ocean": "",
}


@pytest.mark.parametrize(("text", "expected"), UNKNOWN.items(), ids=list(UNKNOWN))
def test_unknown_names(recogniser: Recogniser, text: str, expected: str) -> None:
    assert recogniser.hear(text).unknown == tuple(expected.split())


def test_places_are_those_of_the_message(recogniser: Recogniser) -> None:
    for text in ("Can I take a Xanax with my perc 10?", "“Xa\u200bnax” and ｐercocet", "per cocet, percocet’s"):
        for mention in recogniser.hear(text).mentions:
            assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    ("text", "how"), [("xanax", "exact"), ("zanax", "exact"), ("percs", "exact"), ("alprazolxm", "fuzzy")]
)
def test_how_it_was_heard(recogniser: Recogniser, text: str, how: str) -> None:
    assert [mention.how for mention in recogniser.hear(text).mentions] == [how]


def test_every_name_is_heard_beside_another_drug(knowledge: Knowledge, recogniser: Recogniser) -> None:
    missed = []
    for name, meant in knowledge.names.spoken.items():
        if name in ("naloxone", "done"):  # "done with" says that something is over
            continue
        if meant[0].need in ("state", "ended"):
            heard = recogniser.hear(f"i'm {name} and took naloxone")
        else:
            heard = recogniser.hear(f"can i mix {name} with naloxone")
        found = {each for mention in heard.mentions for each in mention.candidates}
        if not {meaning.substance for meaning in meant} & found:
            missed.append(name)
    assert not missed


def test_single_slips_in_long_names_are_heard(knowledge: Knowledge, recogniser: Recogniser) -> None:
    chance = random.Random(7)
    names = [
        name
        for name, m in knowledge.names.spoken.items()
        if len(name) >= 7 and name.isalpha() and m[0].kind in ("canonical", "brand")
    ]
    right = wrong = 0
    for name in names:
        place = chance.randrange(1, len(name))
        slip = chance.choice(
            [name[:place] + name[place + 1 :], name[:place] + chance.choice(string.ascii_lowercase) + name[place:]]
        )
        mentions = recogniser.hear(f"can i mix {slip} with naloxone").mentions[:-1]
        found = {each for mention in mentions for each in mention.candidates}
        right += bool({meaning.substance for meaning in knowledge.names.spoken[spell(name)]} & found)
        wrong += bool(found and not {meaning.substance for meaning in knowledge.names.spoken[spell(name)]} & found)
    assert right / len(names) >= 0.97
    assert wrong / len(names) <= 0.01


def test_common_words_are_never_a_slip(knowledge: Knowledge, recogniser: Recogniser) -> None:
    loud = [
        word
        for word in sorted(knowledge.names.common_words)
        if recogniser.hear(f"mix naloxone with {word}").mentions[1:]
    ]
    assert not loud


def test_names_are_found_behind_any_number_of_strange_words(recogniser: Recogniser) -> None:
    strange = " ".join("".join(CHANCE.choices(string.ascii_lowercase, k=6)) for _ in range(250))
    found = {mention.candidates for mention in recogniser.hear(f"{strange} xanax and percocet").mentions}
    assert found >= {("alprazolam",), (PERC,)}


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_is_heard_without_an_error(recogniser: Recogniser, text: str) -> None:
    heard = recogniser.hear(text)
    for mention in heard.mentions:
        assert text[mention.start : mention.end] == mention.text
        assert mention.candidates
        assert len(mention.candidates) == 1 or not mention.certain


def test_a_lone_surrogate_is_heard_without_an_error(recogniser: Recogniser) -> None:
    assert understood(recogniser.hear("xanax \ud800 percocet")) == f"alprazolam; {PERC}"


def test_what_was_said_is_not_remembered(recogniser: Recogniser) -> None:
    recogniser.hear("my secret zqxjkv word and mix qqzzvv with xanax")
    assert "zqxjkv" not in recogniser._vocab.strings
    assert "qqzzvv" not in recogniser._vocab.strings


CHANCE = random.Random(3)
HOSTILE = {
    "random words": " ".join("".join(CHANCE.choices(string.ascii_lowercase, k=4)) for _ in range(400)),
    "longer random words": " ".join("".join(CHANCE.choices(string.ascii_lowercase, k=7)) for _ in range(250)),
    "one-letter names": " ".join(CHANCE.choices("xkghmle", k=1000)),
    "denials": "not on xanax no beer without weed never took " * 45,
    "one long word": "a" * 2000,
    "letters": "a x b k c g " * 167,
    "names": "xanax and percocet with beer " * 70,
    "everyday names": "bars ice blues coke weed " * 80,
    "slips": "oxycodne alprazolm percocett hydrocodne fentynal " * 40,
    "strangers": "mix flurbzol and zorbamine with qwertzol " * 48,
    "digits": "1 22 333 4444 " * 140,
    "quotes": "'" * 2000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hearing_2000_characters_takes_at_most_5_ms(recogniser: Recogniser, kind: str) -> None:
    text = HOSTILE[kind][:2000]
    assert fastest(lambda: recogniser.hear(text)) <= 0.005
