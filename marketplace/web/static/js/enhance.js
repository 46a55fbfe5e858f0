// Small things that are better with script; every page works without them.
// Everything is found by a data attribute, and listened to on the document, so that what htmx brings in works as well.

const on = (type, selector, act) =>
  document.addEventListener(type, (event) => {
    const element = event.target instanceof Element ? event.target.closest(selector) : null;
    if (element) act(element, event);
  });

// A filter or a language that is sent as soon as it changes. Its button stays for who has no script.
on("change", "[data-autosubmit]", (element) => element.form?.requestSubmit());

// Print.
on("click", "[data-print]", () => window.print());

// Copy a code: data-copy holds the text, data-copied what the button says afterwards.
on("click", "[data-copy]", async (button) => {
  await navigator.clipboard.writeText(button.dataset.copy);
  const before = button.textContent;
  button.textContent = button.dataset.copied ?? before;
  setTimeout(() => (button.textContent = before), 2000);
});

// Show the password that was typed.
on("click", "[data-toggle-password]", (button) => {
  const input = document.getElementById(button.dataset.togglePassword);
  const hidden = input.type === "password";
  input.type = hidden ? "text" : "password";
  [button.textContent, button.dataset.hideText] = [button.dataset.hideText, button.textContent];
  input.focus();
});

// Less and more beside a quantity. Numbers are written as the language of the page does: 1.234,5 or 1,234.5.
const [thousands, decimal] = document.documentElement.lang.startsWith("en") ? [",", "."] : [".", ","];
const readNumber = (text) => Number(text.replaceAll(thousands, "").replace(decimal, ".")) || 0;
const parse = (input) => (input.type === "number" ? input.valueAsNumber || 0 : readNumber(input.value));

on("click", "[data-step]", (button) => {
  const stepper = button.closest("[data-stepper]");
  const input = stepper.querySelector("input");
  const step = Number(stepper.dataset.stepper) || 1;
  const least = input.min === "" ? 0 : Number(input.min);
  const most = input.max === "" ? Infinity : Number(input.max);
  const value = Math.min(most, Math.max(least, parse(input) + step * Number(button.dataset.step)));
  const rounded = Math.round(value * 1000) / 1000;
  input.value = input.type === "number" ? String(rounded) : String(rounded).replace(".", decimal);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

// A button that says what it commits, once there is an amount; without script it says it in general.
const sayAmount = (input) => {
  const holder = input.form?.querySelector("[data-says]");
  const button = holder?.querySelector("button");
  if (!button) return;
  holder.dataset.plain ??= button.textContent;
  button.textContent = readNumber(input.value) > 0 ? holder.dataset.says.replace("{n}", input.value) : holder.dataset.plain;
};
on("input", "[name=quantity]", sayAmount);

// What is typed here is sent from another form, which says what it commits: data-fills holds the id of its field.
const fill = (input) => {
  const field = document.getElementById(input.dataset.fills);
  if (!field || field.value === input.value) return;
  field.value = input.value;
  if (field.name === "quantity") sayAmount(field);
};
on("input", "[data-fills]", fill);

// A bar that leads to something makes way for it.
const bar = document.querySelector("[data-leads-to]");
if (bar) {
  new IntersectionObserver(([there]) => {
    bar.hidden = there.isIntersecting;
  }).observe(document.getElementById(bar.dataset.leadsTo));
}

// How many characters are left.
const count = (input) => {
  const counter = document.getElementById(input.dataset.counter);
  if (!counter) return;
  const left = input.maxLength - input.value.length;
  counter.textContent = counter.dataset.text.replace("{n}", String(left));
  counter.hidden = left > input.maxLength / 2;
};
on("input", "[data-counter]", count);

// Small previews of the photos that were chosen, before they are sent.
on("change", "[data-preview]", (input) => {
  const place = input.parentElement.querySelector(".file-previews");
  if (!place) return;
  place.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
  const photos = [...input.files].filter((file) => file.type.startsWith("image/")).slice(0, 12);
  place.replaceChildren(
    ...photos.map((file) => {
      const image = document.createElement("img");
      image.src = URL.createObjectURL(file);
      image.alt = file.name;
      return image;
    }),
  );
  place.hidden = photos.length === 0;
});

// Menus close on Escape and on a click beside them.
const closeMenus = (except) =>
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
document.addEventListener("click", (event) => closeMenus(event.target.closest?.("details[data-menu]")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details[data-menu][open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

// On scan pages: online or offline. The offline queue tells how many events wait with a "scans:waiting" event.
const showNetwork = () =>
  document.querySelectorAll("[data-network]").forEach((pill) => {
    pill.classList.toggle("network-pill--offline", !navigator.onLine);
    const word = pill.querySelector("[data-network-word]");
    const text = navigator.onLine ? pill.dataset.textOnline : pill.dataset.textOffline;
    if (word.textContent !== text) word.textContent = text;
  });
addEventListener("online", showNetwork);
addEventListener("offline", showNetwork);
addEventListener("scans:waiting", (event) =>
  document.querySelectorAll("[data-network]").forEach((pill) => {
    const badge = pill.querySelector("[data-network-waiting]");
    badge.textContent = pill.dataset.textWaiting.replace("{n}", String(event.detail));
    badge.hidden = event.detail === 0;
  }),
);

// What only works with script becomes visible with script; filters stand open beside the results on a wide screen.
const prepare = (root) => {
  root.querySelectorAll("[data-step], [data-toggle-password], [data-print], [data-copy]").forEach((element) => {
    element.hidden = false;
  });
  root.querySelectorAll("[data-autosubmit-button]").forEach((element) => {
    element.hidden = true;
  });
  root.querySelectorAll("[data-counter]").forEach(count);
  root.querySelectorAll("[name=quantity]").forEach(sayAmount);
  root.querySelectorAll("[data-fills]").forEach(fill);
  if (matchMedia("(min-width: 960px)").matches) {
    root.querySelectorAll("details.filters").forEach((filters) => {
      filters.open = true;
    });
  }
  showNetwork();
};

prepare(document);
document.addEventListener("htmx:after:swap", () => {
  prepare(document);
  document.querySelector("[data-focus]:not(:focus)")?.focus();
});
