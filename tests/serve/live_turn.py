"""Delay from camera to picture, seen on the pixels. The fake camera's clip shows one still pose, then suddenly another, again
and again; the page's camera picture and its result are looked at whenever the browser draws, and a turn of the one is paired
with the turn of the other. What the page itself reports is the moment an answer is drawn less the moment its frame was taken."""
import statistics
import subprocess
import time

HELD = 2  # seconds of each pose: longer than a slow machine's delay

# Both pictures as 16x16 green values with the moment and the delay that the page reports then. What was seen last is kept
# where nothing changed, so that only changes are sent to the test.
WATCH = """
const camera = document.querySelector('#panel-live video.live-small'), result = document.getElementById('live-result');
const small = document.createElement('canvas');
small.width = small.height = 16;
const context = small.getContext('2d', {willReadFrequently: true});
const look = (what) => { context.drawImage(what, 0, 0, 16, 16); return [...context.getImageData(0, 0, 16, 16).data].filter((v, i) => i % 4 === 1); };
window.seen = {camera: [], result: []};
window.watching = true;
const every = () => {
  for (const [name, what] of [['camera', camera], ['result', result]]) {
    const now = look(what), list = window.seen[name], last = list.at(-1)?.picture;
    if (!last || last.some((v, i) => Math.abs(v - now[i]) > 2))
      list.push({moment: performance.now(), picture: now, reported: Number(result.dataset.lastDelay)});
  }
  if (window.watching) requestAnimationFrame(every);
};
every();
"""


def grey_pictures(clip):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", clip, "-vf", "scale=32:32,format=gray", "-f", "rawvideo", "-"], check=True,
                         stdout=subprocess.PIPE).stdout
    return [raw[at:at + 1024] for at in range(0, len(raw), 1024)]


def distance(a, b):
    return sum(abs(x - y) for x, y in zip(a, b)) / len(a)


def make_camera_clip(driving, path):
    """The driver's first frame and the one that is farthest from it, HELD seconds each."""
    pictures = grey_pictures(driving)
    other = max(range(len(pictures)), key=lambda n: distance(pictures[0], pictures[n]))
    for name, number in (("pose0.png", 0), ("pose1.png", other)):
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", driving, "-vf", f"select=eq(n\\,{number}),scale=480:480,pad=640:480:80:0", "-frames:v", "1",
                        name], check=True)
    still = ["-loop", "1", "-framerate", "25", "-t", str(HELD)]
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *still, "-i", "pose0.png", *still, "-i", "pose1.png", "-filter_complex", "concat=n=2", "-q:v", "3", path],
                   check=True)


def turns(changes):
    """[(moment, reported delay, pose)] of the changes from one of the two poses to the other; pose 0 is the first one seen."""
    first = changes[0]["picture"]
    second = max((change["picture"] for change in changes), key=lambda picture: distance(first, picture))
    found, pose = [], 0
    for change in changes:
        now = int(distance(change["picture"], second) < distance(change["picture"], first))
        if now != pose:
            found.append((change["moment"], change["reported"], now))
        pose = now
    return found, distance(first, second)


def delays_on_pixels(seen):
    """[(delay seen, delay reported)] in milliseconds, one a turn of the camera that the result followed, and how far apart its
    two poses are, in grey levels. The first change seen of each may be of either pose, so turns are paired by time alone."""
    of_camera, _ = turns(seen["camera"])
    of_result, apart = turns(seen["result"])
    pairs = []
    for number, (moment, _, _) in enumerate(of_camera):
        until = of_camera[number + 1][0] if number + 1 < len(of_camera) else float("inf")
        followed = [(then, reported) for then, reported, _ in of_result if moment <= then < until]
        if followed:
            pairs.append((followed[0][0] - moment, followed[0][1]))
    return pairs, apart


def watch(page, seconds):
    page.run(WATCH)
    time.sleep(seconds)
    page.run("window.watching = false")
    return page.run("return window.seen")


def medians(pairs):
    return statistics.median(seen for seen, _ in pairs), statistics.median(reported for _, reported in pairs)
