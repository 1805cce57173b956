"""Exit codes: one list. Imports nothing, so that the shortest commands start at once."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process tells its caller."""

    DONE = 0  # done, or nothing to do
    UNEXPECTED = 1  # a defect; the log file says more
    CHANGES = 2  # the plan has changes (only with --detailed-exitcode), or files are not formatted
    INVALID = 3  # the input is wrong: manifests, options, a plan file
    FAILED = 4  # some changes, or the reading of some hosts, failed, or changes wait for a restart
    REFUSED = 5  # stale plan, lease, protection
    UNREACHABLE = 6  # nothing failed, but some hosts did not answer, or people were using what would change
    CANCELLED = 130  # Ctrl-C
