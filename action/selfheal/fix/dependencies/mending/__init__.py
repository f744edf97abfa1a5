"""The ways of mending, one file each: what they keep as a candidate has passed the failing command once."""
