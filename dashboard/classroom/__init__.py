"""A class in a room: joining it, the board of the teacher, and what stands on every page while one sits in it."""
