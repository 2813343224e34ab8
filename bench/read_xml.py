"""Reads 10,000 XML declarations: Daliz beside a plain lxml loop over the same files, in one run.

The files are ASYCUDA World documents made from seeds, and copies of the EAEU and WCO samples where those lie
beside the project: each copy has a file name, and of WCO a reference, of its own; all else is unchanged.
The plain loop parses every file and walks its elements once, adding up the lengths of their texts: it knows
no format, checks nothing and writes nothing, and so is the floor. Daliz parses safely, reads the format,
converts, checks and writes tables. Seconds of the processor stand beside those of the clock, which other work
on the machine lengthens. Run ``python -m bench.read_xml``; figures go to ``bench/results/read_xml.json``.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import record
from tests.engine.reading.xml.asycuda_documents import a_sad, xml_of

FILES = 10_000
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
_REFERENCE = re.compile(rb"(<(?:\w+:)?FunctionalReferenceID>\s*)")


def main() -> None:
    """Lay the files down, read them in both ways, keep the figures."""
    figures: list[dict[str, record.Figure]] = []
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "xml"), Path(folder, "out")
        counts = lay(source)
        size = sum(path.stat().st_size for path in source.iterdir())
        whole: dict[str, record.Figure] = {"files": FILES, **counts, "source_mib": round(size / 1024**2, 1)}
        floor, told = run([sys.executable, "-c", _LOOP, str(source)])
        figures.append({"reader": "plain lxml loop", **whole, **floor, "elements": int(told)})
        command = [sys.executable, "-m", "daliz", "read", str(source), "--out", str(out), "--json"]
        took, told = run(command)
        result = json.loads(told)
        figures.append(
            {"reader": "daliz read", **whole, **took, "items_taken": result["tables"]["declarations"],
             "declarations_taken": result["declarations"]}
        )  # fmt: skip
    record.keep(
        "read_xml",
        command="python -m bench.read_xml",
        data="XML documents in turn: ASYCUDA made from seeds, the EAEU samples, the WCO samples",
        figures=figures,
    )


def lay(folder: Path) -> dict[str, record.Figure]:
    """Write the files; return how many there are of each format."""
    folder.mkdir()
    samples = {
        name: [path.read_bytes() for path in sorted((SHARED / name).glob("*.xml"))]
        for name in ("eaeu", "wco")
    }
    names = ["asycuda", *(name for name, found in samples.items() if found)]
    counts: dict[str, int] = dict.fromkeys(names, 0)
    for number in range(FILES):
        name = names[number % len(names)]
        if name == "asycuda":
            content = xml_of(a_sad(number))
        else:
            found = samples[name][counts[name] % len(samples[name])]
            content = _REFERENCE.sub(rb"\g<1>%d-" % number, found)
        (folder / f"{number:05}-{name}.xml").write_bytes(content)
        counts[name] += 1
    return dict(counts)


def run(command: list[str]) -> tuple[dict[str, record.Figure], str]:
    """Run a command in a process of its own; return what it took, and what it printed."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, *command], check=True, stdout=subprocess.PIPE, text=True
    )
    seconds = round(time.perf_counter() - begun, 1)
    told, took = done.stdout.rsplit("\n", 1)
    processor, peak = took.split()
    took_mib = round(int(peak) / 1024, 1)
    return {"seconds": seconds, "processor_seconds": float(processor), "peak_mib": took_mib}, told


_LOOP = (
    "import re, sys\n"
    "from pathlib import Path\n"
    "from lxml import etree\n"
    "count = letters = 0\n"
    "for path in sorted(Path(sys.argv[1]).iterdir()):\n"
    "    data = path.read_bytes()\n"
    "    try:\n"
    "        root = etree.fromstring(data)\n"
    "    except etree.XMLSyntaxError:\n"
    "        root = etree.fromstring(re.sub(rb'<!--.*?-->', b'', data, flags=re.DOTALL))\n"
    "    for element in root.iter():\n"
    "        count += 1\n"
    "        letters += len(element.text or '')\n"
    "print(count)\n"
)

_WATCHED = (
    "import resource, subprocess, sys\n"
    "done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, text=True, check=True)\n"
    "sys.stdout.write(done.stdout.strip() + '\\n')\n"
    "took = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
    "sys.stdout.write(f'{took.ru_utime + took.ru_stime:.1f} {took.ru_maxrss}')\n"
)


if __name__ == "__main__":
    main()
