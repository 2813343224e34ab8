"""Commands of the live system; what needs Django is imported when one of them runs, never before."""
