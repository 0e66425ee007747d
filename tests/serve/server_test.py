#!/usr/bin/env python3
"""The real server through a client with nothing but the standard library: whole jobs, a cancelled one, a live session, bad
input, SIGKILL and restart; every route of the OpenAPI document is asked, and only those.
usage: server_test.py ANIMATE SOURCE DRIVING LIVEPORTRAIT_WEIGHTS     in an empty working folder"""
import concurrent.futures
import json
import os
import re
import signal
import subprocess
import sys
import time

import checks
from checks import ANIMATE, DRIVING, SOURCE, WEIGHTS, expect, probe, problem, raw
from client import Server, jpegs_of
from server_safety import (check_keep, check_keys, check_kill, check_limits, check_open, check_origins, check_paths, check_slow_clients,
                           check_tls)


def check_files(client):
    stored = client.upload(SOURCE)
    expect(stored.status == 201, "an upload is stored", stored.body)
    picture = stored.json()
    expect(stored.headers["Location"] == f"/api/v1/files/{picture['id']}", "its Location", stored.headers)
    expect(picture["kind"] == "picture" and picture["name"] == os.path.basename(SOURCE) and picture["width"] == 256
           and picture["bytes"] == os.path.getsize(SOURCE), "what it is", picture)
    expect(re.fullmatch("[0-9a-f]{32}", picture["id"]), "a random id", picture["id"])
    # The same as a form, under a name that means to lead elsewhere.
    content = open(SOURCE, "rb").read()
    form = (b'--xx\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n--xx\r\nContent-Disposition: form-data; '
            b'name="file"; filename="../../etc/pass\\wd.png"\r\nContent-Type: image/png\r\n\r\n' + content + b"\r\n--xx--\r\n")
    second = client.ask("POST", "/api/v1/files", form, {"Content-Type": "multipart/form-data; boundary=xx"})
    expect(second.status == 201 and second.json()["name"] == "passwd.png", "a form's file, by its last name", second.body)
    expect(client.get(f"/files/{second.json()['id']}/content").body == content, "byte by byte what was sent")
    # What `curl --data-binary @FILE` sends.
    third = client.ask("POST", "/api/v1/files?name=curl.png", content, {"Content-Type": "application/x-www-form-urlencoded"})
    expect(third.status == 201 and third.json()["bytes"] == len(content), "bytes that call themselves a form", third.body)
    problem(client.ask("POST", "/api/v1/files", b"{}", {"Content-Type": "application/json"}), 415,
            "application/json: is no file; send its bytes as they are, or a form (multipart/form-data)")
    client.delete(f"/files/{third.json()['id']}")
    clip = client.upload(DRIVING).json()
    expect(clip["kind"] == "video" and clip["frames"] == 150 and abs(clip["seconds"] - 6) < 0.1, "a clip", clip)

    for what, kind, start in (("thumbnail", "image/jpeg", b"\xff\xd8"), ("picture", "image/jpeg", b"\xff\xd8"),
                              ("content", "image/png", b"\x89PNG")):
        got = client.get(f"/files/{picture['id']}/{what}")
        expect(got.status == 200 and got.headers["Content-Type"] == kind and got.body.startswith(start), what, got.headers)
        expect(got.headers["X-Content-Type-Options"] == "nosniff", "nosniff", got.headers)
    path = f"/files/{picture['id']}/content"
    part = client.get(path, headers={"Range": "bytes=10-19"})
    expect(part.status == 206 and part.body == content[10:20]
           and part.headers["Content-Range"] == f"bytes 10-19/{len(content)}", "a range", part.headers)
    expect(client.get(path, headers={"Range": "bytes=-4"}).body == content[-4:], "the last bytes")
    problem(client.get(path, headers={"Range": f"bytes={len(content)}-"}), 416)
    tag = client.get(path).headers["ETag"]
    expect(client.get(path, headers={"If-None-Match": tag}).status == 304, "nothing new")
    head = client.ask("HEAD", "/api/v1" + path)
    expect(head.status == 200 and head.body == b"" and head.headers["Content-Length"] == str(len(content)), "HEAD")
    client.asked.discard(("HEAD", "/api/v1" + path))

    expect(client.get(f"/files/{picture['id']}").json() == picture, "a file by its id")
    expect({file["id"] for file in client.get("/files").json()["files"]} == {picture["id"], second.json()["id"], clip["id"]}, "all files")
    expect(client.delete(f"/files/{second.json()['id']}").status == 204, "deleted")
    problem(client.get(f"/files/{second.json()['id']}"), 404, "no such file is here; upload it again")
    samples = client.post("/samples")
    expect(samples.status == 201 and [f["kind"] for f in samples.json()["files"]] == ["picture", "video"], "the samples", samples.body)
    return picture, clip


def check_bad_files(client):
    open("lies.png", "w").write("this is no picture at all\n")
    told = problem(client.upload("lies.png"), 415)
    expect(told.startswith("lies.png: ") and "/" not in told.replace("and/or", ""), "the sentence of the command line, without a path", told)
    open("page.mp4", "w").write("<!DOCTYPE html><html><body>404</body></html>")
    told = problem(client.upload("page.mp4"), 415)
    expect("web page" in told and "incoming" not in told, "a web page is told as one", told)
    open("empty.png", "w").close()
    problem(client.upload("empty.png"), 422, "empty.png: the file is empty; choose another")
    # A decompression bomb: 40000 x 40000 pixels in few bytes.
    subprocess.run([sys.executable, "-c", "import zlib,struct,sys\n"
                    "c=lambda t,d: struct.pack('>I',len(d))+t+d+struct.pack('>I',zlib.crc32(t+d))\n"
                    "z=zlib.compressobj(9); row=b'\\0'*5001; data=b''.join([z.compress(row) for _ in range(40000)])+z.flush()\n"
                    "open('bomb.png','wb').write(b'\\x89PNG\\r\\n\\x1a\\n'+c(b'IHDR',struct.pack('>IIBBBBB',40000,40000,1,0,0,0,0))+c(b'IDAT',data)+c(b'IEND',b''))"],
                   check=True)
    began = time.time()
    told = problem(client.upload("bomb.png"), 415)
    expect("40000x40000" in told and time.time() - began < 20, "a decompression bomb is refused before it is decoded", told)
    problem(client.ask("POST", "/api/v1/files", b"{}", {"Content-Type": "application/json"}), 415)
    problem(client.ask("POST", "/api/v1/files", b"--x", {"Content-Type": "multipart/form-data"}), 400)
    problem(client.ask("POST", "/api/v1/files", b"--xx\r\n\r\n", {"Content-Type": "multipart/form-data; boundary=xx"}), 400)
    # Ten gigabytes are announced: refused before they are sent.
    got = raw(client, f"POST /api/v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000000\r\n\r\nabc".encode())
    expect(got.startswith(b"HTTP/1.1 413 "), "ten gigabytes announced", got[:200])


def check_job(client, picture, clip):
    options = client.get("/options").json()
    names = [row["name"] for row in options["options"]]
    expect(len(names) > 50 and "adapt-scale" in names and len(options["sliders"]) == 17
           and [kind["name"] for kind in options["kinds"]] == ["animate", "edit", "template", "idle", "morph", "faces", "dream"], "options, sliders, kinds", names)
    request = {"kind": "animate", "source": picture["id"], "driving": clip["id"], "options": {"end": 0.4, "crf": 30}}
    asked = client.post("/jobs", request, headers={"Idempotency-Key": "once"})
    expect(asked.status == 202, "a job is queued", asked.body)
    job = asked.json()
    again = client.post("/jobs", request, headers={"Idempotency-Key": "once"})
    expect(again.status == 202 and again.json()["id"] == job["id"], "asked for once", again.body)
    problem(client.post("/jobs", {**request, "options": {}}, headers={"Idempotency-Key": "once"}), 422)
    early = client.get(f"/jobs/{job['id']}/result")
    expect(early.status in (200, 409), "no result yet", early.status)
    states = list(client.events(job["id"]))
    expect(states[-1]["state"] == "done", "done", states[-1])
    expect(any(state["stage"] == "animating" and state["done"] > 0 for state in states), "progress is told",
           [(s["state"], s["stage"], s["done"]) for s in states])
    result = client.get(f"/jobs/{job['id']}/result")
    expect(result.headers["Content-Type"] == "video/mp4", "its type", result.headers)
    expect(int(result.headers["Content-Length"]) == states[-1]["result"]["bytes"] == len(result.body), "its size")
    open("served.mp4", "wb").write(result.body)
    facts = probe("served.mp4")
    expect(int(facts["nb_read_frames"]) == 10 == states[-1]["result"]["frames"] and facts["width"] == 256, "ten frames", facts)
    # The command line makes the same pictures.
    subprocess.run([ANIMATE, "-q", "-s", SOURCE, "-d", DRIVING, "-o", "line.mp4", "--end", "0.4", "--crf", "30"], check=True,
                   stdout=subprocess.DEVNULL)
    sums = [subprocess.run(["ffmpeg", "-v", "error", "-i", name, "-map", "0:v", "-f", "md5", "-"], capture_output=True, check=True).stdout
            for name in ("served.mp4", "line.mp4")]
    expect(sums[0] == sums[1], "the same pictures as the command line", sums)
    report = client.get(f"/jobs/{job['id']}/report").json()
    expect(report["status"] == "ok" and report["inputs"]["source"]["path"] == picture["name"]
           and report["options"] == {"end": 0.4, "crf": 30}, "the report names what the client knows", report["inputs"])
    expect(os.getcwd() not in json.dumps(report), "no path of the machine in it")
    expect(client.get(f"/jobs/{job['id']}/preview").body.startswith(b"\xff\xd8"), "a preview")
    expect(client.get(f"/jobs/{job['id']}").json()["state"] == "done", "its state")
    expect(job["id"] in [known["id"] for known in client.get("/jobs").json()["jobs"]], "in the list")
    expect("attachment" in client.get(f"/jobs/{job['id']}/result?download").headers["Content-Disposition"], "a download")
    return job


def check_bad_jobs(client, picture, clip):
    base = {"kind": "animate", "source": picture["id"], "driving": clip["id"]}
    problem(client.post("/jobs", {**base, "options": {"adapt-scal": True}}), 422, "adapt-scal: is no option; did you mean adapt-scale?")
    problem(client.post("/jobs", {**base, "options": {"crf": 99}}), 422, "crf: 99 is not a whole number from 0 to 63")
    problem(client.post("/jobs", {**base, "options": {"start": 2, "end": 1}}), 422)
    problem(client.post("/jobs", {**base, "options": {"threads": 64}}), 422, "threads: is settled by whoever starts the server; leave it out")
    for option, value in (("audio", "/etc/passwd"), ("detector", "/etc/passwd"), ("landmarks-203", SOURCE), ("audio", "../../key")):
        problem(client.post("/jobs", {**base, "options": {option: value}}), 422, f"{option}: is no file of yours; upload it and give its id")
    problem(client.post("/jobs", {**base, "kind": "animat"}), 422, "kind: animat is no kind of job; did you mean animate?")
    problem(client.post("/jobs", {**base, "sorce": "x"}), 422, "sorce: is nothing that a job has; did you mean source?")
    problem(client.post("/jobs", {**base, "source": "0" * 32}), 404, "source: no such file is here; upload it again")
    problem(client.post("/jobs", {**base, "source": SOURCE}), 404)
    problem(client.post("/jobs", {**base, "model": "../../secret"}), 422)
    problem(client.post("/jobs", {**base, "format": "exe"}), 422)
    problem(client.post("/jobs", {"kind": "animate", "driving": clip["id"]}), 422, "source is missing; upload a file and give its id")
    problem(client.ask("POST", "/api/v1/jobs", b"{", {"Content-Type": "application/json"}), 400)
    problem(client.ask("POST", "/api/v1/jobs", b"[" * 100000, {"Content-Type": "application/json"}), 400)
    problem(client.ask("POST", "/api/v1/jobs", b"{}", {"Content-Type": "text/plain"}), 415)
    problem(client.ask("POST", "/api/v1/jobs", b'"' + b"x" * 1200000 + b'"', {"Content-Type": "application/json"}), 413)
    # What only the model can tell ends the job, with the command line's sentence and no path.
    asked = client.post("/jobs", {**base, "options": {"set": "smile=1"}}).json()
    last = client.finish(asked["id"])
    expect(last["state"] == "failed" and last["problem"]["detail"].startswith("--set: edits with LivePortrait"), "a failed job", last["problem"])
    problem(client.get(f"/jobs/{asked['id']}/result"), 404)
    expect(client.get(f"/jobs/{asked['id']}/report").json()["status"] == "failed", "the report of a failure")
    expect(client.delete(f"/jobs/{asked['id']}").status == 204, "removed")


def check_cancel(client, picture, clip):
    request = {"kind": "animate", "source": picture["id"], "driving": clip["id"]}
    running = client.post("/jobs", request).json()
    waiting = client.post("/jobs", request).json()
    problem(client.delete(f"/files/{picture['id']}"), 409)
    for state in client.events(running["id"]):
        if state["done"] > 2:
            break
    expect(client.get(f"/jobs/{waiting['id']}").json()["ahead"] == 1, "one before it")
    problem(client.get(f"/jobs/{running['id']}/result"), 409)
    began = time.time()
    for id in (waiting["id"], running["id"]):
        expect(client.delete(f"/jobs/{id}").status == 202, "cancelled")
    for id in (waiting["id"], running["id"]):
        expect(client.finish(id)["state"] == "cancelled", "the state of a cancelled job")
        problem(client.get(f"/jobs/{id}/result"), 404)
    expect(time.time() - began < 20, "at once", time.time() - began)


def check_template_and_batch(client, picture, clip):
    made = client.finish(client.post("/jobs", {"kind": "template", "driving": clip["id"], "options": {"end": 0.2}}).json()["id"])
    expect(made["state"] == "done" and made["result"]["name"] == "sample_driving.motion", "a template", made)
    stored = client.get("/templates").json()["templates"]
    expect(len(stored) == 1 and stored[0]["id"] == made["id"] and stored[0]["frames"] == 5, "in the list of templates", stored)
    open("up.motion", "wb").write(client.get(f"/jobs/{made['id']}/result").body)
    up = client.upload("up.motion").json()
    expect(up["kind"] == "template" and up["frames"] == 5 and up["family"] == "fomm", "uploaded again", up)
    batch = client.post("/jobs", {"kind": "batch", "sources": [picture["id"]], "drivings": [made["id"], up["id"]]}).json()
    ends = [client.finish(job["id"]) for job in batch["jobs"]]
    expect([end["state"] for end in ends] == ["done", "done"] and {end["batch"] for end in ends} == {batch["batch"]}
           and [end["result"]["frames"] for end in ends] == [5, 5], "a batch driven by a job's result and by an upload", ends)


def check_live(client, picture, frames):
    problem(client.post("/live", {"source": "0" * 32}), 404)
    opened = client.post("/live", {"source": picture["id"]})
    expect(opened.status == 201, "a live session", opened.body)
    session = opened.json()
    problem(client.ask("GET", session["socket"]), 426)
    expect(client.socket(session["socket"], origin="https://evil.example").status == 403, "a foreign page gets no socket")
    live = client.socket(session["socket"])
    expect(live.status == 101, "a socket", live.status)
    expect(client.socket(session["socket"]).status == 409, "one connection a session")
    results = []
    for number in (0, 40, 80):
        live.send_frame(frames[number], id=number, captured=number / 25)
        facts, jpeg = live.receive_frame()
        expect(facts["id"] == number and facts["captured"] == number / 25 and facts["face_found"] and facts["width"] == 256
               and jpeg.startswith(b"\xff\xd8") and facts["total_ms"] >= facts["inference_ms"] > 0, "an answer", facts)
        results.append(jpeg)
    expect(len(set(results)) == 3, "the picture moves")
    # The newest frame wins: many at once, few answers, the last frame's among them.
    for number in range(10, 40):
        live.send_frame(frames[number], id=1000 + number)
    ids = []
    while not ids or ids[-1] != 1039:
        ids.append(live.receive_frame()[0]["id"])
    expect(len(ids) < 15 and ids == sorted(ids), "newer frames replace those that wait", ids)
    # The current pose becomes the reference: the picture is the source again, and was not before.
    live.send(b'{"type": "recalibrate"}', binary=False)
    live.send_frame(frames[80], id=1)
    expect(live.receive_frame()[1] != results[2], "recalibrated")
    live.send(b'{"type": "options", "options": {"show-keypoints": true}}', binary=False)
    live.send_frame(frames[80], id=2)
    expect(live.receive_frame()[0]["id"] == 2, "options changed")
    # Frames of changing size.
    for name in ("wide.jpg", "tall.jpg"):
        size = "640x360" if name == "wide.jpg" else "90x160"
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", DRIVING, "-frames:v", "1", "-s", size, name], check=True)
        live.send_frame(open(name, "rb").read(), id=name)
        expect(live.receive_frame()[0]["id"] == name, f"a frame of {size}")
    for bad in (b"\xff\xd8 no picture", b""):
        live.send_frame(bad, id=3)
        try:
            live.receive_frame()
            expect(False, "a frame that is none is told")
        except RuntimeError as error:
            expect("JPEG" in str(error), "a frame that is none is told", error)
    live.send(b'{"type": "nonsense"}', binary=False)
    try:
        live.receive_frame()
        expect(False, "nonsense is told")
    except RuntimeError:
        pass
    live.send_frame(frames[0], id=4)
    expect(live.receive_frame()[0]["id"] == 4, "and the session lives on")
    # Two sessions share the device in turns.
    other = client.socket(client.post("/live", {"source": picture["id"]}).json()["socket"])
    counts = [0, 0]
    end = time.time() + 4
    for session_number, sock in enumerate((live, other)):
        sock.send_frame(frames[0], id=0)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        def drive(number, sock):
            while time.time() < end:
                sock.receive_frame()
                counts[number] += 1
                sock.send_frame(frames[counts[number] % len(frames)], id=counts[number])
        list(pool.map(drive, (0, 1), (live, other)))
    expect(min(counts) >= 2 and max(counts) <= 2 * min(counts) + 1, "two sessions get as much", counts)
    other.close()
    live.close()
    gone = client.post("/live", {"source": picture["id"]}).json()
    expect(client.delete(f"/live/{gone['id']}").status == 204, "closed")
    problem(client.ask("GET", gone["socket"], headers={"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "x",
                                                       "Sec-WebSocket-Version": "13"}), 404)


def check_live_beside_a_job(client, picture, clip, frames):
    """Live frames go between a job's frames; /health answers at once all the while."""
    job = client.post("/jobs", {"kind": "animate", "source": picture["id"], "driving": clip["id"], "options": {"end": 2}}).json()
    live = client.socket(client.post("/live", {"source": picture["id"]}).json()["socket"])
    for state in client.events(job["id"]):
        if state["done"] > 0:
            break
    for number in range(5):
        live.send_frame(frames[number], id=number)
        expect(live.receive_frame()[0]["id"] == number, "a live frame beside a job")
    times = []
    for _ in range(30):
        began = time.perf_counter()
        client.get("/health")
        times.append(time.perf_counter() - began)
    print(f"/health while a job runs: median {1000 * sorted(times)[15]:.1f} ms")
    expect(client.get(f"/jobs/{job['id']}").json()["state"] == "running", "the job still runs")
    live.close()
    expect(client.finish(job["id"])["state"] == "done", "and ends well")


def check_presets(client, picture):
    problem(client.post("/presets", {"name": "x", "sliders": {"smiel": 1}}), 422, "sliders: there is no slider smiel; did you mean smile?")
    problem(client.post("/presets", {"name": "x", "sliders": {"smile": 1}, "source": "0" * 32}), 404)
    saved = client.post("/presets", {"name": "a smile", "sliders": {"smile": 0.6, "yaw": -8}, "source": picture["id"]})
    expect(saved.status == 201 and saved.json()["sliders"] == {"smile": 0.6, "yaw": -8} and saved.json()["source"] == picture["id"], "a preset", saved.body)
    again = client.post("/presets", {"name": "a smile", "sliders": {"smile": 1}}).json()
    expect([p["id"] for p in client.get("/presets").json()["presets"]] == [again["id"]], "a name is there once")
    expect(client.delete(f"/presets/{again['id']}").status == 204, "deleted")
    problem(client.delete(f"/presets/{again['id']}"), 404, "no such preset is here; GET /api/v1/presets lists them")
    expect(client.get("/presets").json()["presets"] == [], "and gone")


def check_crop(client, picture):
    def boxes(**options):
        answer = client.post("/crop", {"source": picture["id"], "options": options})
        expect(answer.status == 200, "a crop", answer.body)
        return [[face[side] for side in ("x", "y", "width", "height")] for face in answer.json()["faces"]]
    expect(boxes() == [[0, 0, 256, 256]], "all of the picture moves", boxes())
    expect(boxes(crop="10,20,100,100") == [[10, 20, 100, 100]], "a box by hand", boxes(crop="10,20,100,100"))
    head = picture["faces"][0]["head"]
    expect(boxes(crop="auto") == [[head["x"], head["y"], head["width"], head["height"]]], "what an upload told is what is cut out", boxes(crop="auto"), head)
    problem(client.post("/crop", {"source": picture["id"], "options": {"crop": "900,900,10,10"}}), 422)
    problem(client.post("/crop", {"source": "0" * 32}), 404)


def check_edit(weights):
    env = {**os.environ, "ANIMATE_MODELS": weights}
    server = Server(ANIMATE, "edit-data", env=env)
    client = server.client()
    picture = client.upload(SOURCE).json()
    box = {"bbox": "100,110,50,50"}
    first = client.post("/edit/preview", {"source": picture["id"], "set": "smile=1.3,yaw=20", "options": box})
    expect(first.status == 200 and first.headers["Content-Type"] == "image/jpeg", "a preview", first.body[:300])
    other = client.post("/edit/preview", {"source": picture["id"], "set": "smile=-0.3,yaw=-20", "options": box})
    plain = client.post("/edit/preview", {"source": picture["id"], "set": "", "options": box})
    expect(len({first.body, other.body, plain.body}) == 3, "sliders move it")
    crop = client.post("/crop", {"source": picture["id"], "options": box})
    expect(crop.status == 200 and len(crop.json()["faces"]) == 1 and 50 < crop.json()["faces"][0]["width"] < 256, "what LivePortrait cuts out", crop.body)
    problem(client.post("/edit/preview", {"source": picture["id"], "set": "smiel=1"}), 422, "--set smiel=1: there is no slider smiel; did you mean smile?")
    # Of many at once the newest counts, the others are told.
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda yaw: client.post("/edit/preview", {"source": picture["id"], "set": f"yaw={yaw}", "options": box}).status,
                                range(-12, 12)))
    expect(set(answers) <= {200, 409} and answers.count(200) >= 1 and answers.count(409) >= 1, "the newest wins", answers)
    asked = client.post("/jobs", {"kind": "edit", "source": picture["id"], "options": {"set": "smile=1.3,yaw=20", **box}, "format": "png"})
    last = client.finish(asked.json()["id"])
    expect(last["state"] == "done" and client.get(f"/jobs/{last['id']}/result").body.startswith(b"\x89PNG"), "an edit", last)
    server.stop()


def check_openapi(client, asked):
    document = client.get("/openapi.json").json()
    expect(document["openapi"] == "3.1.0" and document["info"]["title"] == "animate", "the document")
    schemas = document["components"]["schemas"]
    text = json.dumps(document)
    for name in re.findall(r'"#/components/schemas/(\w+)"', text):
        expect(name in schemas, f"the schema {name} is there")
    ids = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    expect(len(ids) == len(set(ids)), "every operation has an id of its own", ids)
    for path, operations in document["paths"].items():
        for operation in operations.values():
            names = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
            expect(names == set(re.findall(r"{(\w+)}", path)), f"parameters of {path}", names)
            expect(all(re.fullmatch("[1-5][0-9][0-9]", status) and answer["description"] for status, answer in operation["responses"].items()), path)
    routes = {(method.upper(), path) for path, operations in document["paths"].items() for method in operations}
    used = set()
    for method, path in asked:
        fits = [route for route in routes if route[0] == method and re.fullmatch(re.sub(r"{\w+}", "[0-9a-f]{32}", route[1]), path)]
        used.update(fits)
        expect(fits or not path.startswith("/api/"), f"{method} {path} is in the document")
    expect(not routes - used, "every route of the document was asked", routes - used)


def main():
    os.mkdir("frames")
    os.mkdir("tls-frames")
    frames = jpegs_of(DRIVING, "frames", count=100)
    server = Server(ANIMATE, "data")
    client = server.client()
    page = client.ask("GET", "/")
    expect(page.status == 200 and b"<title>animate</title>" in page.body and "script-src 'self'" in page.headers["Content-Security-Policy"], "the page")
    for name in set(re.findall(rb'(?:src|href)="([\w./]+)"', page.body)):
        path = name.decode() if name.startswith(b"/") else "/" + name.decode()
        expect(client.ask("GET", path).status == 200, f"{path} of the page")
    expect(client.get("/version").json()["api"] == "v1" and any(m["name"] == "heads" or m["default"] for m in client.get("/models").json()["models"]), "version, models")
    stopped = check_slow_clients(client)
    server.wait_for_model()
    check_origins(client)
    check_paths(client)
    check_bad_files(client)
    picture, clip = check_files(client)
    check_job(client, picture, clip)
    check_bad_jobs(client, picture, clip)
    check_cancel(client, picture, clip)
    check_template_and_batch(client, picture, clip)
    check_presets(client, picture)
    check_crop(client, picture)
    check_live(client, picture, frames)
    check_live_beside_a_job(client, picture, clip, frames)
    stopped.settimeout(60)
    expect(stopped.recv(1) == b"", "a body that stops is given up")
    problem(client.post("/edit/preview", {"source": picture["id"], "set": "smile=1"}), 422)
    expect(server.stop() == 0, "stops cleanly")
    asked = client.asked
    asked |= check_keys()
    check_limits()
    check_keep()
    check_open()
    check_kill(SOURCE, DRIVING)
    check_tls()
    if WEIGHTS != "-":
        check_edit(WEIGHTS)
    server = Server(ANIMATE, "api-data")
    check_openapi(server.client(), asked | {("GET", "/api/v1/openapi.json")})
    server.stop()
    print(f"{checks.count} checks passed")


if __name__ == "__main__":
    signal.alarm(1500)
    main()
