import datetime

from feedreader.entries import Entry, newest, titles


def test_newest_entries_come_first():
    old = Entry("old", datetime.date(2024, 1, 1))
    new = Entry("new", datetime.date(2025, 1, 1))
    assert titles(newest([old, new])) == ["new", "old"]
