"""Files shipped with FundTrack, read through `fundtrack.assets` and nowhere else."""
