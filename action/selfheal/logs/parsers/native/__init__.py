"""Parsers for C and C++: compilers, linkers, make, CMake and their test runners."""
