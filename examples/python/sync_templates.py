"""Compares the templates of every channel with the platform's, shows the differences, and takes them over with --apply.

    python examples/python/sync_templates.py [--apply]

With GUICHE_TOKEN and --db it asks the Cloud API about a real account; otherwise a made-up one.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from tqdm import tqdm

import guiche
from counter import open_counter


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--db", type=Path, help="an account's database")
    parser.add_argument("--apply", action="store_true", help="take the differences over")
    given = parser.parse_args()
    token = os.environ.get("GUICHE_TOKEN")
    if given.db is not None and token:
        platform = guiche.Platform.cloud_api(token, [])
        engine = guiche.Engine.open(given.db, platforms={guiche.ChannelKind.WHATS_APP: platform})
    else:
        engine = open_counter().engine
    with engine:
        for channel in engine.setup().channels.values():
            sync(engine, channel, given.apply)


def sync(engine: guiche.Engine, channel: guiche.Channel, apply: bool) -> None:
    with tqdm(desc=channel.name, unit=" templates") as bar:

        def progress(page: guiche.SyncPage) -> None:
            # It counts anew when the platform forgot where the listing was.
            bar.update(page.templates - bar.n)

        diff = engine.diff_templates_with(channel.id, progress)
    print(f"{channel.name}: {len(diff.added)} new, {len(diff.changed)} changed, {len(diff.vanished)} gone, {diff.unchanged} as they were")
    for change in diff.changed:
        print(f"  {change.after.name} ({change.after.language})")
    if apply and not diff.is_empty:
        engine.admin().apply_templates(diff)
        print("  taken over")


if __name__ == "__main__":
    main()
