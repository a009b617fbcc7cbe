"use strict";

const TEXTS = {
  en: {
    connecting: "connecting", connected: "connected", offline: "offline", refused: "refused",
    go_offline: "Connected. Tap to cut the network.", go_online: "Tap to have the network again.",
    nothing: "No notifications", history: "History", dismiss: "Dismiss", open: "Open",
    urgent: "Time-sensitive", critical: "Critical", unlock: "Unlock the phone",
    unlock_text: "“{}” asks for you.", unlock_do: "Unlock", cancel: "Cancel", reply: "Reply", send: "Send",
    opened_uri: "The app would open {}.", unheard: "Home Assistant answered, but nobody was listening.",
    undelivered: "Not delivered: {}", lost: "The simulator does not answer.",
    h_received: "Received", h_replaced: "Replaced", h_cleared: "Taken back", h_command: "Command",
    h_tapped: "Answered", h_opened: "Opened", h_dismissed: "Dismissed", h_timed_out: "Timed out", h_failed: "Failed",
  },
  fr: {
    connecting: "recherche…", connected: "connecté", offline: "hors ligne", refused: "refusé",
    go_offline: "Connecté. Toucher pour couper le réseau.", go_online: "Toucher pour rétablir le réseau.",
    nothing: "Aucune notification", history: "Historique", dismiss: "Écarter", open: "Ouvrir",
    urgent: "Urgent", critical: "Critique", unlock: "Déverrouiller le téléphone",
    unlock_text: "« {} » demande à vous reconnaître.", unlock_do: "Déverrouiller", cancel: "Annuler", reply: "Répondre", send: "Envoyer",
    opened_uri: "L’application ouvrirait {}.", unheard: "Home Assistant a répondu, mais personne n’écoutait.",
    undelivered: "Non transmis : {}", lost: "Le simulateur ne répond pas.",
    h_received: "Reçue", h_replaced: "Remplacée", h_cleared: "Retirée", h_command: "Commande",
    h_tapped: "Réponse", h_opened: "Ouverte", h_dismissed: "Écartée", h_timed_out: "Expirée", h_failed: "Échec",
  },
};

const $ = (id) => document.getElementById(id);
const language = navigator.language.startsWith("fr") ? "fr" : "en";
const t = (key, value = "") => TEXTS[language][key].replace("{}", value);
const cards = new Map();
let online = true;

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const hour = (iso, seconds = false) => new Date(iso).toLocaleTimeString(language,
  { hour: "2-digit", minute: "2-digit", ...(seconds && { second: "2-digit" }) });

let fading;
function notice(words) {
  $("notice").textContent = words;
  clearTimeout(fading);
  if (words) fading = setTimeout(() => notice(""), 5000);
}

async function act(name, body) {
  try {
    const response = await fetch(`/api/${name}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    const answer = await response.json();
    notice(response.ok ? "" : t("undelivered", answer.error));
    return response.ok ? answer : null;
  } catch {
    notice(t("lost"));
    return null;
  }
}

function ask(title, words, confirm, { lock = false, reply = false } = {}) {
  $("sheet-title").textContent = title;
  $("sheet-text").textContent = words;
  $("cancel").textContent = t("cancel");
  $("confirm").textContent = confirm;
  $("padlock").hidden = !lock;
  $("reply").hidden = !reply;
  $("reply").ariaLabel = title;
  $("reply").value = "";
  $("sheet").returnValue = "";
  $("sheet").showModal();
  (reply ? $("reply") : $("confirm")).focus();
  return new Promise((resolve) => {
    $("sheet").addEventListener("close", () =>
      resolve($("sheet").returnValue === "confirm" ? $("reply").value : null), { once: true });
  });
}

$("reply").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  $("sheet").close("confirm");
});

async function tap(note, action) {
  const body = { id: note.id, action: action.id };
  if (action.authentication_required) {
    if (await ask(t("unlock"), t("unlock_text", action.title), t("unlock_do"), { lock: true }) === null) return;
    body.unlocked = true;
  }
  if (action.reply) {
    body.reply = await ask(action.title, note.message, t("send"), { reply: true });
    if (body.reply === null) return;
  }
  const answer = await act("tap", body);
  if (answer && !answer.heard) notice(t("unheard"));
  else if (answer && action.uri) notice(t("opened_uri", action.uri));
}

async function open(note) {
  const answer = await act("open", { id: note.id });
  if (answer && answer.opens) notice(t("opened_uri", answer.opens));
}

function card(note) {
  const head = element("div", { className: "head" },
    element("span", { className: "logo", textContent: "⌂", ariaHidden: "true" }),
    element("b", { textContent: note.channel || "Home Assistant" }));
  if (note.critical || note.time_sensitive) {
    head.append(element("span", { className: "urgent", textContent: t(note.critical ? "critical" : "urgent") }));
  }
  const close = element("button", { className: "close", type: "button", textContent: "✕", ariaLabel: t("dismiss") });
  close.addEventListener("click", () => act("dismiss", { id: note.id }));
  head.append(element("time", { textContent: hour(note.at), dateTime: note.at }), close);
  const body = element("button", { className: "body", type: "button" });
  if (note.title) body.append(element("strong", { textContent: note.title }));
  if (note.subtitle) body.append(element("em", { textContent: note.subtitle }));
  body.append(element("span", { textContent: note.message }));
  body.addEventListener("click", () => open(note));
  const made = element("article", { className: `note ${note.critical ? "critical" : ""}` }, head, body);
  made.dataset.id = note.id;
  if (note.picture) made.append(element("img", { src: `/api/picture/${note.id}`, alt: "" }));
  if (note.actions.length) {
    const row = element("div", { className: `actions ${note.actions.length > 3 ? "many" : ""}` });
    for (const action of note.actions) {
      const button = element("button", { type: "button", textContent: action.title });
      button.classList.toggle("destructive", action.destructive);
      button.classList.toggle("lock", action.authentication_required);
      button.addEventListener("click", () => tap(note, action));
      row.append(button);
    }
    made.append(row);
  }
  return made;
}

function show(state) {
  online = state.connection !== "offline";
  document.title = `${state.shown.length ? `(${state.shown.length}) ` : ""}${state.name}`;
  $("name").textContent = `${state.name} · ${state.os}`;
  $("phone").className = `phone ${state.connection}`;
  $("connection").textContent = t(state.connection);
  $("network").title = [t(online ? "go_offline" : "go_online"), state.trouble].filter(Boolean).join("\n");
  const wanted = new Set(state.shown.map((note) => `${note.id}${note.picture}`));
  for (const [key, made] of cards) if (!wanted.has(key)) { made.remove(); cards.delete(key); }
  state.shown.forEach((note, index) => {
    const key = `${note.id}${note.picture}`;
    if (!cards.has(key)) cards.set(key, card(note));
    const made = cards.get(key);
    if ($("shown").children[index] !== made) $("shown").insertBefore(made, $("shown").children[index] ?? null);
  });
  $("nothing").hidden = state.shown.length > 0;
  $("history").replaceChildren(...state.history.map((entry) => {
    const line = element("li", { className: entry.happening === "failed" ? "failed" : "" },
      element("time", { textContent: hour(entry.at, true), dateTime: entry.at }),
      element("span", { textContent: `${t(`h_${entry.happening}`)} · ${entry.title}` }));
    if (entry.detail) line.append(element("small", { textContent: entry.detail }));
    return line;
  }));
}

function tick() {
  const now = new Date();
  $("clock").textContent = $("clock-small").textContent = hour(now);
  $("date").textContent = now.toLocaleDateString(language, { weekday: "long", day: "numeric", month: "long" });
}

document.documentElement.lang = language;
$("nothing").textContent = t("nothing");
$("history-title").textContent = t("history");
$("network").addEventListener("click", () => act("network", { on: !online }));
tick();
setInterval(tick, 1000);
const events = new EventSource("/api/events");
events.onmessage = (event) => show(JSON.parse(event.data));
events.onerror = () => notice(t("lost"));
events.onopen = () => notice("");
