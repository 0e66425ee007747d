#!/usr/bin/env python3
"""What the server costs, measured on the real one from a client on the same machine.
usage: tests/bench/serve_bench.py ANIMATE SOURCE DRIVING [SECONDS, default 20]     in a working folder of its own
The client is Python and takes its share of the same cores: its time is in every number. What a page sees is measured in
headless Chromium, where that and python3-selenium are installed; a slider with the small random LivePortrait that the
tests make, or the weights in the folder that ANIMATE_MODELS names. `animate serve --bench-live` measures the live session
without Python."""
import concurrent.futures
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "serve"))
sys.dont_write_bytecode = True
from client import Server, jpegs_of  # noqa: E402

ANIMATE, SOURCE, DRIVING = (os.path.abspath(path) for path in sys.argv[1:4])
SECONDS = float(sys.argv[4]) if len(sys.argv) > 4 else 20


def at(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def line(what, **figures):
    print(f"{what:<46}" + "  ".join(f"{name} {value}" for name, value in figures.items()), flush=True)


def milliseconds(values):
    return {"median": f"{1000 * at(values, .5):.2f} ms", "p99": f"{1000 * at(values, .99):.2f} ms", "n": len(values)}


def memory_of(process):
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(row.split()[1]) / 1024 for row in status if row.startswith("VmRSS"))


def live(client, picture):
    return client.socket(client.post("/live", {"source": picture["id"]}).json()["socket"])


def bench_live(client, picture, frames):
    session = live(client, picture)
    overhead, inference, round_trip = [], [], []
    end = time.time() + SECONDS
    number = 0
    while time.time() < end:
        began = time.perf_counter()
        session.send_frame(frames[number % len(frames)], id=number)
        facts, _ = session.receive_frame()
        took = time.perf_counter() - began
        number += 1
        if number > 3:
            round_trip.append(took)
            inference.append(facts["inference_ms"] / 1000)
            overhead.append(took - facts["inference_ms"] / 1000)
    line("live, one after the other: overhead", **milliseconds(overhead))
    line("  in Session::animate", **milliseconds(inference))
    line("  distinct frames a second", rate=f"{len(round_trip) / sum(round_trip):.2f}")
    # Twice as many frames as the machine can do: the delay must not grow.
    pause = at(inference, .5) / 2
    sent, delays = {}, []

    def feed():
        count = 0
        while time.time() < end_of_load:
            sent[count] = time.perf_counter()
            session.send_frame(frames[count % len(frames)], id=count)
            count += 1
            time.sleep(pause)

    end_of_load = time.time() + SECONDS
    feeder = threading.Thread(target=feed)
    feeder.start()
    while time.time() < end_of_load:
        facts, _ = session.receive_frame()
        delays.append(time.perf_counter() - sent[facts["id"]])
    feeder.join()
    line("live, frames at double the rate: delay", **milliseconds(delays), of_inference=f"{at(delays, .5) / at(inference, .5):.2f}")
    session.close()


def bench_health(client, picture, clip):
    job = client.post("/jobs", {"kind": "animate", "source": picture["id"], "driving": clip["id"]}).json()
    for state in client.events(job["id"]):
        if state["done"] > 0:
            break
    connection = client.connection()
    times = []
    end = time.time() + min(SECONDS, 10)
    while time.time() < end:
        began = time.perf_counter()
        connection.request("GET", "/api/v1/health")
        connection.getresponse().read()
        times.append(time.perf_counter() - began)
        time.sleep(0.02)
    line("/health while a job runs", **milliseconds(times))
    session = live(client, picture)
    client.delete(f"/jobs/{job['id']}")
    session.close()


def bench_crowd(server, client, picture, clip):
    """200 streams of events that say nothing, and 50 uploads of 20 MB at once."""
    before = memory_of(server.process)
    blocker = client.post("/jobs", {"kind": "animate", "source": picture["id"], "driving": clip["id"]}).json()
    waiting = client.post("/jobs", {"kind": "animate", "source": picture["id"], "driving": clip["id"], "options": {"end": 0.1}}).json()
    streams = []
    for _ in range(200):
        stream = socket.create_connection((client.host, client.port))
        stream.sendall(f"GET /api/v1/jobs/{waiting['id']}/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        streams.append(stream)
    time.sleep(1)
    with_streams = memory_of(server.process)
    body = open(SOURCE, "rb").read()
    body += b"\0" * (20_000_000 - len(body))
    peak = [0.0]
    running = True

    def watch():
        while running:
            peak[0] = max(peak[0], memory_of(server.process))
            time.sleep(0.05)

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.time()
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda n: client.ask("POST", f"/api/v1/files?name={n}.png", body, {"Content-Type": "application/octet-stream"}).status, range(50)))
    took = time.time() - began
    running = False
    watcher.join()
    client.delete(f"/jobs/{blocker['id']}")
    last = client.finish(waiting["id"])
    for stream in streams:
        stream.close()
    line("200 idle streams of events", memory=f"{before:.0f} -> {with_streams:.0f} MB")
    line("50 uploads of 20 MB at once", stored=answers.count(201), seconds=f"{took:.1f}", memory_at_most=f"{peak[0]:.0f} MB")
    line("the job that waited meanwhile", state=last["state"])
    for file in client.get("/files").json()["files"]:
        if file["bytes"] > 10_000_000:
            client.delete(f"/files/{file['id']}")


def bench_slider(picture_file):
    """A preview as a client sees it, against the painting of it that the server tells (Server-Timing), one after the other."""
    tests = pathlib.Path(__file__).resolve().parent.parent
    models = os.environ.get("ANIMATE_MODELS")
    if not models:
        models = os.path.abspath("weights")
        subprocess.run([sys.executable, tests / "cli" / "make_liveportrait_weights.py", tests / "data" / "liveportrait" / "small_keys.json", models], check=True)
        shutil.copy(tests / "data" / "liveportrait" / "small_models.yaml", os.path.join(models, "liveportrait", "models.yaml"))
    server = Server(ANIMATE, "edit-data", env={**os.environ, "ANIMATE_MODELS": models})
    client = server.client(timeout=300)
    picture = client.upload(picture_file).json()
    request = {"source": picture["id"], "options": {"bbox": "100,110,50,50"}}
    whole, painting = [], []
    end = time.time() + min(SECONDS, 10)
    number = 0
    connection = client.connection()
    while time.time() < end or number < 10:
        number += 1
        body = json.dumps({**request, "set": f"yaw={number % 20 + 1}"})
        began = time.perf_counter()
        connection.request("POST", "/api/v1/edit/preview", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        got = answer.read()
        took = time.perf_counter() - began
        assert answer.status == 200, got
        if number > 3:
            whole.append(took)
            painting.append(float(answer.headers["Server-Timing"].split("dur=")[1]) / 1000)
    line("a slider's preview", **milliseconds(whole))
    line("  the painting in it", **milliseconds(painting), times=f"{at(whole, .5) / at(painting, .5):.3f}")
    server.stop()


def browser(*flags):
    """Headless Chromium, anew: nothing is in its cache."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900",
                 "--autoplay-policy=no-user-gesture-required", *flags):
        options.add_argument(flag)
    return webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)


def bench_page(server, picture, clip_file):
    """In Chromium: when the page can be used, and the delay of live pictures, by the page's own clock: every frame carries
    the moment of its capture, and its answer brings it back and is drawn."""
    try:
        import selenium  # noqa: F401
    except ImportError:
        selenium = None
    if selenium is None or not shutil.which("chromium") or not shutil.which("chromedriver"):
        return line("in Chromium", skipped="chromium, chromium-driver or python3-selenium is not installed")
    ready = []
    for _ in range(3):
        driver = browser()
        driver.get(server.address)
        while not driver.execute_script("return performance.getEntriesByName('usable').length"):
            time.sleep(0.02)
        # Of the page itself: from the first byte of the server's answer to the moment at which it can be used.
        ready.append(driver.execute_script("return performance.getEntriesByName('usable')[0].startTime - performance.getEntriesByType('navigation')[0].responseStart") / 1000)
        driver.quit()
    line("page usable after the server's answer, cold", **milliseconds(ready))
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", clip_file, "-vf", "scale=480:480,pad=640:480:80:0", "-r", "25", "-q:v", "3", "camera.mjpeg"], check=True)
    driver = browser("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={os.path.abspath('camera.mjpeg')}")
    try:
        driver.get(server.address + "#live")
        while not driver.execute_script("return document.body.dataset.ready"):
            time.sleep(0.05)
        driver.execute_script("""const s = [...document.querySelectorAll('#panel-live select')].find(s => [...s.options].some(o => o.value === arguments[0]));
          s.value = arguments[0]; s.dispatchEvent(new Event('change')); document.getElementById('live-start').click();
          window.delays = []; new MutationObserver(() => window.delays.push([performance.now(), Number(document.getElementById('live-result').dataset.lastDelay)]))
            .observe(document.getElementById('live-result'), {attributeFilter: ['data-frames']});""", picture["id"])
        time.sleep(SECONDS)
        seen = driver.execute_script("return window.delays")[3:]
    finally:
        driver.quit()
    delays = [delay / 1000 for _, delay in seen]
    line("live in Chromium: captured to drawn", **milliseconds(delays))
    line("  pictures drawn a second", rate=f"{1000 * (len(seen) - 1) / (seen[-1][0] - seen[0][0]):.2f}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.mkdir("frames")
        frames = jpegs_of(DRIVING, "frames")
        began = time.perf_counter()
        server = Server(ANIMATE, "data")
        line("from start to address", seconds=f"{time.perf_counter() - began:.2f}")
        client = server.client(timeout=300)
        began = time.perf_counter()
        client.ask("GET", "/")
        line("first page", milliseconds=f"{1000 * (time.perf_counter() - began):.1f}")
        server.wait_for_model()
        picture, clip = client.upload(SOURCE).json(), client.upload(DRIVING).json()
        bench_live(client, picture, frames)
        bench_health(client, picture, clip)
        bench_page(server, picture, DRIVING)
        bench_crowd(server, client, picture, clip)
        server.stop()
        bench_slider(SOURCE)


if __name__ == "__main__":
    main()
