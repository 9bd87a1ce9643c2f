"""Colours with a meaning, the same in every figure and in both themes.

Each keeps a contrast of at least 3 : 1 against the white and the dark page, and they stay apart in the
common forms of colour blindness. Nothing is told by colour alone: lines also differ in dash and marker.
"""

TRAINING = "#1f83c9"
VALIDATION = "#d9731a"
TURNING_POINT = "#c0569f"
#: Lines and words that stand back: grids, axes, notes.
QUIET = "#8793a0"
#: Words on coloured cells of a light page, and of a dark one.
INK, INK_ON_DARK = "#1f2a33", "#f2f6f9"
