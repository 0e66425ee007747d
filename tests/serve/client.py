"""A client of `animate serve` with nothing but Python's standard library: HTTP as the OpenAPI document has it, server-sent
events, and just enough of RFC 6455 for a live session."""
import base64
import hashlib
import http.client
import json
import os
import socket
import ssl
import struct
import subprocess
import time
import urllib.parse


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    @property
    def detail(self):
        return self.json()["detail"]


class Client:
    def __init__(self, address, key=None, timeout=60):
        parts = urllib.parse.urlsplit(address)
        self.host, self.port, self.secure = parts.hostname, parts.port, parts.scheme == "https"
        self.key, self.timeout = key, timeout
        self.asked = set()  # (method, path) of every request, for the test of the OpenAPI document

    def connection(self):
        if self.secure:
            context = ssl._create_unverified_context()
            return http.client.HTTPSConnection(self.host, self.port, timeout=self.timeout, context=context)
        return http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)

    def headers(self, more=None):
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        headers.update(more or {})
        return headers

    def ask(self, method, path, body=None, headers=None):
        connection = self.connection()
        try:
            headers = self.headers(headers)
            if isinstance(body, (dict, list)):
                headers.setdefault("Content-Type", "application/json")
                body = json.dumps(body).encode()
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            self.asked.add((method, path.split("?")[0]))
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path, **more):
        return self.ask("GET", "/api/v1" + path, **more)

    def post(self, path, body=None, **more):
        return self.ask("POST", "/api/v1" + path, {} if body is None else body, **more)

    def delete(self, path):
        return self.ask("DELETE", "/api/v1" + path)

    def upload(self, file, name=None):
        with open(file, "rb") as stream:
            query = urllib.parse.urlencode({"name": name or os.path.basename(file)})
            return self.ask("POST", f"/api/v1/files?{query}", stream.read(), {"Content-Type": "application/octet-stream"})

    def events(self, job):
        """Every state of a job, until it is over."""
        connection = self.connection()
        connection.request("GET", f"/api/v1/jobs/{job}/events", headers=self.headers())
        self.asked.add(("GET", f"/api/v1/jobs/{job}/events"))
        response = connection.getresponse()
        assert response.status == 200, response.status
        assert response.headers["Content-Type"] == "text/event-stream"
        event = {}
        for line in response:
            line = line.decode().rstrip("\n")
            if line.startswith("event: "):
                event["event"] = line[7:]
            elif line.startswith("data: "):
                event["data"] = line[6:]
            elif not line and event.get("event") == "state":
                yield json.loads(event["data"])
                event = {}
        connection.close()

    def finish(self, job):
        """Waits for a job's end and gives its last state."""
        last = None
        for last in self.events(job):
            pass
        assert last is not None and last["state"] in ("done", "failed", "cancelled"), last
        return last

    def socket(self, path, origin=None):
        return WebSocket(self, path, origin)


class WebSocket:
    """The client's end of RFC 6455: masked frames up, whole messages down."""

    def __init__(self, client, path, origin=None):
        self.client = client
        client.asked.add(("GET", path))
        self.socket = socket.create_connection((client.host, client.port), timeout=client.timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if client.secure:
            self.socket = ssl._create_unverified_context().wrap_socket(self.socket)
        key = base64.b64encode(os.urandom(16)).decode()
        head = [f"GET {path} HTTP/1.1", f"Host: {client.host}:{client.port}", "Upgrade: websocket", "Connection: Upgrade",
                f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        head += [f"{name}: {value}" for name, value in client.headers().items()]
        if origin:
            head.append(f"Origin: {origin}")
        self.socket.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
        self.held = b""
        while b"\r\n\r\n" not in self.held:
            piece = self.socket.recv(65536)
            if not piece:
                break
            self.held += piece
        answer, _, self.held = self.held.partition(b"\r\n\r\n")
        self.status = int(answer.split()[1])
        if self.status == 101:
            wanted = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
            assert wanted in answer, "the server's Sec-WebSocket-Accept is wrong"

    def _take(self, count):
        while len(self.held) < count:
            piece = self.socket.recv(262144)
            if not piece:
                raise ConnectionError("the socket was closed")
            self.held += piece
        taken, self.held = self.held[:count], self.held[count:]
        return taken

    def send(self, payload, binary=True):
        length = len(payload)
        head = bytes([0x80 | (2 if binary else 1)])
        if length < 126:
            head += bytes([0x80 | length])
        elif length < 65536:
            head += bytes([0x80 | 126]) + struct.pack(">H", length)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", length)
        # A mask of zeros is a mask, and costs nothing.
        self.socket.sendall(head + b"\0\0\0\0" + payload)

    def receive(self):
        """(True for binary, payload); None once the server closed it."""
        message, binary = b"", False
        while True:
            first, second = self._take(2)
            length = second & 0x7F
            if length == 126:
                length = struct.unpack(">H", self._take(2))[0]
            elif length == 127:
                length = struct.unpack(">Q", self._take(8))[0]
            payload = self._take(length)
            code = first & 0x0F
            if code == 8:
                return None
            if code in (9, 10):
                continue
            binary = binary or code == 2
            message += payload
            if first & 0x80:
                return binary, message

    def send_frame(self, jpeg, **head):
        self.send(json.dumps(head).encode() + b"\n" + jpeg)

    def receive_frame(self):
        """(facts, JPEG) of the next result; a problem is raised."""
        got = self.receive()
        assert got is not None, "the socket was closed"
        binary, message = got
        if not binary:
            raise RuntimeError(json.loads(message)["problem"]["detail"])
        line, _, jpeg = message.partition(b"\n")
        return json.loads(line), jpeg

    def close(self):
        self.socket.close()


class Server:
    """`animate serve` on a port of its own, with its address."""

    def __init__(self, program, data, *flags, env=None, wrapped=()):
        self.log = open("serve.log", "a+")
        self.process = subprocess.Popen([*wrapped, program, "serve", "--port", "0", "--data", str(data), *flags],
                                        stdout=subprocess.PIPE, stderr=self.log, env=env)
        line = self.process.stdout.readline().decode().strip()
        if not line:
            self.process.wait()
            self.log.seek(0)
            raise RuntimeError(f"the server did not start: {self.log.read()[-500:]}")
        self.address, _, fragment = line.partition("#")
        self.key = fragment[4:] if fragment.startswith("key=") else None

    def client(self, key=None, **more):
        return Client(self.address, key or self.key, **more)

    def wait_for_model(self):
        client = self.client()
        while client.get("/health").json()["model"]["state"] == "opening":
            time.sleep(0.1)

    def stop(self, signal="TERM"):
        """Ends the server and gives its exit status."""
        getattr(self.process, "terminate" if signal == "TERM" else "kill")()
        return self.process.wait(timeout=120)


def jpegs_of(clip, folder, size=256, count=None):
    """The pictures of a clip as JPEGs of size x size."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", str(clip), "-vf", f"scale={size}:{size}", "-q:v", "3"]
    if count:
        command += ["-frames:v", str(count)]
    subprocess.run([*command, os.path.join(str(folder), "frame-%04d.jpg")], check=True)
    names = sorted(name for name in os.listdir(folder) if name.startswith("frame-"))
    return [open(os.path.join(str(folder), name), "rb").read() for name in names]
