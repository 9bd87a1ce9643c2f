"""What whoever brings files along chooses: how samples become arrays, and which are for testing."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.catalog import Tokens

ImageShape = Literal["28x28", "32x32x3", "64x64x3"]
"""Height, width, and 3 for colours: grey as MNIST has it, or colours."""
Fit = Literal["crop", "pad", "stretch"]
"""How a picture of another shape becomes a square: its middle is cut out, its border is filled, or it is stretched."""

SHAPES: dict[ImageShape, tuple[int, ...]] = {
    "28x28": (28, 28),
    "32x32x3": (32, 32, 3),
    "64x64x3": (64, 64, 3),
}


class Choices(BaseModel):
    """How a data set is made of the files.

    Attributes:
        title: What it is called.
        class_names: What its classes are called, in the order of `Understood.classes`; () for as the files have it.
        license_note: Under which terms the samples may be used, in the words of whoever brings them.
        given_split: Whether the samples that the files set apart are the test set; else a share of all is, stratified.
        test_share: That share.
        seed: The number that decides which, and which samples are left out by `most`.
        most: How many samples are used at most, the same share of each class; None for all.
        image_shape: Into which form pictures are brought.
        fit: How pictures of another shape are brought into it.
        invert: Whether dark becomes light: MNIST and its like have light strokes on black.
        tokens: What texts are cut into.
        text_column: The column of a table with the text; "" for the one that was found. `label_column` likewise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = ""
    class_names: tuple[str, ...] = ()
    license_note: str = ""
    given_split: bool = True
    test_share: Annotated[float, Field(gt=0, lt=1)] = 0.2
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 777
    most: Annotated[int, Field(ge=10)] | None = None
    image_shape: ImageShape = "28x28"
    fit: Fit = "crop"
    invert: bool = False
    tokens: Tokens = "words"
    text_column: str = ""
    label_column: str = ""
