"""What the network answered to the test set, sample by sample."""
