"""Words that stand for a medicine without naming it, and alcohol in its many words."""

import pytest

from helpline.knowledge import Recogniser

VAGUE = {
    "xanax with what my doctor gave me": "what my doctor gave me",
    "can i mix xanax with my meds": "meds",
    "can i drink on my medication": "medication",
    "alcohol and my prescription": "prescription",
    "beer with my prescriptions": "prescriptions",
    "is it ok to drink with my pills": "pills",
    "can i take my new pills with percocet": "pills",
    "xanax and my other meds": "meds",
    "my antibiotics and beer": "antibiotics",
    "can i drink on antibiotics": "antibiotics",
    "heart meds and viagra": "heart meds",
    "can i take cough syrup with xanax": "cough syrup",
    "cold medicine with zoloft": "cold medicine",
    "allergy meds and wine": "allergy meds",
    "my mom's meds with weed": "meds",
    "what i'm prescribed and kratom": "what i'm prescribed",
    "stomach pills plus my psych meds": "stomach pills; psych meds",
    "my prescription for diabetes and gabapentin": "prescription",
    # Words that have a class are names, not vague.
    "sleeping pills and wine": "",
    "painkillers and alcohol": "",
    "my antidepressants with molly": "",
    "my blood pressure pill and viagra": "",
    "diet pills and coffee": "",
    "muscle relaxers and beer": "",
    # Told at once, or not about taking.
    "my medication xanax with beer": "",
    "my meds are zoloft and xanax": "",
    "my xanax prescription": "",
    "what medication is xanax": "",
    "i study medicine": "",
    "not on any meds": "",
    "i am not taking any medication": "",
    "hello": "",
}


@pytest.mark.parametrize(("text", "expected"), VAGUE.items(), ids=list(VAGUE))
def test_vague_words(recogniser: Recogniser, text: str, expected: str) -> None:
    heard = recogniser.hear(text)
    assert "; ".join(heard.vague) == expected
    assert not set(heard.vague) & set(heard.unknown)


DRINKING = """
can i take xanax with a white claw
xanax and hard seltzer
four beers and a klonopin
a couple beers with my percocet
had a few and took my valium
i had a few last night can i take my valium
im wasted and took xanax
i got wasted and took two klonopin
he is so drunk and took oxy
took ambien after tequila shots
is champagne ok with zoloft
mimosas with lexapro
hungover, can i take xanax
can i take tylenol with a hangover
a martini and an ambien
twisted tea with adderall
smirnoff and klonopin
jello shots on xanax
been drinking and took percocet
red wine with my trazodone
fireball with xanax
hard cider and tramadol
""".strip().splitlines()


@pytest.mark.parametrize("text", DRINKING)
def test_alcohol_in_many_words(recogniser: Recogniser, text: str) -> None:
    assert "alcohol" in {mention.candidates[0] for mention in recogniser.hear(text).mentions if mention.certain}


SOBER = """
had a few xanax
i had a few questions about xanax
i wasted my xanax
wasted my time asking about xanax
they hammered on about xanax
the corona virus and xanax
i lit a candle
the cider house rules
non alcoholic beer with xanax
alcohol free wine and xanax
is root beer ok with xanax
""".strip().splitlines()


@pytest.mark.parametrize("text", SOBER)
def test_no_alcohol_is_heard_in(recogniser: Recogniser, text: str) -> None:
    assert "alcohol" not in {mention.candidates[0] for mention in recogniser.hear(text).mentions if mention.certain}


FOOD = {
    "can i take xanax with milk": "alprazolam; milk",
    "is cheese ok with nardil": "cheese; phenelzine",
    "aged cheese with nardil": "tyramine-rich food; phenelzine",
    "can i eat chocolate on parnate": "chocolate; tranylcypromine",
    "does salt affect lithium if i take it": "salt; lithium",
    "grapefruit juice and xanax": "grapefruit; alprazolam",
    "taking iron with levothyroxine": "iron; levothyroxine",
    "ginger tea with warfarin": "ginger; warfarin",
    "turmeric and eliquis": "turmeric; apixaban",
    "magnesium with gabapentin": "magnesium; gabapentin",
    "can i drink green tea with warfarin": "tea; warfarin",
    "milk and cookies": "",
    "the salt lake is near": "",
    "iron man is great": "",
    "i love chocolate": "",
    "a nice cup of tea": "",
    "take the ginger cat home": "",
    "i am reading sage advice": "",
}


@pytest.mark.parametrize(("text", "expected"), FOOD.items(), ids=list(FOOD))
def test_foods_count_beside_a_drug(recogniser: Recogniser, text: str, expected: str) -> None:
    assert "; ".join(m.candidates[0] for m in recogniser.hear(text).mentions if m.certain) == expected


NAMED = {
    "atorvastatin and grapefruit": "atorvastatin; grapefruit",
    "lipitor with xanax": "atorvastatin; alprazolam",
    "zestoretic and advil": "lisinopril/hydrochlorothiazide; ibuprofen",
    "sinemet with xanax": "carbidopa/levodopa; alprazolam",
    "mounjaro and alcohol": "tirzepatide; alcohol",
    "bactrim with suboxone": "sulfamethoxazole/trimethoprim; buprenorphine/naloxone",
    "flu shot and methadone": "vaccine; methadone",
    "singulair with ambien": "montelukast; zolpidem",
    "symbicort and propranolol": "budesonide/formoterol; propranolol",
    "nurtec with percocet": "rimegepant; oxycodone/acetaminophen",
    "ashwagandha and ativan": "ashwagandha; lorazepam",
    "zepbound and adderall": "tirzepatide; amphetamine/dextroamphetamine",
    "ginkgo biloba with eliquis": "ginkgo; apixaban",
    "losartan hctz and lithium": "losartan/hydrochlorothiazide; lithium",
    "birth control and antibiotics": "oral contraceptive",
    "can i eat bananas if i take lisinopril": "banana; lisinopril",
    "midol and vicodin": "acetaminophen/caffeine/pyrilamine; hydrocodone/acetaminophen",
}


@pytest.mark.parametrize(("text", "expected"), NAMED.items(), ids=list(NAMED))
def test_everyday_medicines(recogniser: Recogniser, text: str, expected: str) -> None:
    assert "; ".join(m.candidates[0] for m in recogniser.hear(text).mentions if m.certain) == expected


@pytest.mark.parametrize("word", ["ice", "blues", "bars", "coke", "speed", "acid", "pot", "molly"])
def test_bare_slang_counts_only_as_an_answer(recogniser: Recogniser, word: str) -> None:
    assert not recogniser.hear(word).mentions
    assert recogniser.hear(word, expecting=True).mentions


@pytest.mark.parametrize("word", ["snow", "line", "horse", "milk", "salt", "iron", "x", "wasted"])
def test_everyday_words_alone_are_silent(recogniser: Recogniser, word: str) -> None:
    assert not recogniser.hear(word).mentions
