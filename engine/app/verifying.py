"""Use case: whether the installers that lie on servers are the ones that were meant."""

from __future__ import annotations

from threading import Event

from engine.app.cache import Cache
from engine.app.fetching import FetchProgress, Origins, fetch
from engine.app.fileservers import file_servers
from engine.app.project import Project
from engine.app.target import Target
from engine.compiler.catalog import installer_places
from engine.compiler.district import load_district, open_district
from engine.compiler.verify import installable_remotes
from engine.model.origin import Finding


def verify_on_servers(project: Project, progress: FetchProgress) -> tuple[Finding, ...]:
    """Fetch every installer of the catalog that lies on a server and is not in the cache yet.

    Those of products that no host may have, because they are only requested or are withdrawn, are left out,
    and so are those in places that nothing may come from, which `validate` tells anyway. What was fetched
    stays in the cache, for the next apply. File servers are asked as for the district's own computers, not
    for a rehearsal. Other mistakes of the manifests are not told here.
    """
    shared, _ = open_district(project.manifests)
    if shared is None:
        return ()
    places = installer_places(shared.shared.documents)
    wanted = [each for each in installable_remotes(shared.shared) if places.allow(each.source)]
    # The schools are read only where something is to be fetched: a share may be on one of their hosts.
    district = load_district(project.manifests).district if wanted else None
    if district is None:
        return ()
    origins = Origins(places, file_servers(project, district, Target.LIVE))
    problems = fetch(wanted, Cache(project.cache), origins, progress, Event())
    return tuple(sorted(Finding(remote.place, "wrong-file", problem) for remote, problem in problems.items()))
