"""The grammar that writes texts: what its signs mean, and that chance alone decides."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from tools.generated_texts.grammar import Grammar, Moods, below, chances, finished, lines, words


def said(rules, name, praise=None, seed=1, times=200):
    """The different texts that a rule gives, and how often each."""
    rule, chance = Grammar(rules).rule(name, praise), chances(seed)
    return Counter(" ".join(rule.written(chance)) for _ in range(times))


def test_words_choices_and_further_rules():
    rules = {"view": lines("the <thing> was far_from|not bad"), "thing": words("plot main_role")}
    assert set(said(rules, "view")) == {
        f"the {thing} was {how} bad" for thing in ("plot", "main role") for how in ("far from", "not")
    }


def test_a_choice_may_be_nothing():
    assert set(said({"view": lines("bad at_all|")}, "view")) == {"bad", "bad at all"}


def test_moods_pass_on_and_turn():
    rules = {
        "view": lines("although <-short> it was <+short>"),
        "short": lines("<+quality> indeed"),
        "quality": Moods(words("good"), words("bad")),
    }
    assert set(said(rules, "view", praise=True)) == {"although bad indeed it was good indeed"}
    assert set(said(rules, "view", praise=False)) == {"although good indeed it was bad indeed"}
    for name in ("view", "quality"):
        with pytest.raises(ValueError, match="mood"):
            Grammar(rules).rule(name)


def test_an_unknown_rule_is_found_before_anything_is_written():
    with pytest.raises(KeyError, match="missing"):
        Grammar({"view": lines("the <missing>")}).rule("view")


def test_the_first_alternatives_are_the_most_usual():
    often = said({"thing": words("one two three four", evenness=1)}, "thing", times=20_000)
    # 1 : 1/2 : 1/3 : 1/4, which together are 25/12.
    for place, word in enumerate(("one", "two", "three", "four"), start=1):
        assert often[word] / 20_000 == pytest.approx(12 / 25 / place, abs=0.015)


def test_a_text_does_not_say_the_same_twice_until_all_is_said():
    rule, chance = Grammar({"fact": words("a b c")}).rule("fact"), chances(3)
    for _ in range(20):
        text: list[str] = []
        seen: set[tuple[str, int]] = set()
        for _ in range(4):
            rule.write_other(chance, text, seen, "fact")
        assert set(text[:3]) == {"a", "b", "c"}


def test_chance_is_that_of_the_frozen_stream():
    """The first numbers of RandomState(7), as NumPy has given them since its first version."""
    assert list(islice(chances(7), 3)) == [0.07630828937395717, 0.7799187922401146, 0.4384092314408935]
    assert {below(3, chance) for chance in [chances(7)] for _ in range(50)} == {0, 1, 2}


def test_shared_words_and_articles():
    text = finished(["a", "$job", "had", "a", "unit", "and", "a", "hour"], {"job": ["old", "actor"]})
    assert text == ["an", "old", "actor", "had", "a", "unit", "and", "an", "hour"]
    with pytest.raises(KeyError):
        finished(["$job"], {})
