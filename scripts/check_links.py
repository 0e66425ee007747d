#!/usr/bin/env python3
"""Links in the Markdown files, and the sections that comments cite, lead somewhere: to a file, and to a heading in it.
Addresses on the internet are not followed.  usage: scripts/check_links.py [--root FOLDER]"""
import argparse
import pathlib
import re
import subprocess
import sys

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^#{1,6} +(.*?)(?: #+)?$", re.MULTILINE)
# models/fomm/README.md#keypoints, as seen from src.
CITED = re.compile(r"\b((?:[\w-]+/)+README\.md)#([\w-]+)")
LEFT = re.compile(r"\bspec,? section\b")


def prose(text):
    """Without fenced blocks and code spans: what looks like a link there is none."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def anchors(path, known={}):
    """The names that GitHub gives to a file's headings."""
    if path not in known:
        names = set()
        for title in HEADING.findall(re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"),
                                            flags=re.MULTILINE | re.DOTALL)):
            title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title)
            plain = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
            name, again = plain, 0
            while name in names:
                again += 1
                name = f"{plain}-{again}"
            names.add(name)
        known[path] = names
    return known[path]


def fault_of(base, target):
    """What is wrong with a link seen from the folder `base`; None if nothing is."""
    file, _, anchor = target.partition("#")
    path = (base / file).resolve() if file else None
    if path is not None and not path.exists():
        return "leads nowhere"
    if anchor and path is not None and path.suffix == ".md" and anchor.lower() not in anchors(path):
        return "names a heading that is not there"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    root = parser.parse_args().root.resolve()
    listed = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True)
    # Without git (an unpacked archive) every file but those that a build made.
    names = listed.stdout.splitlines() if listed.returncode == 0 else [
        str(path.relative_to(root)) for path in root.rglob("*") if path.relative_to(root).parts[0] != "build"]
    files = [root / name for name in sorted(names) if (root / name).is_file()]
    faults = links = 0
    for path in files:
        if path.suffix == ".md":
            text = path.read_text(encoding="utf-8")
            for target in LINK.findall(prose(text)):
                if re.match(r"[a-z]+:", target):
                    continue
                links += 1
                own = target if not target.startswith("#") else path.name + target
                fault = fault_of(path.parent, own)
                if fault:
                    print(f"{path.relative_to(root)}: the link {target} {fault}")
                    faults += 1
        elif path.suffix in (".h", ".cpp") and path.relative_to(root).parts[0] in ("src", "include", "tools", "tests"):
            # A citation may be broken where a comment's line ends.
            text = re.sub(r"\n\s*// ?", " ", path.read_text(encoding="utf-8"))
            for file, anchor in CITED.findall(text):
                links += 1
                fault = fault_of(root / "src", f"{file}#{anchor}")
                if fault:
                    print(f"{path.relative_to(root)}: {file}#{anchor} {fault}")
                    faults += 1
            for _ in LEFT.findall(text):
                print(f"{path.relative_to(root)}: cites a specification that is not in this repository")
                faults += 1
    print(f"links: {len(files)} files, {links} links and citations, {faults} of them wrong")
    return 1 if faults or not links else 0


if __name__ == "__main__":
    sys.exit(main())
