#!/usr/bin/env python3
"""Makes the table of scripts/gpu_check.sh from what its steps left in a folder: table.txt, which is printed, and table.json.
usage: scripts/gpu_check_table.py FOLDER"""
import json
import pathlib
import sys


def lines_of(path):
    """The JSON documents of a file, one a line; lines that are none are passed over."""
    found = []
    if path.exists():
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:
                pass
    return found


def document(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def text_table(head, rows):
    """Columns as wide as their widest cell, numbers to the right."""
    cells = [head] + [["" if cell is None else str(cell) for cell in row] for row in rows]
    width = [max(len(row[i]) for row in cells) for i in range(len(head))]
    right = [all(row[i][:1].isdigit() or not row[i] for row in cells[1:]) for i in range(len(head))]
    return "\n".join("  ".join(cell.rjust(w) if r else cell.ljust(w) for cell, w, r in zip(row, width, right)).rstrip()
                     for row in cells)


def speed_rows(folder, python):
    """(model, precision) -> our time, the baseline's in the same run, eager and compiled PyTorch's; milliseconds a frame."""
    rows = []
    for path in sorted(folder.glob("bench-*.out")):
        _, model, precision = path.stem.split("-")
        bench = document(path)
        if bench is None:
            continue
        row = {"model": bench["model"], "precision": precision, "device": bench["device"],
               "ours": bench["milliseconds_per_frame"], "baseline": bench["comparison"]["milliseconds_per_frame"],
               "largest_difference": bench["comparison"]["difference"]["largest"],
               "psnr_db": bench["comparison"]["difference"]["psnr_db"]}
        for way in ("eager", "compiled"):
            times = [line["milliseconds_per_frame"] for line in python if line["model"] == model
                     and line["precision"] == precision and line["way"] == way and "milliseconds_per_frame" in line]
            row[way] = times[-1] if times else None
        rows.append(row)
    return sorted(rows, key=lambda row: row["model"])


def number(value, digits=2):
    return None if value is None else f"{value:.{digits}f}"


def ratio(other, ours):
    return None if other is None or not ours else f"{other / ours:.2f}"


def main():
    if len(sys.argv) != 2 or not pathlib.Path(sys.argv[1]).is_dir():
        sys.exit("gpu_check_table.py: give the folder with gpu_check.sh's results")
    folder = pathlib.Path(sys.argv[1])
    steps = lines_of(folder / "steps.jsonl")
    tests = lines_of(folder / "tests.jsonl")
    python = [line for path in sorted(folder.glob("python-*.out")) for line in lines_of(path)]
    doctor = document(folder / "doctor.out") or {}
    speed = speed_rows(folder, python)
    machine = [f"{finding['area']}: {finding['text']}" for finding in doctor.get("findings", [])
               if finding["area"] in ("LibTorch", "CUDA", "device", "GPU")]
    parts = ["machine", *(f"  {line}" for line in machine), ""]
    if speed:
        parts += ["milliseconds a frame; times as fast as",
                  text_table(["model", "precision", "ours", "original", "eager", "compiled", "original", "eager", "compiled",
                              "psnr dB"],
                             [[row["model"], row["precision"], number(row["ours"]), number(row["baseline"]),
                               number(row["eager"]), number(row["compiled"]), ratio(row["baseline"], row["ours"]),
                               ratio(row["eager"], row["ours"]), ratio(row["compiled"], row["ours"]),
                               number(row["psnr_db"], 1) if row["psnr_db"] is not None else "inf"] for row in speed]), ""]
    agreement = [line for line in tests if line["what"] == "agreement"]
    if agreement:
        parts += ["frames against the CPU in float32, of 0..1",
                  text_table(["model", "precision", "largest", "allowed", "mean", "allowed"],
                             [[line["model"], line["precision"], f"{line['largest']:.2e}", f"{line['largest_allowed']:.0e}",
                               f"{line['mean']:.2e}", f"{line['mean_allowed']:.0e}"] for line in agreement]), ""]
    for line in tests:
        if line["what"] == "graphs":
            parts.append(f"{line['model']} {line['precision']}: {line['recordings']} recordings, "
                         + ("equal to the bit" if line["equal"] else "NOT EQUAL"))
        if line["what"] == "memory":
            parts.append(f"{line['model']}: {line['frames']} frames, {line['grown_bytes'] / 1e6:.1f} MB more beside the device, "
                         f"{line['device_grown_bytes'] / 1e6:.1f} MB more on it")
    failures = [line for line in python if "failed" in line]
    parts += [f"python {line['model']} {line['precision']} {line['way']}: {line['failed']}" for line in failures]
    bad = [step for step in steps if step["state"] != "ok"]
    parts += ["", f"{len(steps) - len(bad)} of {len(steps)} steps went well"]
    parts += [f"  {step['state']}: {step['step']} (see {step['step']}.log)" for step in bad]
    text = "\n".join(parts) + "\n"
    (folder / "table.txt").write_text(text, encoding="utf-8")
    whole = {"machine": machine, "steps": steps, "speed": speed, "tests": tests, "python": python}
    (folder / "table.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    print(text, end="")
    print(f"the table lies in {folder}/table.txt and table.json")


if __name__ == "__main__":
    main()
