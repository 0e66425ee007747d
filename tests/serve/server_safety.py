"""Who may, how much, how long, and what a killed server leaves: the checks of server_test.py that mean harm."""
import json
import os
import socket
import subprocess
import time

from checks import ANIMATE, DRIVING, SOURCE, expect, problem, raw
from client import Client, Server, jpegs_of


def check_paths(client):
    for path in ("/api/v1/files/..", "/api/v1/files/../../etc/passwd", "/api/v1/files/%2e%2e%2f%2e%2e%2fetc%2fpasswd/content",
                 "/../etc/passwd", "/style.css/../../../etc/passwd", "/api/v1/jobs/%00/result", "/api/v1/files/" + "a" * 32,
                 "/api/v1/jobs/" + "0" * 32 + "/result"):
        answer = client.ask("GET", path)
        expect(answer.status in (400, 404) and b"root:" not in answer.body, path, answer.status, answer.body)
        client.asked.discard(("GET", path))
    problem(client.ask("PUT", "/api/v1/files"), 405, "PUT is not possible here; POST, GET is")
    client.asked.discard(("PUT", "/api/v1/files"))
    got = raw(client, b"nonsense\r\n\r\n")
    expect(got.startswith(b"HTTP/1.1 400 "), "no HTTP", got[:100])
    got = raw(client, b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 20000 + b"\r\n\r\n")
    expect(got.startswith(b"HTTP/1.1 431 "), "long headers", got[:100])
    got = raw(client, b"GET / HTTP/1.1\r\n\r\n")
    expect(got.startswith(b"HTTP/1.1 400 "), "no Host", got[:100])


def check_origins(client):
    for headers, status in (({"Host": "evil.example"}, 403), ({"Host": "evil.example:7860"}, 403),
                            ({"Origin": "https://evil.example"}, 403), ({"Origin": "null"}, 403),
                            ({"Origin": f"http://{client.host}:{client.port}"}, 200), ({"Host": "localhost:1"}, 200),
                            ({"Host": "127.0.0.1"}, 200), ({"Host": "[::1]:7860"}, 200)):
        answer = client.get("/version", headers=headers)
        expect(answer.status == status, str(headers), answer.status, answer.body)
        expect(answer.headers["Access-Control-Allow-Origin"] is None, "no CORS", answer.headers)
    answer = client.post("/samples", headers={"Sec-Fetch-Site": "cross-site"})
    problem(answer, 403)


def check_keys():
    open("keys.txt", "w").write("# two people\nanna 0123456789abcdef\nben fedcba9876543210\n")
    server = Server(ANIMATE, "keys-data", "--keys", "keys.txt")
    stranger = server.client()
    expect(stranger.get("/health").status == 200, "anyone may ask whether it is there")
    problem(stranger.get("/files"), 401, "this server needs a key; send it as `Authorization: Bearer KEY`")
    problem(server.client("0123456789abcdeX").get("/files"), 401, "the key is none of this server's; ask whoever started it")
    anna, ben = server.client("0123456789abcdef"), server.client("fedcba9876543210")
    file = anna.upload(SOURCE).json()
    expect(anna.get(f"/files/{file['id']}").status == 200, "her own file")
    for path in ("", "/content", "/thumbnail"):
        problem(ben.get(f"/files/{file['id']}{path}"), 404)
    problem(ben.delete(f"/files/{file['id']}"), 404)
    preset = anna.post("/presets", {"name": "smile", "sliders": {"smile": 1}}).json()
    problem(ben.delete(f"/presets/{preset['id']}"), 404)
    expect(ben.get("/presets").json()["presets"] == [], "nor her presets")
    problem(ben.post("/crop", {"source": file["id"]}), 404)
    problem(ben.post("/live", {"source": file["id"]}), 404)
    problem(ben.post("/jobs", {"kind": "animate", "source": file["id"], "driving": file["id"]}), 404)
    expect(ben.get("/files").json()["files"] == [], "nobody else's in the list")
    # The page's cookie.
    problem(stranger.post("/session", {"key": "wrong"}), 401)
    answer = stranger.post("/session", {"key": "0123456789abcdef"})
    cookie = answer.headers["Set-Cookie"]
    expect(answer.status == 204 and "HttpOnly" in cookie and "SameSite=Strict" in cookie, "a cookie", cookie)
    value = cookie.split(";")[0]
    expect(stranger.get("/files", headers={"Cookie": value}).json()["files"][0]["id"] == file["id"], "the cookie is a key")
    expect(stranger.get("/session", headers={"Cookie": value}).json()["name"] == "anna", "who asks")
    expect(stranger.delete("/session").status == 204, "the cookie is forgotten")
    asked = stranger.asked
    server.stop()
    # Another host than this machine's own: a key is made, printed and kept.
    server = Server(ANIMATE, "host-data", "--host", "0.0.0.0")
    expect(server.key and len(server.key) == 32, "a key is made", server.address)
    expect(os.stat("host-data/key").st_mode & 0o077 == 0, "which only its owner reads")
    problem(Client(server.address).get("/files"), 401)
    expect(server.client().get("/files").status == 200, "the printed key is one")
    key = server.key
    server.stop()
    server = Server(ANIMATE, "host-data", "--host", "0.0.0.0")
    expect(server.key == key, "the key is kept")
    server.stop()
    return asked


def check_limits():
    server = Server(ANIMATE, "limit-data", "--max-upload", "0.001", "--quota", "0.0015", "--max-files", "3", "--max-jobs", "1", "--max-clip", "2")
    client = server.client()
    open("large.png", "wb").write(open(SOURCE, "rb").read() + b"\0" * 1100000)
    problem(client.upload("large.png"), 413, "the file is larger than 1 MB, the most that is taken; cut or shrink it")
    problem(client.upload(DRIVING), 413)
    open("padded.png", "wb").write(open(SOURCE, "rb").read() + b"\0" * 800000)
    expect(client.upload("padded.png").status == 201, "what fits is taken")
    problem(client.upload("padded.png"), 507)
    expect(os.listdir("limit-data/incoming") == [], "nothing is left of what was refused", os.listdir("limit-data/incoming"))
    expect(client.upload(SOURCE).status == 201 and client.upload(SOURCE).status == 201, "small ones")
    problem(client.upload(SOURCE), 429, "3 files are stored already; delete some first")
    server.stop()


def check_keep():
    """Files and results go after --keep days, and what is younger stays."""
    server = Server(ANIMATE, "keep-data")
    client = server.client()
    old, young, clip = client.upload(SOURCE).json(), client.upload(SOURCE).json(), client.upload(DRIVING).json()
    asked = client.post("/jobs", {"kind": "animate", "source": young["id"], "driving": clip["id"], "options": {"end": 0.1}}).json()
    expect(client.finish(asked["id"])["state"] == "done", "a result")
    server.stop()
    for path, when in ((f"keep-data/files/{old['id']}/about.json", "created"), (f"keep-data/jobs/{asked['id']}/job.json", "finished")):
        document = json.load(open(path))
        document[when] -= 3 * 86400
        json.dump(document, open(path, "w"))
    server = Server(ANIMATE, "keep-data", "--keep", "2")
    client = server.client()
    for _ in range(600):
        files, jobs = client.get("/files").json()["files"], client.get("/jobs").json()["jobs"]
        if len(files) == 2 and not jobs:
            break
        time.sleep(0.1)
    expect({file["id"] for file in files} == {young["id"], clip["id"]} and jobs == [], "what is older than two days is gone", files, jobs)
    expect(sorted(os.listdir("keep-data/files")) == sorted((young["id"], clip["id"])) and os.listdir("keep-data/jobs") == [], "from the disk, too")
    server.stop()


def check_open():
    """--open hands the address to the desktop, as xdg-open does."""
    os.mkdir("bin")
    with open("bin/xdg-open", "w") as script:
        script.write(f"#!/bin/sh\necho \"$1\" >{os.path.abspath('opened.part')} && mv {os.path.abspath('opened.part')} {os.path.abspath('opened.txt')}\n")
    os.chmod("bin/xdg-open", 0o755)
    server = Server(ANIMATE, "open-data", "--open", env={**os.environ, "PATH": f"{os.path.abspath('bin')}:{os.environ['PATH']}"})
    for _ in range(600):
        if os.path.exists("opened.txt"):
            break
        time.sleep(0.1)
    expect(open("opened.txt").read().strip() == server.address, "the address is opened", server.address)
    server.stop()


def check_slow_clients(client):
    """Nobody holds the server up: a body that stops, one byte a second, a thousand connections."""
    stopped = socket.create_connection((client.host, client.port))
    stopped.sendall(b"POST /api/v1/files?name=a.png HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc")
    dribble = socket.create_connection((client.host, client.port))
    dribble.sendall(b"GET /api/v1/version HTTP/1.1\r\nHost: loc")
    idle = [socket.create_connection((client.host, client.port)) for _ in range(1000)]
    began = time.perf_counter()
    expect(client.get("/version").status == 200, "answers beside a thousand idle connections")
    print(f"/version beside 1000 idle connections: {1000 * (time.perf_counter() - began):.1f} ms")
    dribble.settimeout(30)
    began = time.time()
    ended = False
    try:
        while time.time() - began < 25 and not ended:
            dribble.sendall(b"a")
            time.sleep(1)
            dribble.setblocking(False)
            try:
                ended = dribble.recv(1) == b""
            except BlockingIOError:
                pass
            dribble.setblocking(True)
    except OSError:
        ended = True
    expect(ended and time.time() - began < 24, "one byte a second is ended by a limit for the whole head", time.time() - began)
    for connection in (*idle, dribble):
        connection.close()
    return stopped


def check_kill(picture_file, clip_file):
    """SIGKILL in the middle of an upload and of a job: nothing half-written is offered, what was queued runs."""
    server = Server(ANIMATE, "kill-data")
    client = server.client()
    picture, clip = client.upload(picture_file).json(), client.upload(clip_file).json()
    request = {"kind": "animate", "source": picture["id"], "driving": clip["id"]}
    running = client.post("/jobs", request).json()
    queued = client.post("/jobs", {**request, "options": {"end": 0.2}}).json()
    for state in client.events(running["id"]):
        if state["done"] > 2:
            break
    half = socket.create_connection((client.host, client.port))
    half.sendall(b"POST /api/v1/files?name=half.mp4 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n" + b"x" * 50000)
    time.sleep(0.5)
    expect(len(os.listdir("kill-data/incoming")) == 1, "an upload is on its way")
    server.stop("KILL")
    server = Server(ANIMATE, "kill-data")
    client = server.client()
    expect(os.listdir("kill-data/incoming") == [], "half an upload is gone")
    expect({file["id"] for file in client.get("/files").json()["files"]} == {picture["id"], clip["id"]}, "whole ones are there")
    jobs = {job["id"]: job for job in client.get("/jobs").json()["jobs"]}
    expect(set(jobs) == {running["id"], queued["id"]} and all(job["result"] is None for job in jobs.values()), "both jobs are there again", jobs)
    expect(client.delete(f"/jobs/{running['id']}").status == 202, "the first is cancelled")
    expect(client.finish(queued["id"])["state"] == "done", "the queued one runs")
    left = sorted(os.listdir(f"kill-data/jobs/{running['id']}"))
    expect(left == ["job.json"], "nothing half-written is left", left)
    # Two servers on one folder or one port.
    second = subprocess.run([ANIMATE, "serve", "--port", "0", "--data", "kill-data"], capture_output=True, timeout=60)
    expect(second.returncode == 1 and b"is in use by another server" in second.stderr, "one server a folder", second.stderr)
    second = subprocess.run([ANIMATE, "serve", "--port", str(client.port), "--data", "other-data"], capture_output=True, timeout=60)
    expect(second.returncode == 1 and f"port {client.port} of 127.0.0.1 is in use already".encode() in second.stderr, "one server a port", second.stderr)
    # Ctrl-C: the job at hand is cancelled, the queued one is there again.
    running, queued = client.post("/jobs", request).json(), client.post("/jobs", request).json()
    for state in client.events(running["id"]):
        if state["done"] > 2:
            break
    began = time.time()
    expect(server.stop() == 0 and time.time() - began < 30, "stops cleanly", time.time() - began)
    server = Server(ANIMATE, "kill-data")
    client = server.client()
    expect(client.get(f"/jobs/{running['id']}").json()["state"] == "cancelled", "cancelled")
    expect(client.get(f"/jobs/{queued['id']}").json()["state"] in ("queued", "running"), "queued again")
    expect(not [name for name in os.listdir(f"kill-data/jobs/{running['id']}") if name != "job.json"], "nothing half-written")
    server.stop()


def check_tls():
    made = subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2",
                           "-subj", "/CN=localhost"], capture_output=True)
    expect(made.returncode == 0, "a certificate", made.stderr)
    server = Server(ANIMATE, "tls-data", "--tls-cert", "cert.pem", "--tls-key", "key.pem")
    expect(server.address.startswith("https://"), "its address", server.address)
    client = server.client()
    expect(client.get("/version").status == 200, "over TLS")
    picture = client.upload(SOURCE).json()
    live = client.socket(client.post("/live", {"source": picture["id"]}).json()["socket"])
    live.send_frame(jpegs_of(DRIVING, "tls-frames", count=1)[0], id=1)
    expect(live.receive_frame()[0]["id"] == 1, "a live frame over TLS")
    live.close()
    server.stop()
    bad = subprocess.run([ANIMATE, "serve", "--port", "0", "--data", "tls-data", "--tls-cert", "cert.pem"], capture_output=True)
    expect(bad.returncode == 2, "one without the other", bad.stderr)
