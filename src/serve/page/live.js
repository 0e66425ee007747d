// The tab Live: the camera moves a picture, over one WebSocket. The newest frame wins; two are under way at most.
import * as api from "./api.js";
import {el, find, toast} from "./dom.js";
import {SourcePicker} from "./source.js";

const side = 256;  // of the frames that go up: what the networks see

export function setUpLive(app) {
  const picker = new SourcePicker(app, {title: "Picture that moves", still: true});
  const canvas = el("canvas", {id: "live-result", width: 512, height: 512, role: "img", "aria-label": "the moving picture"});
  const camera = el("video", {class: "live-small", muted: true, playsinline: true, "aria-label": "the camera", hidden: true});
  const cameras = el("select", {id: "camera"});
  const start = el("button", {class: "primary", id: "live-start", onclick: () => begin()}, "Start");
  const stopButton = el("button", {id: "live-stop", hidden: true, onclick: () => end()}, "Stop");
  const recalibrate = el("button", {id: "recalibrate", disabled: true, title: "your pose now becomes the picture's own",
    onclick: () => socket?.send(JSON.stringify({type: "recalibrate"}))}, "Recalibrate");
  const snapshot = el("button", {id: "snapshot", disabled: true, onclick: takeSnapshot}, "Snapshot");
  const record = el("button", {id: "record", disabled: true, onclick: toggleRecording}, "Record");
  const numbers = {fps: el("b", {}, "–"), delay: el("b", {}, "–"), inference: el("b", {}, "–")};
  const told = el("p", {role: "status", class: "note", hidden: true}, "");
  const work = document.createElement("canvas");
  work.width = side;
  work.height = side;
  let socket = null;
  let stream = null;
  let underWay = 0;
  let sent = 0;
  let recorder = null;
  let drawn = [];  // moments at which results were drawn
  let delays = [];

  const why = whyNoCamera();

  function say(sentence) {
    told.textContent = sentence ?? "";
    told.hidden = !sentence;
  }

  async function listCameras() {
    const devices = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "videoinput");
    cameras.replaceChildren(...devices.map((device, number) => el("option", {value: device.deviceId}, device.label || `camera ${number + 1}`)));
  }

  async function begin() {
    if (!app.source) return toast("Choose a picture that is to move.");
    start.disabled = true;
    try {
      const wanted = cameras.value ? {deviceId: cameras.value} : true;
      stream = await navigator.mediaDevices.getUserMedia({video: wanted === true ? {width: 640, height: 480} : {...wanted, width: 640, height: 480}, audio: false});
    } catch (error) {
      start.disabled = false;
      return say(error.name === "NotAllowedError" ? "The browser keeps the camera from this page; allow it beside the address." : `No camera can be used (${error.message}).`);
    }
    await listCameras();
    camera.srcObject = stream;
    camera.hidden = false;
    await camera.play();
    say("opening the session …");
    try {
      const session = await api.post("/live", {source: app.source.id});
      connect(session);
    } catch (problem) {
      end();
      say(problem.message);
    }
  }

  function connect(session) {
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${session.socket}`);
    socket.binaryType = "blob";
    socket.onopen = () => {
      say(null);
      underWay = 0;
      for (const button of [recalibrate, snapshot, record]) button.disabled = false;
      stopButton.hidden = false;
      start.hidden = true;
      nextFrame();
    };
    socket.onmessage = ({data}) => (typeof data === "string" ? problem(JSON.parse(data)) : draw(data));
    socket.onclose = () => socket && end("the session is over; start it again");
  }

  function problem(message) {
    underWay = Math.max(0, underWay - 1);
    if (message.problem) say(message.problem.detail);
  }

  // At every new picture of the camera, if the server is not two behind already.
  function nextFrame() {
    if (!socket) return;
    if (camera.requestVideoFrameCallback) camera.requestVideoFrameCallback(() => sendFrame());
    else setTimeout(sendFrame, 33);
  }
  function sendFrame() {
    if (!socket || socket.readyState !== WebSocket.OPEN) return;
    nextFrame();
    if (underWay >= 2 || socket.bufferedAmount > 100000) return;
    const cut = Math.min(camera.videoWidth, camera.videoHeight);
    if (!cut) return;
    work.getContext("2d").drawImage(camera, (camera.videoWidth - cut) / 2, (camera.videoHeight - cut) / 2, cut, cut, 0, 0, side, side);
    const captured = performance.now();
    ++underWay;
    work.toBlob((blob) => {
      if (!socket || socket.readyState !== WebSocket.OPEN) return;
      socket.send(new Blob([JSON.stringify({id: ++sent, captured}) + "\n", blob]));
    }, "image/jpeg", .85);
  }

  async function draw(blob) {
    const head = await blob.slice(0, 1024).text();
    const end = head.indexOf("\n");
    const facts = JSON.parse(head.slice(0, end));
    const picture = await createImageBitmap(blob.slice(end + 1, blob.size, "image/jpeg"));
    if (canvas.width !== picture.width || canvas.height !== picture.height) {
      canvas.width = picture.width;
      canvas.height = picture.height;
    }
    canvas.getContext("2d").drawImage(picture, 0, 0);
    picture.close();
    // A frame that a newer one replaced has no answer: what was sent before this one is settled.
    underWay = Math.max(0, sent - facts.id);
    const now = performance.now();
    drawn = [...drawn.filter((moment) => now - moment < 2000), now];
    delays = [...delays.slice(-20), now - facts.captured];
    const middle = [...delays].sort((a, b) => a - b)[Math.floor(delays.length / 2)];
    numbers.fps.textContent = drawn.length > 1 ? ((drawn.length - 1) / (now - drawn[0]) * 1000).toFixed(1) : "–";
    numbers.delay.textContent = `${Math.round(middle)} ms`;
    numbers.inference.textContent = `${Math.round(facts.inference_ms)} ms`;
    canvas.dataset.delay = middle.toFixed(1);
    canvas.dataset.lastDelay = (now - facts.captured).toFixed(1);
    // Last: whoever waits for the next picture reads its delay.
    canvas.dataset.frames = String(Number(canvas.dataset.frames ?? 0) + 1);
    say(facts.face_found ? null : "No face is seen; the last pose is held.");
  }

  function end(sentence) {
    const closing = socket;
    socket = null;
    closing?.close();
    recorder?.state === "recording" && recorder.stop();
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    camera.hidden = true;
    start.hidden = false;
    start.disabled = false;
    stopButton.hidden = true;
    for (const button of [recalibrate, snapshot, record]) button.disabled = true;
    say(sentence);
  }

  function save(blob, name) {
    const link = el("a", {href: URL.createObjectURL(blob), download: name});
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
  function takeSnapshot() {
    canvas.toBlob((blob) => save(blob, "snapshot.png"), "image/png");
  }
  function toggleRecording() {
    if (recorder?.state === "recording") return recorder.stop();
    const parts = [];
    recorder = new MediaRecorder(canvas.captureStream(), {mimeType: "video/webm"});
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.onstop = () => {
      record.textContent = "Record";
      save(new Blob(parts, {type: "video/webm"}), "live.webm");
    };
    recorder.start();
    record.textContent = "Stop recording";
  }

  app.on("tab", (tab) => tab !== "live" && socket && end());
  start.disabled = why !== null;
  if (why === null) listCameras().catch(() => {});
  find("panel-live").append(el("div", {class: "columns"},
    el("div", {class: "stack"},
      picker.element,
      el("div", {class: "card"}, el("h2", {}, "Camera"),
        why !== null ? el("p", {class: "problem"}, why) : el("div", {class: "field"}, el("label", {for: "camera"}, "Which"), cameras),
        el("p", {class: "small quiet"}, "Sit straight and look ahead when you start: your first pose is the picture's own. Frames go to this server only and are not kept."),
        el("div", {class: "row"}, start, stopButton, recalibrate))),
    el("div", {class: "card"},
      el("div", {class: "stage"}, canvas, camera),
      told,
      el("div", {class: "row"},
        el("div", {class: "numbers"},
          el("span", {}, numbers.fps, el("span", {class: "small quiet"}, "pictures a second")),
          el("span", {}, numbers.delay, el("span", {class: "small quiet"}, "delay, capture to drawn")),
          el("span", {}, numbers.inference, el("span", {class: "small quiet"}, "of it in the networks"))),
        el("div", {class: "row push"}, snapshot, record)))));
}

// null where a camera can be asked for.
function whyNoCamera() {
  if (!window.isSecureContext) {
    return "Browsers give cameras to https and to localhost only. Open the page as localhost on the machine itself, or start the server with --tls-cert and --tls-key.";
  }
  if (!navigator.mediaDevices?.getUserMedia) return "This browser knows no cameras.";
  return null;
}
