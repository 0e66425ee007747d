"""What the tests of the real server share. The programs and files are the test's arguments."""
import json
import socket
import subprocess
import sys

ANIMATE, SOURCE, DRIVING, WEIGHTS = sys.argv[1:5]
count = 0


def expect(condition, what, *facts):
    global count
    count += 1
    if not condition:
        print(f"FAILED {what}", *facts, sep="\n  ")
        sys.exit(1)


def count_of_checks():
    return count


def problem(answer, status, detail=None):
    expect(answer.status == status, f"status {status}", answer.status, answer.body[:300])
    expect(answer.headers["Content-Type"] == "application/problem+json", "a problem document", answer.headers)
    document = answer.json()
    expect(document["status"] == status and document["title"] and document["type"] == "about:blank", "RFC 9457", document)
    if detail is not None:
        expect(document["detail"] == detail, detail, document["detail"])
    return document["detail"]


def raw(client, text, wait=5):
    """Bytes to the server, and what comes back until it closes or `wait` seconds pass."""
    with socket.create_connection((client.host, client.port), timeout=wait) as connection:
        connection.sendall(text)
        got = b""
        try:
            while piece := connection.recv(65536):
                got += piece
        except socket.timeout:
            pass
        return got


def probe(file):
    out = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v", "-show_entries",
                          "stream=nb_read_frames,width,height", "-of", "json", file], capture_output=True, check=True)
    return json.loads(out.stdout)["streams"][0]
