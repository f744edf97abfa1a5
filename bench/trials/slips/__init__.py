"""Ways in which people write a program that does the wrong thing; each lists its places in a file."""
