"""Korean particles that agree with what they follow: "3은", "셔츠는", where a language file has "{name}은(는)".

Which form is right depends on whether the last syllable ends in a consonant. Hangul shows that and numerals are read in
one way; how a word in other letters is read nobody can know, so it keeps both forms.
"""

from __future__ import annotations

import re

_FORMS = {
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "와(과)": ("과", "와"),
    "(으)로": ("으로", "로"),
}
#: What is read aloud before a particle, then signs that are not: quotes, brackets, the marks of code and of bold.
_PLACE = re.compile(
    r"([가-힣0-9%])((?:[\"'”’`»*\]]|\\[*_`\])]|\))*)(" + "|".join(map(re.escape, _FORMS)) + ")"
)
_FINALS = 28  # how many endings the syllables of a row have, the first of them none
_RIEUL = 8  # the ending ㄹ, after which it is "로"
#: The endings of 영, 일, 이, 삼, 사, 오, 육, 칠, 팔, 구; 십, 백, 천 and 만 have one, too, like 영.
_OF_DIGITS = (21, _RIEUL, 0, 16, 0, 0, 1, _RIEUL, _RIEUL, 0)
_PERCENT = 0  # 퍼센트


def agreeing(text: str) -> str:
    """A Korean sentence with the one form of each particle that its noun asks for, where that is known."""
    return _PLACE.sub(lambda found: found[1] + found[2] + _form(found[3], _ending(found[1])), text)


def _form(both: str, ending: int) -> str:
    closed, open_ = _FORMS[both]
    return closed if ending and not (ending == _RIEUL and both == "(으)로") else open_


def _ending(sign: str) -> int:
    """With which consonant the last syllable of a sign ends, by its place among the endings of Hangul; 0 for none."""
    if sign == "%":
        return _PERCENT
    if sign.isdecimal():
        return _OF_DIGITS[int(sign)]
    return (ord(sign) - ord("가")) % _FINALS
