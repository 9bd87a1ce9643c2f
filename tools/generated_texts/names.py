"""Made-up names of people, towns and firms: most of the rare words that a long text set has.

Family names and towns are put together from two parts each, so that there are hundreds of them, each of which
looks like a name and few of which are met twice. Whoever bears such a name in real life is not meant.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from tools.generated_texts.grammar import Choice, words

WOMEN = words(
    """
    anna clara emma laura julia maria helen nora alice sarah rose ellen martha grace ruth irene elena sofia lucy
    hanna vera olga ida paula judith marion esther lydia greta naomi stella celia dora flora hazel ivy josephine
    linda mabel nina olive petra rita sylvia tessa ursula violet wanda yvonne zoe agnes bridget carmen delia edith
    fiona gwen harriet ingrid joan katrin leonora mina odette priya rosalind selma thea yuna mira aiko leila amina
    """,
    evenness=12,
)

MEN = words(
    """
    peter paul james martin david thomas robert daniel henry george simon oscar victor walter edward arthur samuel
    felix anton hugo leon max adam albert benjamin carl dennis emil frank gordon harold isaac jacob kenneth lewis
    matthew nathan oliver philip ralph stephen theodore vincent warren alfred bernard conrad douglas ernest franklin
    gilbert herbert ivan joseph karl leonard maurice nicholas otto patrick quentin raymond sebastian timothy ulrich
    wesley xavier minho kenji omar rafael tariq
    """,
    evenness=12,
)

_FAMILY_FRONT = words(
    """
    ald alver ash barn bar bas beck ben berring bex birk blan bol bram brack brad brins brock brom burn cald cam carl
    cas chad cham chelms clap clay clif col con cor cran cren crom cros cud cul dal dan dar deb den der din don dor
    drake dun dur eas edge ell elms ever fair fal farn fen fern fin fox gar glas gren grin hal ham har hart has hath
    hay hazel hels hen hol horn hum ing ken kings kirk lam lang lar leb lind lock lud lun mal mar mead mel mer mid mil
    mor mul nor oak ock pem pen pres quen rad ran raven red rock rom rush sel shel sher sid stan sten strat sum sut
    swin tam ten thorn til tren tun tur und wal wad war wed wen wes whit wil win wood wrex wyn yar yel
    """
).alternatives
_FAMILY_BACK = words(
    """
    ford well ton field worth wood ley man more stone ward shaw wick croft bury by den dale ham ridge combe stead
    land thorpe ker bridge lock grave brook
    """
).alternatives

_TOWN_FRONT = words(
    """
    abbey alder amber arden barrow bel birch bram bright calder castle cedar chalk clear cloud cold copper coral
    corran crow dawn deep drift dun eagle elm ever fal falcon far fern fisher flint fort frost glass glen gold gran
    grass green grey gull harrow haven hawk heron hill hollow honey iron ivory juniper kel king lake lang lark lin
    lorn maple marl marsh mead mill mist moon moss new north oak ocean old orchard otter pebble pine quarry rain raven
    ridge river rose salt sand sea shell silver snow south spring star stony storm summer sun swan tarn thistle tide
    vale wal water west wheat wild willow wind winter wolf
    """
).alternatives
_TOWN_BACK = words(
    """
    haven port bridge mouth ville dale burgh gate cliff shore minster fell hurst view moor stead bay ford wick
    brook cross holm pool crest hampton
    """
).alternatives


def _compounds(fronts: tuple[str, ...], backs: tuple[str, ...], seed: int, evenness: int) -> Choice:
    """All pairs of parts, in an order that only the seed decides."""
    pairs = [front + back for front, back in product(fronts, backs) if front != back and front[-1] != back[0]]
    order = np.random.RandomState(seed).permutation(len(pairs))
    return Choice(tuple(pairs[place] for place in order), evenness)


FAMILIES = _compounds(_FAMILY_FRONT, _FAMILY_BACK, seed=1, evenness=6)
TOWNS = _compounds(_TOWN_FRONT, _TOWN_BACK, seed=2, evenness=4)

NAMES: dict[str, Choice] = {
    "woman": WOMEN,
    "man": MEN,
    "family": FAMILIES,
    "town": TOWNS,
    "person": Choice(("<man> <family>", "<woman> <family>"), 50),
}
"""The rules that both grammars share."""
