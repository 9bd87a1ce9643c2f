"""What a class draws together: the teacher's side and the students' side."""
