"""Files that say what a project needs, one file a format: read as requirements, edited by the smallest change."""
