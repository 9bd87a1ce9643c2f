"""The commands of `python -m core`: `commands` lists them, the other modules do what they say."""
