"""Who says it. The sentences are of our own making, in the forms that news has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.speakers import speaker


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("Karl Brandt said on Monday that the mill would close.", "Karl Brandt"),
        ("On Monday Karl Brandt said that the mill would close.", "Karl Brandt"),
        ("“The bridge is safe,” Karl Brandt said.", "Karl Brandt"),
        ("“The bridge is safe,” said Karl Brandt, the mayor of Oster.", "Karl Brandt"),
        ('"The bridge is safe," mayor Karl Brandt told reporters.', "mayor Karl Brandt"),
        ("“Never,” said ministry spokeswoman Ida Holm.", "ministry spokeswoman Ida Holm"),
        ("The bridge is safe, said Ida Holm, an engineer at the port.", "Ida Holm"),
        ("Karl Brandt, who owns the mill, said it would close.", "Karl Brandt"),
        ("Karl Brandt, director of the Oster Mill, warned of cracks.", "Karl Brandt"),
        ("The mayor, Karl Brandt, said it would close.", "Karl Brandt"),
        ("The head of the port office, Ida Holm, announced it.", "Ida Holm"),
        ("Oster’s President, Karl Brandt, said it would close.", "Karl Brandt"),
        ("Sen. Karl Brandt, R-Oster, said he would vote no.", "Sen. Karl Brandt"),
        ("Rep. Karl Brandt, D-Oster., now chair of the port, said no.", "Rep. Karl Brandt"),
        ("The mill will close, according to the U.N.", "the U.N."),
        ("The mill will close, according to Brandt.", "Brandt"),
        ("“It will close,” Ida Holm added.", "Ida Holm"),
        ("On 13 August Karl Brandt remarked that it would close.", "Karl Brandt"),
        ("In May 2024 Karl Brandt said that it would close.", "Karl Brandt"),
        ("Ida Holm recalled that it had closed before.", "Ida Holm"),
        ("“It had closed before,” Ida Holm wrote in a letter.", "Ida Holm"),
        ("The ministry accused Karl Brandt of closing it.", "The ministry"),
        ("Karl Brandt has repeatedly said that it will close.", "Karl Brandt"),
        ("Asked about the cracks, Karl Brandt denied that there were any.", "Karl Brandt"),
        ("According to Karl Brandt, the mill will close.", "Karl Brandt"),
        ("The mill will close, according to the Oster Mill Society.", "the Oster Mill Society"),
        ("It will close, according to a spokesman for the port.", "a spokesman for the port"),
        ("In a statement, the ministry said that it would close.", "the ministry"),
        ("The Port Ministry in a statement Friday said it would close.", "The Port Ministry"),
        ("Brandt on Wednesday again rejected the plan.", "Brandt"),
        ("Officials in Verden said that forty boats had sunk.", "Officials in Verden"),
        ("Critics of Karl Brandt say the bridge is old.", "Critics of Karl Brandt"),
        ("Karl Brandt and Ida Holm said they would debate.", "Karl Brandt and Ida Holm"),
        ("MAYOR KARL BRANDT: The bridge is safe.", "MAYOR KARL BRANDT"),
        ("“He said never,” Ida Holm recalled.", "Ida Holm"),
        ("Even Karl Brandt admitted that it would close.", "Karl Brandt"),
        (
            "Mayor Karl Brandt (“the Miller”) told reporters that it would close.",
            "Mayor Karl Brandt",
        ),
        ("The mill will close, tweeted Ida Holm, an engineer.", "Ida Holm"),
        ("Karl Brandt praised the bridge, saying that it would last.", "Karl Brandt"),
        ("Oster Republicans took to the radio, arguing it was old.", "Oster Republicans"),
    ],
)
def test_a_speaker_is_found_where_the_sentence_names_one(sentence: str, who: str) -> None:
    assert speaker(sentence) == who


@pytest.mark.parametrize(
    "sentence",
    [
        "He said the mill would close.",
        "“It will close,” she said.",
        "The mill closed in 1962.",
        "The mill is said to be old.",
        "Nobody would say who owns the mill.",
        "Karl Brandt would not say who owns the mill.",
        "Karl Brandt said it would close, but Ida Holm said it would stay.",
        "After a talk with Karl Brandt people said it would close.",
        "One of the owners said it would close.",
        "The city has added forty boats.",
        "Eight states approved the plan.",
        "He praised the bridge, saying that it would last.",
        "It rained in Oster, Karl Brandt and others saying that it would last.",
        "Officials in Verden used the radio to warn all boats.",
        "WHAT WE KNOW: The bridge is safe.",
        "Karl Brandt: The bridge is safe, Ida Holm said.",
        "The man told the court that he was innocent.",
        "It was “the worst day”, he said, of Karl Brandt’s life.",
        "Karl Brandt’s friend told them.",
        "",
        "Holm Foods recalls tinned fish after a complaint.",
        "Oysters recalled after people fell ill in Oster.",
        "Officials in Oster have dismissed two workers accused of shredding letters.",
        "Ida Holm writes a novel about the mill.",
        "What do engineers say needs to change?",
        "The storm Hilda estimated to cost Oster a million.",
        "The plan was rejected by the port office, and two engineers described as angry left.",
    ],
)
def test_nobody_is_named_where_that_is_not_sure(sentence: str) -> None:
    assert speaker(sentence) == ""


@given(st.text('Karl Brandt said,.“”"’-:’s the of told () according to ', max_size=80))
def test_a_speaker_stands_in_the_sentence_word_for_word(sentence: str) -> None:
    assert speaker(sentence) in sentence
