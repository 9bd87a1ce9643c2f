"""Write the file with the generated texts anew: `python -m tools.generated_texts`."""

from tools.generated_texts import FILE, write

write(FILE)
