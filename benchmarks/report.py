"""What every report says of the machine, and where reports are kept."""

import datetime
import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def machine(*packages: str) -> str:
    """What it runs on, how busy that is, and the versions of packages, of those that are installed."""
    cpu = Path("/proc/cpuinfo")
    models = re.findall(r"model name\s*: (.*)", cpu.read_text(encoding="utf-8") if cpu.exists() else "")
    versions = ", ".join(f"{name} {found}" for name in packages if (found := _version(name)))
    cores = f"{os.cpu_count()} × {[*models, platform.machine()][0]}, load {os.getloadavg()[0]:.1f} at the start"
    return f"{cores}; {platform.system()}, Python {platform.python_version()}, {versions}"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def today() -> str:
    """The date, for titles and names of files."""
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def keep(name: str, text: str) -> None:
    """Keeps a report in results/, and says so."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
    print(f"\nkept as benchmarks/results/{name}.md")
