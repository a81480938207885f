"""The month at a glance: first-response and resolution times by department, templates used, failures by code.

    python examples/python/report.py [--db counter.db] [--png report.png]
"""

from __future__ import annotations

import argparse
from collections import Counter as Tally
from collections import defaultdict
from pathlib import Path
from statistics import median

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

import guiche
from counter import open_counter, play_a_month


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--db", type=Path, help="an account's database; without it a month is made up")
    parser.add_argument("--png", type=Path, default=Path("report.png"), help="where the plot goes")
    given = parser.parse_args()
    if given.db is not None:
        engine = guiche.Engine.open(given.db)
    else:
        made_up = open_counter()
        play_a_month(made_up)
        engine = made_up.engine
    with engine:
        report(engine, given.png)


def report(engine: guiche.Engine, png: Path) -> None:
    first: dict[str, list[float]] = defaultdict(list)
    resolved: dict[str, list[float]] = defaultdict(list)
    templates: Tally[str] = Tally()
    desk = engine.back_office()
    for row in engine.iter_attendance_rows():
        if row["first_response_ms"] is not None:
            first[row["department_name"]].append(row["first_response_ms"] / 60_000)
        if row["resolution_ms"] is not None:
            resolved[row["department_name"]].append(row["resolution_ms"] / 3_600_000)
        for shown in desk.iter_messages(row["id"]):
            match shown.message.content:
                case guiche.Content.Template(sent):
                    templates[sent.name] += 1
    failures: Tally[str] = Tally()
    for message in engine.iter_message_rows():
        if message["failure_code"] is not None:
            failures[str(message["failure_code"])] += 1

    for name in sorted(first.keys() | resolved.keys()):
        answered = f"{median(first[name]):.0f} min" if first[name] else "none yet"
        done = f"{median(resolved[name]):.1f} h" if resolved[name] else "none yet"
        print(f"{name}: first response {answered}, resolution {done} (medians of {len(first[name])} answered talks)")
    print("templates:", ", ".join(f"{name} {count}x" for name, count in templates.most_common()) or "none")
    print("failures:" if failures else "failures: none")
    for code, count in failures.most_common():
        print(f"  {count}x {code}: {guiche.platform_advice(int(code), guiche.Locale.EN)}")

    figure, axes = plt.subplots(2, 2, figsize=(10, 7))
    (left, right), (below, last) = axes
    boxes(left, first, "First response (min)")
    boxes(right, resolved, "Resolution (h)")
    bars(below, templates, "Templates used")
    bars(last, failures, "Failures by code")
    figure.tight_layout()
    figure.savefig(png, dpi=110)
    print(f"plot: {png}")


def boxes(axes: Axes, by_department: dict[str, list[float]], title: str) -> None:
    names = sorted(by_department)
    axes.boxplot([by_department[name] for name in names])
    axes.set_xticks(list(range(1, len(names) + 1)), names)
    axes.set_title(title)


def bars(axes: Axes, counts: Tally[str], title: str) -> None:
    axes.barh(list(counts), list(counts.values()))
    axes.set_title(title)


if __name__ == "__main__":
    main()
