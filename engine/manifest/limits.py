"""How big a manifest may be. Far above what people write, far below what would hurt the controller."""

FILE_BYTES = 1_048_576
SCALAR_CHARACTERS = 65_536
DEPTH = 40  # nested lists and groups
NODES = 200_000  # in one file, with every alias counted as the tree that it stands for
ALIASES = 100  # in one file
PARTS = 200  # of a file with a syntax error, which are searched for more of them
SELECTOR_CHARACTERS = 1_000
SELECTOR_WORDS = 100
SELECTOR_DEPTH = 20  # parentheses within parentheses, or `not` of `not`
NESTED_PROFILES = 20
PROFILE_USES = 2_000  # that the district's file leads to, or the files of one school
PROFILE_RESOURCES = 10_000  # that these uses bring
HOSTS = 10_000  # of one school; the biggest has 600
EXCEPTIONS = 200  # names and ranges under one `except`
HOST_GROUPS = 1_000  # of one school
SELECTORS = 200  # under one `hosts`
RANGE_NAMES = 200_000  # that the selectors of one file name by ranges
SELECTED = 1_000_000  # hosts of a school, counted for each different selector
MADE = 100_000  # resources of a school, hosts that are alike counted once
WAITS = 1_000_000  # of resources of a school for those of other hosts
HINTS = 50  # near misses looked for in one school; further mistakes are told without
FILES = 20_000  # in one manifests folder
FOLDER_DEPTH = 12  # folders below the manifests folder
