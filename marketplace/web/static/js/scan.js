// The camera on the scan page. It reads one QR and goes to what it names; the form to type a code works without any of this.
// States, on the element itself as data-state: idle, asking, looking, hint, found, denied, absent.

const HINT_AFTER = 15_000; // milliseconds without a code
const PAUSE = 90; // between two looks: fast enough for a hand, gentle on a battery
const FOREIGN_SHOWN = 2_500;

const scanner = document.querySelector("[data-scanner]");
const video = scanner.querySelector("[data-scanner-video]");
const message = scanner.querySelector("[data-scanner-message]");
const torch = scanner.querySelector("[data-scanner-torch]");
const form = scanner.querySelector("[data-scanner-form]");

let stream = null;
let detector = null;
let turn = 0; // a new start or a stop ends the loops of earlier turns

const show = (state, text = state) => {
  scanner.dataset.state = state;
  const words = scanner.dataset[`text${text[0].toUpperCase()}${text.slice(1)}`];
  if (words && message.textContent !== words) message.textContent = words;
};

// A label holds an address that ends in /ID/CODE or /P/CODE (with a GS1 key: /21/CODE or /10/CODE), of whichever host it was printed for; or the bare code.
export const codeIn = (text) => {
  const trimmed = text.trim();
  const path = trimmed.match(/^https?:\/\/[^/]+(?:\/[^?#]*)?\/(?:id|p|21|10)\/([^/?#]+)\/?(?:[?#].*)?$/i);
  const bare = (path ? path[1] : trimmed).toUpperCase().replaceAll(/[\s-]/g, "");
  return /^[2-9A-HJKMNP-TV-Z]{8,20}$/.test(bare) ? bare : null;
};

const loadScript = (address) =>
  new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = () => reject(new Error("reader"));
    document.head.append(script);
  });

const nativeReads = async () => {
  try {
    return "BarcodeDetector" in window && (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code");
  } catch {
    return false;
  }
};

const makeDetector = async () => {
  if (await nativeReads()) return new window.BarcodeDetector({ formats: ["qr_code"] });
  await loadScript(scanner.dataset.reader);
  const { BarcodeDetector, prepareZXingModule } = window.BarcodeDetectionAPI;
  // The reader would look for its WebAssembly elsewhere; it is ours, and of exactly this version.
  const locateFile = (path, prefix) => (path.endsWith(".wasm") ? scanner.dataset.wasm : prefix + path);
  prepareZXingModule({ overrides: { locateFile } });
  return new BarcodeDetector({ formats: ["qr_code"] });
};

const openCamera = () =>
  navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
  });

const offerTorch = () => {
  const [track] = stream.getVideoTracks();
  torch.hidden = !track.getCapabilities?.().torch;
};

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const go = (code) => {
  show("found");
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(60); // refused, with an error, before the first touch
  stop();
  location.assign(`${form.dataset.target}${encodeURIComponent(code)}?van=scan`);
};

const readOnce = async () => {
  try {
    return await detector.detect(video);
  } catch {
    return []; // a frame that was not ready; the next one comes
  }
};

const look = async (mine) => {
  const started = performance.now();
  let foreignUntil = 0;
  while (mine === turn) {
    const codes = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? await readOnce() : [];
    if (mine !== turn) return;
    const code = codes.map((found) => codeIn(found.rawValue)).find(Boolean);
    if (code) {
      go(code);
      return;
    }
    const now = performance.now();
    if (codes.length) foreignUntil = now + FOREIGN_SHOWN;
    if (now < foreignUntil) show("looking", "foreign");
    else if (now - started > HINT_AFTER) show("hint");
    else show("looking");
    await wait(PAUSE);
  }
};

const stop = () => {
  turn += 1;
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  video.srcObject = null;
  torch.hidden = true;
  torch.setAttribute("aria-pressed", "false");
};

const start = async () => {
  const mine = ++turn;
  if (!navigator.mediaDevices?.getUserMedia) {
    show("absent");
    return;
  }
  show("asking");
  try {
    const opened = await openCamera();
    if (mine !== turn) {
      opened.getTracks().forEach((track) => track.stop());
      return;
    }
    stream = opened;
    video.srcObject = stream;
    await video.play();
    offerTorch();
    detector ??= await makeDetector();
  } catch (error) {
    if (mine !== turn) return;
    stop();
    show(error.name === "NotAllowedError" || error.name === "SecurityError" ? "denied" : "absent");
    return;
  }
  await look(mine);
};

torch.addEventListener("click", async () => {
  const [track] = stream?.getVideoTracks() ?? [];
  if (!track) return;
  const lit = torch.getAttribute("aria-pressed") !== "true";
  await track.applyConstraints({ advanced: [{ torch: lit }] });
  torch.setAttribute("aria-pressed", String(lit));
});

// The camera is on only while the page is looked at.
addEventListener("pagehide", stop);
addEventListener("pageshow", (event) => event.persisted && start());
document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));

start();
