"""What a message rules out is no part of the mix; what only looks like it stays."""

import pytest

from helpline.knowledge import Recogniser

# message -> what stays (canonical), then after a bar what is negated
SAID = {
    # Taken back.
    "i did not take xanax": "| alprazolam",
    "i didn't take xanax": "| alprazolam",
    "i didnt take any xanax": "| alprazolam",
    "he did not take any percocet, just tylenol": "acetaminophen | oxycodone/acetaminophen",
    "no alcohol": "| alcohol",
    "i took xanax, no alcohol": "alprazolam | alcohol",
    "took my klonopin with no alcohol": "clonazepam | alcohol",
    "xanax without alcohol": "alprazolam | alcohol",
    "xanax and kratom without any alcohol": "alprazolam; kratom | alcohol",
    "i haven't had any benzos": "| benzodiazepine",
    "i havent had any benzos": "| benzodiazepine",
    "she hasn't taken methadone": "| methadone",
    "not on suboxone anymore": "| buprenorphine/naloxone",
    "i'm not on suboxone anymore, can i take tramadol": "tramadol | buprenorphine/naloxone",
    "im no longer on methadone": "| methadone",
    "he is no longer taking lexapro": "| escitalopram",
    "i don't drink": "| alcohol",
    "i dont drink": "| alcohol",
    "i do not drink alcohol": "| alcohol",
    "i don't drink alcohol": "| alcohol",
    "i don't drink but i take xanax": "alprazolam | alcohol",
    "i dont really drink": "| alcohol",
    "she doesn't drink": "| alcohol",
    "he never drinks": "| alcohol",
    "i am not drinking tonight, just valium": "diazepam | alcohol",
    "i never smoked weed": "| cannabis",
    "i don't smoke weed": "| cannabis",
    "never touched heroin": "| heroin",
    "i have never tried cocaine": "| cocaine",
    "i have not taken percocet": "| oxycodone/acetaminophen",
    "i had no xanax today": "| alprazolam",
    "zero alcohol and one klonopin": "clonazepam | alcohol",
    "neither xanax nor alcohol": "| alprazolam; alcohol",
    "i took neither xanax nor percocet": "| alprazolam; oxycodone/acetaminophen",
    "no xanax or alcohol": "| alprazolam; alcohol",
    "no xanax and no alcohol": "| alprazolam; alcohol",
    "no xanax, klonopin or beer": "| alprazolam; clonazepam; alcohol",
    "i did not take xanax or percocet": "| alprazolam; oxycodone/acetaminophen",
    "i didn't take xanax or drink alcohol": "| alprazolam; alcohol",
    "i'm not taking opioids": "| opioid",
    "i am not on any opioids or benzos": "| opioid; benzodiazepine",
    "he wasn't on fentanyl": "| fentanyl",
    "it was not xanax": "| alprazolam",
    "it wasn't xanax": "| alprazolam",
    "not xanax, klonopin": "clonazepam | alprazolam",
    "not xanax but klonopin": "clonazepam | alprazolam",
    "no more xanax": "| alprazolam",
    "i don't have any xanax in my system": "| alprazolam",
    "i didn't take xanax and drank wine": "alcohol | alprazolam",
    "i aint taking oxys": "| oxycodone",
    # Only looks like it.
    "no, klonopin": "clonazepam",
    "no. klonopin": "clonazepam",
    "no i meant klonopin": "clonazepam",
    "no its klonopin": "clonazepam",
    "why not mix xanax and percocet": "alprazolam; oxycodone/acetaminophen",
    "why can't i mix xanax and percocet": "alprazolam; oxycodone/acetaminophen",
    "why shouldn't i take xanax with beer": "alprazolam; alcohol",
    "can't i mix xanax and alcohol": "alprazolam; alcohol",
    "can i not mix xanax and alcohol": "alprazolam; alcohol",
    "don't mix xanax and alcohol?": "alprazolam; alcohol",
    "xanax and percocet don't mix?": "alprazolam; oxycodone/acetaminophen",
    "do xanax and alcohol not mix": "alprazolam; alcohol",
    "don't take xanax with alcohol": "alprazolam; alcohol",
    "do not take xanax with alcohol": "alprazolam; alcohol",
    "not just xanax": "alprazolam",
    "i took not only xanax, percocet too": "alprazolam; oxycodone/acetaminophen",
    "i took not just xanax but beer": "alprazolam; alcohol",
    "what should i not take with suboxone": "buprenorphine/naloxone",
    "should i not take xanax with percocet": "alprazolam; oxycodone/acetaminophen",
    "shouldn't i take xanax": "alprazolam",
    "i can't sleep without xanax": "alprazolam",
    "i cant get through a day without percocet": "oxycodone/acetaminophen",
    "never without my klonopin": "clonazepam",
    "can't stop taking xanax": "alprazolam",
    "i don't want to take xanax with beer": "alprazolam; alcohol",
    "i'm not sure if xanax and beer mix": "alprazolam; alcohol",
    "isn't xanax dangerous with alcohol": "alprazolam; alcohol",
    "doesn't xanax interact with alcohol": "alprazolam; alcohol",
    "i never took xanax with alcohol": "alprazolam; alcohol",
    "i haven't taken the xanax yet, can i drink": "alprazolam; alcohol",
    "i have never taken xanax before, is it ok with percocet": "alprazolam; oxycodone/acetaminophen",
    "never took kratom, can i mix it with xanax": "kratom; alprazolam",
    "no more than two xanax": "alprazolam",
    "no one told me about xanax": "alprazolam",
    "no idea if xanax and percocet mix": "alprazolam; oxycodone/acetaminophen",
    "is there no interaction between xanax and percocet": "alprazolam; oxycodone/acetaminophen",
    "i stopped taking xanax": "alprazolam",
    "nothing but xanax": "alprazolam",
}


@pytest.mark.parametrize(("text", "expected"), SAID.items(), ids=list(SAID))
def test_negation(recogniser: Recogniser, text: str, expected: str) -> None:
    heard = recogniser.hear(text)
    kept, _, negated = (part.strip() for part in expected.partition("|"))
    assert "; ".join(dict.fromkeys(mention.candidates[0] for mention in heard.mentions)) == kept
    assert "; ".join(dict.fromkeys(mention.candidates[0] for mention in heard.negated)) == negated


def test_what_is_negated_keeps_its_place(recogniser: Recogniser) -> None:
    text = "Xanax, but I didn’t take any Percocet."
    (mention,) = recogniser.hear(text).negated
    assert text[mention.start : mention.end] == mention.text == "Percocet"
