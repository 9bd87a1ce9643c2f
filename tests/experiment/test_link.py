"""Links come from strangers: every wrong one is refused with a sentence, none is executed or half-read."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import presets
from core.errors import TurningPointError


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"preset": "nothing"}, "unknown_preset"),
        ({"preset": "<script>alert(1)</script>"}, "unknown_preset"),
        ({"layers": "dens:3"}, "link_unknown_kind"),
        ({"layers": "dense:3:relu:4:5"}, "link_unknown_setting"),
        ({"layers": "dense:3:colour=red"}, "link_unknown_setting"),
        ({"layers": "dense:many"}, "not_a_whole_number"),
        ({"layers": ""}, "no_layers"),
        ({"layers": "dense:10:softmax," * 1000}, "link_too_long"),
        ({"optimizer": "adam:fast"}, "not_a_number"),
        ({"optimizer": "none"}, "link_unknown_kind"),
        ({"split": "first"}, "missing_field"),
        ({"epochs": "none"}, "not_a_whole_number"),
        ({"train_limit": "none"}, None),
        ({"epochs": "[1]"}, "not_a_whole_number"),
        ({"__class__": "1"}, "unknown_field"),
    ],
)
def test_wrong_links(parameters: dict[str, str], code: str | None) -> None:
    if code is None:
        presets.follow(parameters)
        return
    with pytest.raises(TurningPointError) as caught:
        presets.follow(parameters)
    assert caught.value.code == code


@given(
    st.dictionaries(
        st.sampled_from(["layers", "optimizer", "split", "epochs", "seed", "x"]), st.text(max_size=40)
    )
)
def test_any_text_gives_an_experiment_or_a_sentence(parameters: dict[str, str]) -> None:
    with contextlib.suppress(TurningPointError):
        presets.follow(parameters)
