"""What pages share: plain decisions that tests call, and pieces that more than one page shows."""
