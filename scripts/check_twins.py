#!/usr/bin/env python3
"""Types that are defined twice under one name break C++'s rule of one definition, and no compiler sees it: each file is
fine alone, and whichever functions the linker keeps work on the wrong one's bytes. This looks for types of the same
namespace and name in two places.  usage: scripts/check_twins.py [--root FOLDER]"""
import argparse
import collections
import pathlib
import re
import sys

OPENS = re.compile(r"^\s*(?:inline )?namespace( [\w:]+)? \{")
CLOSES = re.compile(r"^\}  // namespace")
TYPE = re.compile(r"^(?:template <.*> )?(?:struct|class|enum(?: class)?) (?:\w+_EXPORT )?(\w+)(?: final)?(?: :[^:;]*)? ?\{")


def definitions(path):
    """(namespace, name, line) of what stands at namespace scope, whatever has no name in other files left out."""
    scope = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        opened = OPENS.match(line)
        if opened and "}" not in line:
            scope.append((opened[1] or " <here>").strip())
            continue
        if CLOSES.match(line):
            scope.pop()
            continue
        if not scope or "<here>" in scope:
            continue
        space = "::".join(scope)
        found = TYPE.match(line)
        if found:
            yield space, found[1], number


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    root = parser.parse_args().root
    places = collections.defaultdict(list)
    files = [path for folder in ("include", "src") for path in sorted((root / folder).rglob("*"))
             if path.suffix in (".h", ".cpp")]
    for path in files:
        for space, name, line in definitions(path):
            places[space, name].append(f"{path.relative_to(root)}:{line}")
    twins = {key: where for key, where in places.items() if len(where) > 1}
    for (space, name), where in sorted(twins.items()):
        print(f"{space}::{name} is defined {len(where)} times: {', '.join(where)}; give each a name of its own")
    print(f"twins: {len(files)} files, {len(places)} types, {len(twins)} defined more than once")
    return 1 if twins or not files else 0


if __name__ == "__main__":
    sys.exit(main())
