#!/usr/bin/env python3
"""The real server on a disk that fills up, during an upload and during a job: one sentence, 507, nothing half-written is
offered, and what was good before stays and works again once there is room.
usage: full_disk.py ANIMATE SOURCE DRIVING -     in an empty working folder, where mount namespaces are allowed"""
import os
import signal
import subprocess

from checks import ANIMATE, DRIVING, SOURCE, count_of_checks, expect, problem
from client import Server

FULL = "the server's disk is full; delete files and jobs, or free some of it"
MEGABYTE = 1 << 20


class Disk:
    """The small disk as it is seen from outside of the server's namespace."""

    def __init__(self, server):
        self.root = f"/proc/{server.process.pid}/root{os.path.abspath('disk')}"

    def free(self):
        facts = os.statvfs(self.root)
        return facts.f_bavail * facts.f_frsize

    def fill(self, leave):
        """Takes all but so many bytes."""
        with open(os.path.join(self.root, "ballast"), "wb") as file:
            file.write(b"x" * max(0, self.free() - leave))

    def clear(self):
        os.remove(os.path.join(self.root, "ballast"))

    def files(self, folder):
        return sorted(os.path.relpath(os.path.join(place, name), os.path.join(self.root, "data", folder))
                      for place, _, names in os.walk(os.path.join(self.root, "data", folder)) for name in names)


def check_upload(disk, client):
    before = disk.files("files")
    open("large.png", "wb").write(open(SOURCE, "rb").read() + b"\0" * (2 * MEGABYTE))
    disk.fill(MEGABYTE)
    problem(client.upload("large.png"), 507, FULL)
    expect(disk.files("incoming") == [] and disk.files("files") == before, "nothing is left of an upload that did not fit", disk.files("incoming"))
    disk.clear()
    # Room for the file, not for the pictures beside it; for nothing at all, not even a folder's list; as a form.
    for leave in (os.path.getsize(SOURCE) + 8192, 0):
        disk.fill(leave)
        problem(client.upload(SOURCE), 507, FULL)
        form = (b'--xx\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n' + open(SOURCE, "rb").read() + b"\r\n--xx--\r\n")
        problem(client.ask("POST", "/api/v1/files", form, {"Content-Type": "multipart/form-data; boundary=xx"}), 507, FULL)
        problem(client.post("/samples"), 507, FULL)
        expect(disk.files("incoming") == [], "nothing is left", disk.files("incoming"))
        disk.clear()
    expect(client.upload(SOURCE).status == 201, "what fits again is taken")


def check_job(disk, client, picture, clip):
    request = {"kind": "animate", "source": picture["id"], "driving": clip["id"], "options": {"crf": 0}}
    # It begins with room for its own file, and fills the disk with its result.
    disk.fill(64 << 10)
    job = client.post("/jobs", request).json()
    last = client.finish(job["id"])
    expect(last["state"] == "failed" and last["problem"]["status"] == 507 and last["problem"]["detail"] == FULL
           and last["result"] is None, "the job tells why", last)
    problem(client.get(f"/jobs/{job['id']}/result"), 404)
    expect(disk.files("jobs") == [f"{job['id']}/job.json"], "nothing half-written is left", disk.files("jobs"))
    disk.clear()
    # Without room it is not even queued.
    disk.fill(0)
    problem(client.post("/jobs", request), 507, FULL)
    problem(client.post("/presets", {"name": "smile", "sliders": {"smile": 1}}), 507, FULL)
    expect(len(client.get("/jobs").json()["jobs"]) == 1 and client.get("/presets").json()["presets"] == [], "nor offered")
    expect(client.get(f"/files/{clip['id']}/content").body == open("short.mp4", "rb").read(), "what is there is still given out")
    # Deleting needs no room, and the disk's owner finds the server as it was.
    expect(client.delete(f"/jobs/{job['id']}").status == 204, "the failed job is deleted")
    disk.clear()
    again = client.finish(client.post("/jobs", request).json()["id"])
    expect(again["state"] == "done" and again["result"]["frames"] == 10, "with room it is made", again)
    return again


def main():
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", DRIVING, "-frames:v", "10", "-an", "-c:v", "libx264", "short.mp4"], check=True)
    os.mkdir("disk")
    # `exec` all the way: the process that is started becomes the server.
    wrapped = ["unshare", "--map-root-user", "--mount", "sh", "-c", f"mount -t tmpfs -o size={8 * MEGABYTE} tmpfs disk && exec \"$@\"", "sh"]
    server = Server(ANIMATE, os.path.abspath("disk/data"), wrapped=wrapped)
    server.wait_for_model()
    disk, client = Disk(server), server.client()
    picture, clip = client.upload(SOURCE).json(), client.upload("short.mp4").json()
    check_upload(disk, client)
    done = check_job(disk, client, picture, clip)
    expect(client.get(f"/jobs/{done['id']}/result").status == 200, "and given out")
    expect(server.stop() == 0, "stops cleanly")
    print(f"{count_of_checks()} checks passed")


if __name__ == "__main__":
    signal.alarm(600)
    main()
