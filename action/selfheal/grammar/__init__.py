"""Source of other languages than Python, read by tree-sitter: functions, words, operators."""

from selfheal.grammar.languages import LANGUAGES, GrammarLanguage, language_of
from selfheal.grammar.parsed_source import Definition, ParsedSource, parsed

__all__ = ["LANGUAGES", "Definition", "GrammarLanguage", "ParsedSource", "language_of", "parsed"]
